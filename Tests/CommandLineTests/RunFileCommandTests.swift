// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Commands over saved runs, good ones and bad ones.
@Suite struct RunFileCommandTests {
    private func saved() throws -> Folder {
        let folder = try RunCommandTests.folder()
        let result = try Program.run(["run", "small.yaml", "--save", "run.sqlite"], in: folder.url)
        #expect(result.code == 0, "\(result.error)")
        return folder
    }

    @Test func `a query prints a table, or JSON`() throws {
        let folder = try saved()
        let sql = "SELECT kind, count(*) AS entries FROM entry WHERE kind = 'step' GROUP BY kind"
        let table = try Program.run(["query", "run.sqlite", sql], in: folder.url)
        #expect(table.output == "kind  entries\nstep  1\n")
        let json = try Program.run(["query", "run.sqlite", sql, "--json"], in: folder.url)
        #expect(json.output.contains("\"entries\": 1"))
        let wrong = try Program.run(["query", "run.sqlite", "DELETE FROM entry"], in: folder.url)
        #expect(wrong.code == 2)
        #expect(wrong.error.contains("a statement that reads"))
        let tables = try Program.run(["query", "run.sqlite", "--tables"], in: folder.url)
        #expect(tables.output.contains("requests("))
        #expect(tables.output.contains("object_bodies("))
    }

    @Test func `two equal runs are alike, and two seeds differ`() throws {
        let folder = try saved()
        let same = try Program.run(["diff", "run.sqlite", "run.sqlite"], in: folder.url)
        #expect(same.code == 0)
        #expect(same.output == "the runs are alike\n")
        _ = try Program.run(["run", "small.yaml", "--seed", "9", "--save", "other.sqlite"], in: folder.url)
        let other = try Program.run(["diff", "run.sqlite", "other.sqlite"], in: folder.url)
        #expect(other.code == 1)
        #expect(other.output.contains("they differ in seed: 1 and 9"))
        #expect(other.output.contains("the runs differ from entry"))
    }

    @Test func `every command refuses what is no run, says why, and leaves it alone`() throws {
        let folder = try saved()
        try folder.write(
            "text.sqlite",
            "no database at all, but long enough to look like something that could be one, perhaps"
        )
        try folder.write("empty.sqlite", "")
        let whole = try Data(contentsOf: folder.url.appending(path: "run.sqlite"))
        try whole.prefix(whole.count / 2).write(to: folder.url.appending(path: "half.sqlite"))
        var newer = whole
        // The version that the database's owner keeps in its header, at byte 60.
        newer.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try newer.write(to: folder.url.appending(path: "newer.sqlite"))
        let cases = [
            ("text.sqlite", "is not a"), ("empty.sqlite", "is not a saved run"),
            ("half.sqlite", "is damaged"), ("newer.sqlite", "has format 99"),
            ("missing.sqlite", "missing.sqlite"),
        ]
        for (file, reason) in cases {
            let before = try? Data(contentsOf: folder.url.appending(path: file))
            for command in [
                ["query", file, "SELECT 1"], ["report", file], ["diff", file, "run.sqlite"],
                ["explain", file, "GET", "http://a.example/"],
            ] {
                let result = try Program.run(command, in: folder.url)
                #expect(result.code == 2, "\(command)")
                #expect(result.error.contains(reason), "\(command): \(result.error)")
                #expect(result.output.isEmpty)
            }
            #expect((try? Data(contentsOf: folder.url.appending(path: file))) == before)
        }
    }

    @Test func `a question that cannot be read exits with 2`() throws {
        let folder = try saved()
        let result = try Program.run(["explain", "run.sqlite", "GET", "a.example"], in: folder.url)
        #expect(result.code == 2)
        #expect(!result.error.isEmpty)
        let late = try Program.run(
            ["explain", "run.sqlite", "GET", "http://a.example/", "--at", "3h"],
            in: folder.url
        )
        #expect(late.code == 2)
        #expect(late.error.contains("the run goes from"))
    }
}
