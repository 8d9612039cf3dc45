// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Reports
import Scenarios

/// The reports that a run makes.
struct RunOutputs: ParsableArguments {
    @Option(help: "Writes the run into this SQLite file; for a single run only.")
    var save: String?

    @Option(help: "Writes a page that opens without a network; a folder gets a page for each run.")
    var html: String?

    @Option(help: "Writes the results as JUnit XML.")
    var junit: String?

    @Option(help: "Writes a summary in Markdown, for a pull request.")
    var markdown: String?

    @Flag(help: "Prints the results as JSON.")
    var json = false

    @Flag(help: "Leaves private keys and the values of Secrets in reports and run files.")
    var includeSecrets = false

    /// Makes sure that everything can be written before anything is run.
    func check(runs: Int) throws {
        if save != nil, runs != 1 { throw ValidationError("--save needs a single run, and this is \(runs)") }
        if let html, runs != 1, !Self.isFolder(html) {
            throw ValidationError(
                "--html FILE needs a single run, and this is \(runs): name a folder that is there, for a page each"
            )
        }
        let files = [save, junit, markdown, html.flatMap { Self.isFolder($0) ? nil : $0 }].compactMap(\.self)
        for (place, file) in files.enumerated() {
            if files[..<place].contains(file) { throw ValidationError("\(file) is named for two reports") }
            do throws(OutputFile.Failure) {
                try OutputFile(path: file).check()
            } catch {
                Console.error("\(error)")
                throw ExitCode.unreadable
            }
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}

/// Writes the reports of runs as they end.
///
/// What cannot be written is told, and everything else goes on.
final class ReportWriter {
    private let outputs: RunOutputs
    private let runs: Int
    private var pages: [String] = []
    /// True once something could not be written.
    private(set) var hasFailed = false

    init(_ outputs: RunOutputs, runs: Int) {
        self.outputs = outputs
        self.runs = runs
    }

    /// Writes what is about one run.
    func take(_ report: RunReport) {
        if !report.unsaved.isEmpty { fail("the run could not be saved: \(report.unsaved)") }
        guard let html = outputs.html, report.verdict != .unreadable else { return }
        guard let run = report.run else {
            return fail("there is no page of \(report.name): its run was not kept")
        }
        write(to: RunOutputs.isFolder(html) ? page(report, in: html) : html) {
            try RunPage.html(SavedRun(run))
        }
    }

    /// Writes what is about all runs.
    func finish(_ reports: [RunReport]) {
        if let path = outputs.junit { write(to: path) { JUnitReport.text(reports) } }
        if let path = outputs.markdown { write(to: path) { MarkdownReport.text(reports) } }
    }

    private func write(to path: String, _ text: () throws -> String) {
        do { try OutputFile(path: path).write(text()) } catch { fail("\(error)") }
    }

    private func fail(_ message: String) {
        hasFailed = true
        Console.error(message)
    }

    /// `folder/03-rolling-update.html`, with the seed when a file is run with several.
    private func page(_ report: RunReport, in folder: String) -> String {
        let name = URL(filePath: report.file).deletingPathExtension().lastPathComponent
        var base = "\(folder)/\(name)"
        if pages.contains(base) { base += "-\(report.seed)" }
        pages.append(base)
        return base + ".html"
    }
}
