// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import Testing

@testable import Scenarios

/// The language as data: the schema and the pages are made of the tables that read it.
@Suite struct LanguageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test func `every shipped scenario fits the schema`() throws {
        let files = try ScenarioReader(vocabulary: .standard).scenarioFiles(at: "\(Self.root)/scenarios")
        let schema = Language.schema
        for file in files {
            let bytes = try #require(DiskFiles().bytes(of: file))
            let document = try #require(try YAMLParser.documents(SourceText(path: file, bytes: bytes)).first)
            let problems = SchemaCheck.problems(document.json { _, _ in }, schema)
            #expect(problems.isEmpty, "\(file): \(problems.prefix(5))")
        }
    }

    @Test func `what is misspelled does not fit the schema`() throws {
        let wrong: JSONValue = ["scenario": "x", "trafic": [:]]
        #expect(SchemaCheck.problems(wrong, Language.schema) == ["/trafic: nothing may be here"])
        let bad: JSONValue = ["scenario": "x", "profile": "open"]
        #expect(!SchemaCheck.problems(bad, Language.schema).isEmpty)
    }

    private static var hasPages: Bool {
        FileManager.default.fileExists(atPath: "\(root)/docs/language/README.md")
    }

    @Test(.enabled(if: hasPages)) func `every word has a page and the pages in docs are those`() throws {
        for page in Language.pages {
            let path = "\(Self.root)/docs/language/\(page.name)"
            let written = DiskFiles().bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
            #expect(written == page.text, "\(page.name) is out of date: albedo schema --pages docs/language")
        }
    }

    /// The pages that show a whole scenario.
    private static let examples = Language.sections.filter { $0.folder != "top" }.flatMap { section in
        section.words.map { (section.folder, $0) }
    }

    @Test(arguments: examples.indices)
    func `the example of every word can be run`(_ index: Int) throws {
        let (folder, word) = Self.examples[index]
        let text = LanguageExamples.whole(word, in: folder)
        try #require(!text.isEmpty, "\(word.word) has no example")
        let path = "\(Self.root)/docs/\(word.word).yaml"
        let scenario = try ScenarioReader(files: OneMoreFile(path: path, text: text), vocabulary: .standard)
            .read(path)
        let report = ScenarioRunner.run(scenario)
        #expect(report.verdict == .passed || report.verdict == .failed, "\(text)\n\(report.story)")
    }
}
