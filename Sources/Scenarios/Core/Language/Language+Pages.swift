// SPDX-License-Identifier: Apache-2.0

/// A page of documentation.
public struct LanguagePage: Sendable {
    /// Its file's name.
    public var name: String
    /// Its text, in Markdown.
    public var text: String
}

extension Language {
    /// The pages about the language, made of the tables that read it: an overview, and one for each word.
    public static var pages: [LanguagePage] {
        let words = sections.flatMap { section in section.words.map { page($0, section) } }
        return [overview, topicPage] + words
    }

    /// The words by what somebody wants to happen or to see.
    private static var topicPage: LanguagePage {
        var text = """
            # Which word for what

            """
        for family in LanguageTopic.Family.allCases {
            text += "\n## \(family.rawValue)\n\n| | What | Word | Example |\n|---|---|---|---|\n"
            for topic in topics where topic.family == family {
                let word = topic.page.split(separator: "/").last.map(String.init) ?? topic.page
                let line = topic.line.replacing("|", with: "\\|")
                text += "| \(topic.code) | \(topic.title) | [`\(word)`](\(topic.page).md) | `\(line)` |\n"
            }
        }
        return LanguagePage(name: "topics.md", text: text)
    }

    /// A family of words.
    struct Section {
        var folder: String
        var title: String
        var words: [WordShape]
        /// True where the words share the members of all expectations.
        var isAboutExpectations = false
    }

    static var sections: [Section] {
        [
            Section(folder: "top", title: "Keys of a scenario", words: topWords),
            Section(folder: "steps", title: "Steps", words: steps),
            Section(folder: "faults", title: "Faults", words: faults),
            Section(
                folder: "claims",
                title: "Expectations: what is claimed",
                words: claims,
                isAboutExpectations: true
            ),
            Section(
                folder: "subjects",
                title: "Expectations: what it is about",
                words: subjects,
                isAboutExpectations: true
            ),
        ]
    }

    private static var topWords: [WordShape] {
        scenario.fields.map {
            WordShape(
                word: $0.key,
                summary: $0.summary,
                example: LanguageExamples.top[$0.key] ?? "",
                value: $0.value
            )
        }
    }

    /// What expectations may be about.
    public static var subjects: [WordShape] {
        ExpectationRecord.fields.map(\.described).filter { ExpectationRecord.subjects.contains($0.key) }.map {
            WordShape(
                word: $0.key,
                summary: $0.summary,
                example: LanguageExamples.subjects[$0.key] ?? "",
                value: $0.value
            )
        }
    }

    private static var overview: LanguagePage {
        var text = """
            # The language of scenarios

            Made of the tables that read scenarios; `albedo schema` prints the same as a JSON Schema for editors.
            [Which word for what](topics.md) lists the words by what is to happen or to be seen.

            """
        for section in sections {
            text += "\n## \(section.title)\n\n"
            for word in section.words {
                text += "- [`\(word.word)`](\(section.folder)/\(word.word).md): \(word.summary)\n"
            }
        }
        return LanguagePage(name: "README.md", text: text)
    }

    private static func page(_ word: WordShape, _ section: Section) -> LanguagePage {
        var text = "# `\(word.word)`\n\n\(word.summary)\n"
        let example = LanguageExamples.whole(word, in: section.folder)
        if !example.isEmpty { text += "\n```yaml\n\(example)\n```\n" }
        let records = records(word.value)
        if records.isEmpty {
            text += "\nIts value is \(word.value.phrase).\n"
        }
        for record in records where !record.fields.isEmpty {
            text += table(of: record)
            // Steps and expectations have a page for each of their words.
            guard section.folder != "top" || !["steps", "expect"].contains(word.word) else { continue }
            text += innerTables(of: record, under: "", isExpectation: section.isAboutExpectations)
        }
        return LanguagePage(name: "\(section.folder)/\(word.word).md", text: text)
    }

    private static func table(of record: RecordShape) -> String {
        var text = "\n| Key | Value | Says |\n|---|---|---|\n"
        for field in record.fields {
            let must = field.isRequired ? " (needed)" : ""
            let phrase = field.value.phrase.replacing("|", with: "\\|")
            text += "| `\(field.key)`\(must) | \(phrase) | \(field.summary.replacing("|", with: "\\|")) |\n"
        }
        return text
    }

    /// A table for each mapping within a mapping: `nodes` of `cluster`, and what stands in those.
    private static func innerTables(
        of record: RecordShape,
        under path: String,
        isExpectation: Bool
    ) -> String {
        var text = ""
        for field in record.fields {
            // What an expectation may be about has pages of its own.
            if isExpectation, subjects.contains(where: { $0.word == field.key }) { continue }
            for inner in records(field.value) where !inner.fields.isEmpty {
                let place = path.isEmpty ? field.key : "\(path).\(field.key)"
                text += "\n## `\(place)`\n" + table(of: inner)
                text += innerTables(of: inner, under: place, isExpectation: isExpectation)
            }
        }
        return text
    }

    static func records(_ shape: ValueShape) -> [RecordShape] {
        switch shape {
        case .record(let record): [record]
        case .either(let shapes): shapes.flatMap(records)
        case .list(let item), .map(let item): records(item)
        default: []
        }
    }
}
