// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Storage

/// `albedo diff`: the first entry in which two saved runs differ.
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares two saved runs and prints the first entry that differs.",
        discussion: "Exits with 0 when they are alike and 1 when they differ."
    )

    @Argument(help: "A run file.")
    var first: String

    @Argument(help: "Another one.")
    var second: String

    func run() throws {
        let difference: RunDifference?
        do {
            let (one, other) = (try RunFile(path: first), try RunFile(path: second))
            defer {
                one.close()
                other.close()
            }
            difference = try RunDifference(between: one, and: other)
        } catch {
            Console.error("\(error)")
            throw ExitCode.unreadable
        }
        guard let difference else { return Console.print("the runs are alike") }
        Console.print("the runs differ from entry \(difference.entry) on:")
        Console.print("  \(first): \(difference.first)")
        Console.print("  \(second): \(difference.second)")
        throw ExitCode.expectationFailed
    }
}
