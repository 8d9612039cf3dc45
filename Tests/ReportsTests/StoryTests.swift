// SPDX-License-Identifier: Apache-2.0
import Ports
import Storage
import Testing

@testable import Reports

@Suite struct StoryTests {
    @Test func `a failed request is followed back to the step that led to it`() throws {
        let run = try SampleRun.rollout().saved()
        let bad = try run.rows("SELECT entry FROM request WHERE status = 502")[0].number(0)
        let chain = try CauseFinder(run: run).chain(bad)
        #expect(
            chain.map(\.kind) == [
                "step", "api_call", "object", "reconcile", "api_call", "pod", "proxied", "request",
            ]
        )
        #expect(
            try CauseFinder(run: run).story(bad).map(\.kind) == [
                "step", "object", "reconcile", "pod", "proxied", "request",
            ]
        )
        #expect(chain.first?.text == "step 1, set-image: rollout")
        #expect(chain.last?.text == "GET shop.example.com/cart → 502")
        #expect(chain.dropLast().allSatisfy { !$0.link.isEmpty })
    }

    @Test func `a request that was answered well goes back to the version that was served`() throws {
        let run = try SampleRun.rollout().saved()
        let good = try run.rows("SELECT entry FROM request WHERE status = 200")[0].number(0)
        #expect(try CauseFinder(run: run).chain(good).map(\.kind) == ["configuration", "proxied", "request"])
    }

    @Test func `a cause that was recorded comes before what can be found out`() throws {
        var sample = SampleRun.rollout()
        let request = sample.request(503, at: 20, exchange: 9)
        let note = sample.add(
            .note(.init(topic: "fault", message: "planned")),
            at: 20.1,
            on: "user",
            cause: request
        )
        let run = try sample.saved()
        let link = try CauseFinder(run: run).cause(of: Int64(note), kind: "note")
        #expect(link?.entry == Int64(request))
        #expect(link?.how == "recorded")
    }

    @Test func `the story names the instant, who acted, and what was seen`() throws {
        let text = try SavedStory(SampleRun.rollout().saved()).text()
        #expect(text.hasPrefix("failed  A rollout"))
        #expect(text.contains("shop.yaml:12:5: not met (no-outage)"))
        #expect(text.contains("first at  +16.500s"))
        let lines = text.split(separator: "\n").map(String.init)
        let story = try #require(lines.firstIndex(of: "  story"))
        #expect(lines[story + 1] == "    +10.000s  scenario           step 1, set-image: rollout")
        #expect(text.contains("+16.010s  node-1             Pod default/web-1 is draining, 10.64.1.2"))
        #expect(text.hasSuffix("repeat: albedo run shop.yaml --seed 7"))
        #expect(!text.contains("\u{1b}"))
    }

    @Test func `the story of a failed request tells its way through the configuration`() throws {
        let text = try SavedStory(SampleRun.rollout().saved()).text()
        let lines = text.split(separator: "\n").map(String.init)
        let way = try #require(lines.firstIndex(of: "  its way"))
        #expect(lines[way + 1].hasPrefix("    listener: "), "\(lines[way + 1])")
        #expect(lines[way...].contains { $0.hasPrefix("    outcome: ") })
    }

    @Test func `colours are there only when they are wanted`() throws {
        let text = try SavedStory(SampleRun.rollout().saved()).text(paint: Paint(isOn: true))
        #expect(text.hasPrefix("\u{1b}[31mfailed\u{1b}[0m"))
    }

    @Test func `an expectation without an entry at its instant tells the steps before it`() throws {
        var sample = SampleRun.rollout()
        sample.expectations[0].expected = "always Ingress default/shop: ready"
        sample.expectations[0].firstWrong = 15_000_000_000
        let text = try SavedStory(sample.saved()).text()
        #expect(text.contains("  before\n    +10.000s  scenario  step 1, set-image: rollout"))
    }

    @Test func `two runs that differ tell the entry, its causes and the consequences`() throws {
        let folder = Folder()
        var other = SampleRun.rollout()
        other.request(500, at: 18, exchange: 4)
        _ = try SampleRun.rollout().saved(path: folder.path("one.sqlite"))
        _ = try other.saved(path: folder.path("two.sqlite"))
        let (one, two) = (
            try RunFile(path: folder.path("one.sqlite")), try RunFile(path: folder.path("two.sqlite"))
        )
        let comparison = try RunComparison(one, two)
        #expect(!comparison.isAlike)
        let text = comparison.text("one", "two")
        #expect(text.contains("one: nothing: the run is over"))
        #expect(text.contains("500: 0 and 1"))
        #expect(try RunComparison(one, one).isAlike)
        #expect(try RunComparison(one, one).text("a", "b") == "the runs are alike")
    }
}
