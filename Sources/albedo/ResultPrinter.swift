// SPDX-License-Identifier: Apache-2.0
import JSON
import Scenarios

/// Prints results as they come, or all of them as JSON at the end.
final class ResultPrinter {
    private let isJSON: Bool
    private var reports: [RunReport] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    func print(_ report: RunReport) {
        reports.append(report)
        if isJSON { return }
        Console.print(report.line)
        for remark in report.remarks { Console.print("            \(remark)") }
        if !report.story.isEmpty { Console.print("\n\(report.story)\n") }
    }

    func finish() {
        if isJSON { Console.print(JSONValue.array(reports.map(\.json)).prettyText) }
    }
}
