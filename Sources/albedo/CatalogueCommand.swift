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
            Verdicts come from the results that `albedo run --json` printed; without --results every verdict is \
            unknown.
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

    private struct Telling {
        var file: String
        var verdict: String
    }

    func run() throws {
        let (scenarios, mistakes) = ScenarioFiles.read(paths)
        for mistake in mistakes { Console.error(mistake) }
        guard mistakes.isEmpty else { throw ExitCode.unreadable }
        let verdicts = try lastVerdicts()
        var told: [Int: [Telling]] = [:]
        for scenario in scenarios {
            for name in scenario.catalogue {
                guard let row = Catalogue.row(name) else { continue }
                if told[row.number]?.contains(where: { $0.file == scenario.file }) ?? false { continue }
                told[row.number, default: []].append(
                    Telling(file: scenario.file, verdict: verdicts[scenario.file] ?? "unknown")
                )
            }
        }
        let rows = Catalogue.rows.filter { !missing || told[$0.number] == nil }
        if json {
            Console.print(JSONValue.array(rows.map { Self.json($0, told[$0.number] ?? []) }).prettyText)
            return
        }
        for row in rows {
            Console.print(
                "\(String(row.number).leftPadded(to: 3))  \(row.situation)  [\(row.sources.joined(separator: ", "))]"
            )
            for telling in told[row.number] ?? [] {
                Console.print("     \(telling.verdict)  \(telling.file)")
            }
        }
        Console.print(
            "\(told.count) of \(Catalogue.rows.count) rows are told by \(scenarios.count) scenarios"
        )
    }

    private func lastVerdicts() throws -> [String: String] {
        guard let results else { return [:] }
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
        return verdicts
    }

    private static func json(_ row: Catalogue.Row, _ told: [Telling]) -> JSONValue {
        [
            "number": .integer(Int64(row.number)), "sources": .array(row.sources.map { .string($0) }),
            "situation": .string(row.situation),
            "scenarios": .array(told.map { ["file": .string($0.file), "verdict": .string($0.verdict)] }),
        ]
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
