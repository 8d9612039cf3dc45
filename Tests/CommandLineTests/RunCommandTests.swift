// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct RunCommandTests {
    /// A small scenario that ends in a moment.
    static func scenario(
        _ expectation: String = "eventually: { object: { kind: ConfigMap, name: one } }"
    ) -> String {
        """
        scenario: A small one
        cluster: {manifests: one.yaml}
        steps:
          - at: 1s
            note: hello
        expect:
          - \(expectation)
        duration: 3s
        """
    }

    static func folder(_ expectation: String? = nil) throws -> Folder {
        let folder = try Folder()
        try folder.write("one.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b}\n")
        try folder.write("small.yaml", expectation.map { scenario($0) } ?? scenario())
        return folder
    }

    static let failing = "eventually: { object: { kind: ConfigMap, name: one, data: { a: c } } }"

    @Test func `a run writes every report, and none of them changes the digest`() throws {
        let folder = try Self.folder()
        let bare = try Program.run(["run", "small.yaml"], in: folder.url)
        #expect(bare.code == 0, "\(bare.error)")
        let all = try Program.run(
            [
                "run", "small.yaml", "--save", "run.sqlite", "--html", "run.html", "--junit", "run.xml",
                "--markdown", "run.md",
            ],
            in: folder.url
        )
        #expect(all.code == 0, "\(all.error)")
        #expect(bare.output.split(separator: " ").last == all.output.split(separator: " ").last)
        #expect(folder.files == ["one.yaml", "run.html", "run.md", "run.sqlite", "run.xml", "small.yaml"])
        #expect(try folder.text("run.html").hasPrefix("<!doctype html>"))
        #expect(try folder.text("run.xml").contains("<testcase name=\"A small one\""))
        #expect(try folder.text("run.md").contains("the scenario passed"))
        #expect(all.error.isEmpty)
    }

    @Test func `what fails exits with 1, tells it, and names the line that repeats it`() throws {
        let folder = try Self.folder(Self.failing)
        let result = try Program.run(["run", "small.yaml", "--save", "run.sqlite"], in: folder.url)
        #expect(result.code == 1)
        #expect(result.output.contains("small.yaml:7:5: not met"))
        #expect(result.output.contains("repeat: albedo run small.yaml --seed 1"))
        #expect(!result.output.contains("\u{1b}"))
        let report = try Program.run(["report", "run.sqlite"], in: folder.url)
        #expect(report.code == 1)
        #expect(report.output.contains("small.yaml:7:5: not met"))
        let page = try Program.run(["report", "run.sqlite", "--html", "page.html"], in: folder.url)
        #expect(page.code == 1)
        #expect(folder.files.contains("page.html"))
    }

    @Test func `a report that cannot be written is told before anything is run`() throws {
        let folder = try Self.folder()
        for option in ["--save", "--html", "--junit", "--markdown"] {
            let result = try Program.run(["run", "small.yaml", option, "nowhere/report"], in: folder.url)
            #expect(result.code == 2, "\(option)")
            #expect(result.error == "nowhere/report cannot be written: there is no folder nowhere\n")
            #expect(result.output.isEmpty)
        }
        #expect(folder.files == ["one.yaml", "small.yaml"])
    }

    @Test func `a full disk loses no result`() throws {
        let folder = try Self.folder()
        // Every write to this device fails as on a full disk.
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("full"),
            withDestinationPath: "/dev/full"
        )
        let result = try Program.run(["run", "small.yaml", "--save", "full"], in: folder.url)
        #expect(result.code == 2)
        #expect(result.output.hasPrefix("passed      A small one") || result.error.contains("full"))
        #expect(!result.error.isEmpty)
    }

    @Test func `a file that is no run is never replaced`() throws {
        let folder = try Self.folder()
        try folder.write("notes.txt", "mine")
        let result = try Program.run(["run", "small.yaml", "--save", "notes.txt"], in: folder.url)
        #expect(result.code == 2)
        #expect(result.error.contains("notes.txt is not"))
        #expect(try folder.text("notes.txt") == "mine")
        #expect(result.output.hasPrefix("passed      A small one"))
    }

    @Test func `several runs need a folder for their pages`() throws {
        let folder = try Self.folder()
        let wrong = try Program.run(
            ["run", "small.yaml", "--seed", "1...2", "--html", "run.html"],
            in: folder.url
        )
        #expect(wrong.code != 0)
        #expect(wrong.error.contains("name a folder that is there"))
        try FileManager.default.createDirectory(
            atPath: folder.path("pages"),
            withIntermediateDirectories: false
        )
        let right = try Program.run(
            ["run", "small.yaml", "--seed", "1...2", "--html", "pages"],
            in: folder.url
        )
        #expect(right.code == 0, "\(right.error)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path("pages")).sorted() == [
                "small-2.html", "small.html",
            ]
        )
        #expect(right.output.contains("2 scenarios: 2 passed in "))
    }

    @Test func `a file that cannot be read exits with 2`() throws {
        let folder = try Self.folder()
        try folder.write("broken.yaml", "scenario: x\nsteps: 3\n")
        let result = try Program.run(["run", "broken.yaml"], in: folder.url)
        #expect(result.code == 2)
        #expect(result.error.contains("broken.yaml:"))
    }
}
