// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import Testing

@testable import Scenarios

/// Everything that scenarios are about has a word, a page with an example, and a place in the schema.
@Suite struct VocabularyTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test func `all events, faults, shapes of traffic and claims have a word`() {
        let wanted = [("E", 15), ("F", 14), ("T", 8), ("A", 19)].flatMap { letter, count in
            (1...count).map { "\(letter)\($0)" }
        }
        #expect(Set(Language.topics.map(\.code)) == Set(wanted))
    }

    @Test(arguments: Language.topics.indices)
    func `its word has a page with an example`(_ index: Int) throws {
        let topic = Language.topics[index]
        let page = try #require(Language.pages.first { $0.name == topic.page + ".md" }, "\(topic.page)")
        #expect(page.text.contains("```yaml"), "\(topic.page) has no example")
    }

    @Test(arguments: Language.topics.indices)
    func `its example is read without a mistake and fits the schema`(_ index: Int) throws {
        let topic = Language.topics[index]
        let path = "\(Self.root)/docs/\(topic.code).yaml"
        let files = OneMoreFile(path: path, text: topic.scenario)
        let scenario = try ScenarioReader(files: files, vocabulary: .standard).read(path)
        #expect(!scenario.expectations.isEmpty)
        let source = try SourceText(path: path, bytes: Array(topic.scenario.utf8))
        let document = try #require(try YAMLParser.documents(source).first)
        let problems = SchemaCheck.problems(document.json { _, _ in }, Language.schema)
        #expect(problems.isEmpty, "\(problems)\n\(topic.scenario)")
    }
}
