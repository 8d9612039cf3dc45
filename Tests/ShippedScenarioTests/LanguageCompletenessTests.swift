// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import Testing

@testable import Scenarios

/// Nothing that the readers take is left out of the pages and the schema.
@Suite struct LanguageCompletenessTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let language = "\(root)/Sources/Scenarios/Core/Language"

    /// The keys that the readers' sources give to fields.
    private static let written: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: language)) ?? []
        let keys = files.filter { $0.hasSuffix(".swift") }.flatMap { file -> [String] in
            let text = (try? String(contentsOfFile: "\(language)/\(file)", encoding: .utf8)) ?? ""
            return text.matches(of: /\bField(?:<[^(]*>)?\(\s*"([a-z-]+)"/).map { String($0.1) }
        }
        return Set(keys).sorted()
    }()

    @Test func `every key that a reader takes stands on a page`() throws {
        try #require(Self.written.count > 150, "the sources of the readers were not found")
        let text = Language.pages.map(\.text).joined()
        let missing = Self.written.filter { key in
            !text.contains("| `\(key)`") && !text.contains("# `\(key)`")
        }
        #expect(missing.isEmpty, "on no page: \(missing)")
    }

    @Test func `every key that a reader takes stands in the schema`() {
        var known: Set<String> = []
        Self.collect(Language.schema, into: &known)
        let missing = Self.written.filter { !known.contains($0) }
        #expect(missing.isEmpty, "not in the schema: \(missing)")
    }

    @Test func `nodes are told with all that a node may say`() throws {
        let page = try #require(Language.pages.first { $0.name == "top/cluster.md" })
        for key in ["name", "zone", "later", "address-of"] {
            #expect(page.text.contains("| `\(key)`"), "\(key)")
        }
    }

    private static func collect(_ schema: JSONValue, into known: inout Set<String>) {
        for member in schema.objectValue ?? [:] {
            if member.key == "properties" {
                for property in member.value.objectValue ?? [:] { known.insert(property.key) }
            }
            collect(member.value, into: &known)
        }
        for item in schema.arrayValue ?? [] { collect(item, into: &known) }
    }
}
