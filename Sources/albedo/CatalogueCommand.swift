// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import JSON
import Scenarios

/// `albedo catalogue`: known failures, the scenarios that tell them, and what came of those.
struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Lists known failures with the scenarios that tell them and their last verdicts.",
        discussion: """
            Verdicts are those of the last `albedo run` of each file, or those of the results that `albedo run --json` \
            printed and --results names. A file that was never run whole is told as "not run".
            """
    )

    @Argument(help: "Scenario files or folders.")
    var paths: [String] = ["scenarios"]

    @Option(help: "The results of a run, as `albedo run --json` printed them.")
    var results: String?

    @Flag(help: "Lists only the rows that no scenario tells.")
    var missing = false

    @Flag(help: "Prints the list as JSON.")
    var json = false

    @Flag(help: "Prints the list as a page in Markdown, without verdicts.")
    var markdown = false

    private struct Telling {
        var file: String
        var verdict: String
    }

    func validate() throws {
        if json, markdown {
            throw ValidationError("--json and --markdown are two forms of one list: choose one")
        }
    }

    func run() throws {
        let (scenarios, mistakes) = ScenarioFiles.read(paths)
        for mistake in mistakes { Console.error(mistake) }
        guard mistakes.isEmpty else { throw ExitCode.unreadable }
        let told = tellings(of: scenarios, try verdicts())
        let rows = Catalogue.rows.filter { !missing || told[$0.number] == nil }
        let sum = "\(told.count) of \(Catalogue.rows.count) rows are told by \(scenarios.count) scenarios"
        if json {
            Console.print(JSONValue.array(rows.map { Self.json($0, told[$0.number] ?? []) }).prettyText)
        } else if markdown {
            Console.print(page(rows, told, sum))
        } else {
            for row in rows { list(row, told[row.number] ?? []) }
            Console.print(sum)
        }
    }

    /// Which files tell each row.
    private func tellings(
        of scenarios: [Scenario],
        _ verdict: (String) -> String?
    ) -> [Int: [Telling]] {
        var told: [Int: [Telling]] = [:]
        for scenario in scenarios {
            for name in scenario.catalogue {
                guard let row = Catalogue.row(name) else { continue }
                if told[row.number]?.contains(where: { $0.file == scenario.file }) ?? false { continue }
                told[row.number, default: []].append(
                    Telling(file: scenario.file, verdict: verdict(scenario.file) ?? "not run")
                )
            }
        }
        return told
    }

    private func list(_ row: Catalogue.Row, _ told: [Telling]) {
        Console.print(
            "\(String(row.number).leftPadded(to: 3))  \(row.situation)  [\(row.sources.joined(separator: ", "))]"
        )
        for telling in told { Console.print("     \(telling.verdict)  \(telling.file)") }
        if told.isEmpty { Console.print("     not told: \(Self.reason(row))") }
    }

    private static func reason(_ row: Catalogue.Row) -> String {
        Catalogue.untold[row.number] ?? "none of these files tells it"
    }

    /// The list as a page, whose links are those of a file in a folder beside the scenarios.
    private func page(_ rows: [Catalogue.Row], _ told: [Int: [Telling]], _ sum: String) -> String {
        let lines = rows.map { row -> String in
            let files = (told[row.number] ?? []).map { telling in
                let name = telling.file.split(separator: "/").last.map(String.init) ?? telling.file
                return "[\(name.replacing(".yaml", with: ""))](../\(telling.file))"
            }
            let cell =
                files.isEmpty
                ? "not told: \(Self.reason(row))"
                : files.joined(separator: ", ")
            return "| \(row.number) | \(row.situation) | \(row.sources.joined(separator: ", ")) | \(cell) |"
        }
        return """
            # Known failures, and the scenarios that tell them

            \(sum). `albedo catalogue` lists the same with the last verdicts; this page is what \
            `albedo catalogue --markdown` prints.

            | Row | What happens | Told in | Scenarios |
            |---|---|---|---|
            \(lines.joined(separator: "\n"))
            """
    }

    /// Finds the verdict of a file: in the results that are named, else in what was kept.
    private func verdicts() throws -> (String) -> String? {
        guard let results else {
            let kept = LastVerdicts.read()
            return { kept.verdict(of: $0) }
        }
        guard let data = FileManager.default.contents(atPath: results),
            let list = try? JSONValue(parsing: String(decoding: data, as: UTF8.self)),
            let runs = list.arrayValue
        else {
            Console.error(
                "\(results) holds no results: write them with `albedo run --json scenarios > \(results)`"
            )
            throw ExitCode.unreadable
        }
        var verdicts: [String: String] = [:]
        for run in runs {
            if let file = run["file"]?.stringValue { verdicts[file] = run["verdict"]?.stringValue }
        }
        return { [verdicts] in verdicts[$0] }
    }

    private static func json(_ row: Catalogue.Row, _ told: [Telling]) -> JSONValue {
        [
            "number": .integer(Int64(row.number)), "sources": .array(row.sources.map { .string($0) }),
            "situation": .string(row.situation),
            "scenarios": .array(told.map { ["file": .string($0.file), "verdict": .string($0.verdict)] }),
            "untold": told.isEmpty ? Catalogue.untold[row.number].map { .string($0) } ?? .null : .null,
        ]
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
