// SPDX-License-Identifier: Apache-2.0
import Ports

/// The top of a scenario file.
enum ScenarioRecord {
    private static let name = Field(
        "scenario",
        .text("a text", example: "A rolling update loses no request"),
        "What it is about, in a few words."
    ).required
    private static let description = Field("description", .text, "What it shows, at length.")
    private static let profile = Field(
        "profile",
        .cases() as Reader<Scenario.Profile>,
        "Which controller is imitated: `managed`, the documented product, or `oss`, the open-source one with its defects."
    )
    private static let controller = Field(
        "controller",
        ControllerRecord.record.reader,
        "What sets the controller apart from its profile."
    )
    private static let catalogueRow = Reader<String>.scalar(
        ScalarShape("a row of the catalogue", example: "lbc#1124 or 62")
    ) { text throws(ValueProblem) in
        guard Catalogue.row(text) != nil else {
            throw ValueProblem(
                "the catalogue has no row \"\(text)\"",
                "rows go by number from 1 to \(Catalogue.rows.count), or by source: see `albedo catalogue`"
            )
        }
        return text
    }
    private static let catalogue = Field(
        "catalogue",
        Reader<[String]>.oneOrMany(of: catalogueRow),
        "The rows of the catalogue of failures that it tells, by number or source."
    )
    private static let seed = Field("seed", .seed, "The seed of everything random; 1 without it.")
    private static let start = Field("start", .instant, "The date and time at which it begins.")
    private static let duration = Field(
        "duration",
        .positiveDuration,
        "How long it runs; without it, until everything that is asked for is over."
    )
    // What is read first may be named by what is read later.
    private static let cluster = Field(
        "cluster",
        ClusterRecord.record.reader,
        "The cluster as it is in the beginning."
    )
    private static let cloud = Field("cloud", CloudRecord.record.reader, "The cloud's account and its pace.")
    private static let network = Field(
        "network",
        NetworkRecord.record.reader,
        "The network between the hosts."
    )
    private static let traffic = Field(
        "traffic",
        TrafficRecord.reader,
        "Clients that send requests on and on, by name."
    )
    private static let steps = Field("steps", StepRecordReader.reader, "What happens, in order.")
    private static let expect = Field("expect", ExpectationRecord.reader, "What must be seen.")

    /// What a baseline itself expects.
    private static let own = Field(Composition.ownKey, ExpectationRecord.reader, "").hidden

    static let record = Record<Scenario>(
        "the scenario",
        fields: [
            AnyField(name), AnyField(description), AnyField(catalogue), AnyField(profile),
            AnyField(controller), AnyField(seed), AnyField(start), AnyField(duration), AnyField(cluster),
            AnyField(cloud), AnyField(network), AnyField(traffic), AnyField(steps), AnyField(expect),
            AnyField(own),
        ] + CompositionWords.fields
    ) { members in
        guard let title = members[name] else { return nil }
        let decoding = members.decoding
        let ofBaseline = (members[own] ?? []).map { expectation in
            var expectation = expectation
            expectation.isOfBaseline = true
            return expectation
        }
        let expectations = (members[expect] ?? []) + ofBaseline + decoding.probeExpectations
        if expectations.isEmpty, decoding.mistakes.isEmpty {
            members.mistake(
                "expect",
                "the scenario expects nothing, so it cannot fail",
                "add `expect:` with a line such as `- always: {traffic: …, status: 200}`"
            )
        }
        for check in decoding.later { check(decoding) }
        let scenario = Scenario(
            name: title,
            summary: members[description] ?? "",
            file: decoding.source.path,
            profile: members[profile] ?? .managed,
            defects: members[controller]?.defects ?? DefectChange(),
            catalogue: members[catalogue] ?? [],
            seed: members[seed] ?? 1,
            start: members[start],
            duration: members[duration],
            cluster: members[cluster] ?? ClusterSpec(),
            cloud: members[cloud] ?? CloudSpec(),
            network: members[network] ?? NetworkSpec(),
            traffic: members[traffic] ?? [],
            steps: members[steps] ?? [],
            expectations: expectations,
            controllers: members[controller]?.count ?? ControllerCount()
        )
        checkEnd(scenario, decoding)
        return scenario
    }

    /// How many requests a scenario may send before nobody waits for its end.
    private static let requestLimit = 20_000_000.0

    /// Reports traffic that would keep the run busy for ever.
    private static func checkEnd(_ scenario: Scenario, _ decoding: Decoding) {
        let length = scenario.duration ?? scenario.settledTime
        for step in scenario.steps {
            guard case .at(let time) = step.time, time > length else { continue }
            decoding.mistake(
                YAMLNode.Mark(line: step.place.line, column: step.place.column),
                "this step begins at \(time.humanText), after the end of the run at \(length.humanText)",
                "make `duration` longer, or the step earlier"
            )
        }
        for traffic in scenario.traffic {
            let time = (traffic.until ?? length) - traffic.from
            let requests = time.inSeconds / max(1e-9, traffic.interval.inSeconds)
            guard requests > requestLimit else { continue }
            decoding.mistake(
                YAMLNode.Mark(line: traffic.place.line, column: traffic.place.column),
                "\(traffic.name) would send \(Int(requests).grouped) requests in \(length.humanText), which never ends",
                "send fewer, or for a shorter time: `every: 1m`, `until: 10m`"
            )
        }
    }
}
