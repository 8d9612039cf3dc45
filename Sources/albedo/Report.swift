// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Reports
import Storage

/// `albedo report`: reports about a saved run.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells the story of a saved run, or makes a page of it.",
        discussion: "Exits with 0 when the run passed, 1 when it did not, 2 when the file could not be read."
    )

    @Argument(help: "The run file that --save wrote.")
    var file: String

    @Option(help: "Writes a page that opens without a network.")
    var html: String?

    func run() throws {
        let passed: Bool
        do {
            if let html { try OutputFile(path: html).check() }
            let reading = try RunFile(path: file)
            defer { reading.close() }
            let run = try SavedRun(reading)
            if let html { try OutputFile(path: html).write(RunPage.html(run)) }
            let story = try SavedStory(run)
            Console.print(try story.text(paint: Console.paint))
            passed = story.isPassed
        } catch {
            Console.error(FileFailure.words(error, file))
            throw ExitCode.unreadable
        }
        if !passed { throw ExitCode.expectationFailed }
    }
}

/// How the failure of a run file is told.
enum FileFailure {
    static func words(_ error: any Error, _ file: String) -> String {
        guard let error = error as? StorageError else { return "\(error)" }
        let message = error.sql == nil ? error.message : "\(error.message), in: \(error.sql ?? "")"
        return message.hasPrefix(file) ? message : "\(file): \(message)"
    }
}
