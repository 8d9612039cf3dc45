// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Scenarios

/// `albedo validate`: reads scenarios without running them.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads scenarios without running them and lists every mistake with its place."
    )

    @Argument(help: "Scenario files or folders.")
    var paths: [String]

    func run() throws {
        let (scenarios, mistakes) = ScenarioFiles.read(paths)
        for mistake in mistakes { Console.error(mistake) }
        guard mistakes.isEmpty, !scenarios.isEmpty else {
            if scenarios.isEmpty, mistakes.isEmpty {
                Console.error("no scenario found below \(paths.joined(separator: ", "))")
            }
            throw ExitCode.unreadable
        }
        Console.print(
            "\(scenarios.count) \(scenarios.count == 1 ? "scenario" : "scenarios") read, no mistake found"
        )
    }
}
