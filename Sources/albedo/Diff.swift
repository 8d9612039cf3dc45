// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import JSON
import Reports
import Storage

/// `albedo diff`: the first entry in which two saved runs differ, and what came of it.
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares two saved runs: the first entry that differs, and its consequences.",
        discussion:
            "Exits with 0 when they are alike, 1 when they differ, 2 when one of them could not be read."
    )

    @Argument(help: "A run file.")
    var first: String

    @Argument(help: "Another one.")
    var second: String

    @Flag(help: "Prints the difference as JSON.")
    var json = false

    func run() throws {
        let comparison: RunComparison
        do {
            let one = try open(first)
            defer { one.close() }
            let other = try open(second)
            defer { other.close() }
            comparison = try RunComparison(one, other)
        } catch {
            Console.error("\(error)")
            throw ExitCode.unreadable
        }
        Console.print(json ? comparison.json.prettyText : comparison.text(first, second))
        if !comparison.isAlike { throw ExitCode.expectationFailed }
    }

    private func open(_ path: String) throws(ReportError) -> RunFile {
        do throws(StorageError) {
            return try RunFile(path: path)
        } catch {
            throw ReportError(FileFailure.words(error, path))
        }
    }
}
