// SPDX-License-Identifier: Apache-2.0
import JSON
import Reports
import Scenarios

/// Prints results as they come, or all of them as JSON at the end.
final class ResultPrinter {
    private let isJSON: Bool
    private let terminal = TerminalReport(paint: Console.paint)
    private var reports: [RunReport] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    func print(_ report: RunReport) {
        reports.append(report)
        reports[reports.count - 1].run = nil
        if isJSON { return }
        Console.print(terminal.summary(report))
        let story = terminal.story(report)
        if !story.isEmpty { Console.print("\n\(story)\n") }
    }

    func finish(wallSeconds: Double) {
        if isJSON { return Console.print(JSONValue.array(reports.map(\.json)).prettyText) }
        if reports.count > 1 { Console.print(terminal.total(reports, wallSeconds: wallSeconds)) }
    }
}
