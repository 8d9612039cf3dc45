// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import JSON
import Scenarios

/// `albedo schema`: the language of scenarios for editors, or as pages.
struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema of scenarios, so that editors complete and check them.",
        discussion: """
            Made of the same tables that read scenarios. With --pages it writes the documentation of every word into \
            a folder instead.
            """
    )

    @Option(help: "Writes a page for each word into this folder.")
    var pages: String?

    func run() throws {
        guard let pages else {
            Console.print(Language.schema.prettyText)
            return
        }
        for page in Language.pages {
            let path = URL(filePath: pages).appending(path: page.name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(page.text.utf8).write(to: path)
        }
        Console.print("\(Language.pages.count) pages written below \(pages)")
    }
}
