// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct CatalogueCommandTests {
    private static func folder(_ expectation: String? = nil) throws -> Folder {
        let folder = try RunCommandTests.folder(expectation)
        let text = try folder.text("small.yaml")
        try folder.write("small.yaml", text + "\ncatalogue: [lbc#1124, 62]\n")
        return folder
    }

    /// The line below a row that names the file.
    private static func verdict(_ folder: Folder, _ arguments: [String] = []) throws -> String? {
        let list = try Program.run(
            ["catalogue", "small.yaml"] + arguments,
            in: folder.url,
            state: folder.url.path
        )
        #expect(list.code == 0, "\(list.error)")
        return list.output.split(separator: "\n").first { $0.hasSuffix("  small.yaml") }.map(String.init)
    }

    @Test func `a row is listed with the last verdict of its file`() throws {
        let folder = try Self.folder()
        #expect(try Self.verdict(folder) == "     not run  small.yaml")
        _ = try Program.run(["run", "small.yaml"], in: folder.url, state: folder.url.path)
        #expect(try Self.verdict(folder) == "     passed  small.yaml")
        // Another folder's name for the same file.
        let other = "../\(folder.url.lastPathComponent)"
        _ = try Program.run(["run", other], in: folder.url, state: folder.url.path)
        #expect(try Self.verdict(folder) == "     passed  small.yaml")
    }

    @Test func `a file that fails later is told as failed`() throws {
        let folder = try Self.folder(RunCommandTests.failing)
        _ = try Program.run(["run", "small.yaml"], in: folder.url, state: folder.url.path)
        #expect(try Self.verdict(folder) == "     failed  small.yaml")
    }

    @Test func `results that are named count more than what was kept`() throws {
        let folder = try Self.folder()
        _ = try Program.run(["run", "small.yaml"], in: folder.url, state: folder.url.path)
        try folder.write("results.json", #"[{"file": "small.yaml", "verdict": "broken"}]"#)
        #expect(try Self.verdict(folder, ["--results", "results.json"]) == "     broken  small.yaml")
    }

    @Test func `rows that nobody tells are listed with the reason`() throws {
        let folder = try Self.folder()
        let list = try Program.run(["catalogue", "small.yaml", "--missing"], in: folder.url)
        #expect(list.output.contains("     not told: none of these files tells it"))
        #expect(!list.output.contains("[lbc#1124]"))
        #expect(list.output.hasSuffix("2 of 192 rows are told by 1 scenarios\n"))
    }

    @Test func `the page names every row once and links the files`() throws {
        let folder = try Self.folder()
        let page = try Program.run(["catalogue", "small.yaml", "--markdown"], in: folder.url)
        #expect(page.output.split(separator: "\n").count { $0.hasPrefix("| ") } == 1 + 192)
        #expect(page.output.contains("[small](../small.yaml)"))
        let both = try Program.run(["catalogue", "small.yaml", "--markdown", "--json"], in: folder.url)
        #expect(both.code != 0)
    }
}
