// SPDX-License-Identifier: Apache-2.0
import Yams

/// Says in our words what the YAML reader found wrong.
enum YAMLProblem {
    /// The mistake that an error of the reader stands for.
    static func mistake(_ error: any Error, in source: SourceText) -> SourceMistake {
        guard let error = error as? YamlError else {
            return SourceMistake(
                place: SourcePlace(file: source.path),
                message: "the file is not YAML: \(error)"
            )
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if let template = template(node(mark), in: source) { return template }
            return translated(problem, context, node(mark), in: source)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return twin(duplicates.first ?? "", first: node(context.mark), in: source)
        case .reader(_, let offset, let value, _):
            let mark = mark(ofCharacter: offset ?? 0, in: source)
            let code = value >= 0 ? " U+" + String(format(value)) : ""
            return source.mistake(
                mark,
                "the control character\(code) is not allowed",
                "write it as an escape in double quotes"
            )
        default:
            return SourceMistake(
                place: SourcePlace(file: source.path),
                message: "the file is not YAML: \(error)"
            )
        }
    }

    /// A line of a template that nobody has filled in yet, as charts have them; nil for any other line.
    static func template(_ mark: YAMLNode.Mark, in source: SourceText) -> SourceMistake? {
        guard let line = source.line(mark.line), line.contains("{{"), line.contains("}}") else { return nil }
        return source.mistake(
            mark,
            "this is a template that has not been filled in",
            "write the manifests out first, as `helm template` does"
        )
    }

    private static func format(_ value: Int32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func node(_ mark: Mark) -> YAMLNode.Mark {
        YAMLNode.Mark(line: mark.line, column: mark.column)
    }

    private static func mark(ofCharacter offset: Int, in source: SourceText) -> YAMLNode.Mark {
        var mark = YAMLNode.Mark(line: 1, column: 1)
        for character in source.text.prefix(offset) {
            if character.isNewline {
                mark = YAMLNode.Mark(line: mark.line + 1, column: 1)
            } else {
                mark.column += character.unicodeScalars.count
            }
        }
        return mark
    }

    // MARK: What the reader says, and what we say

    private static let wordings: [(problem: String, message: String, help: String?)] = [
        (
            "mapping values are not allowed", "a ':' may not stand here",
            "put a text that holds ': ' in quotes, or check the indentation"
        ),
        (
            "could not find expected ':'", "expected ':' after the key",
            "write `key: value`, with a blank after the ':'"
        ),
        ("did not find expected key", "expected a key", "begin the keys of one mapping in the same column"),
        ("did not find expected '-'", "expected '-'", "begin the items of one list in the same column"),
        (
            "block sequence entries are not allowed", "a list may not begin here",
            "begin the list on a line of its own"
        ),
        (
            "block mapping entries are not allowed", "a mapping may not begin here",
            "begin it on a line of its own"
        ),
        (
            "found undefined alias", "the alias names an anchor that does not exist",
            "define it above with &name"
        ),
        (
            "found unknown escape", "unknown escape in double quotes",
            "double the backslash, or use single quotes"
        ),
        (
            "did not find expected <document start>", "expected the end of the document",
            "check the indentation of this line"
        ),
        ("did not find expected ',' or ']'", "expected ',' or ']'", nil),
        ("did not find expected ',' or '}'", "expected ',' or '}'", nil),
        ("Maximum nesting level", "the nesting is too deep", "1000 levels are the limit"),
        ("found incompatible YAML document", "only YAML 1.1 and 1.2 can be read", "leave the %YAML line out"),
        ("found undefined tag handle", "the tag's handle is not declared", "leave the tag out"),
        ("found unexpected document indicator", "the document ends inside a quoted text", "close the quote"),
    ]

    private static func translated(
        _ problem: String,
        _ context: YamlError.Context?,
        _ mark: YAMLNode.Mark,
        in source: SourceText
    ) -> SourceMistake {
        let start = context.map { node($0.mark) }
        let character = source.line(mark.line)?.unicodeScalars.dropFirst(mark.column - 1).first
        if problem.hasPrefix("found character that cannot start") {
            if character == "\t" {
                return source.mistake(mark, "a tab may not be used for indentation", "use blanks")
            }
            let shown = character.map { "'\(Character($0))'" } ?? "this character"
            return source.mistake(mark, "a text may not begin with \(shown)", "put the text in quotes")
        }
        if problem.hasPrefix("found unexpected end of stream"), let start {
            return source.mistake(start, "the quote is never closed", "close it on the same line")
        }
        if problem.hasPrefix("mapping values are not allowed"),
            let (line, key) = crampedKey(before: mark, in: source)
        {
            return source.mistake(
                mark,
                "a ':' may not stand here",
                "line \(line) needs a blank after \"\(key):\""
            )
        }
        if problem.hasPrefix("mapping values are not allowed"),
            let help = loosePlace(before: mark, in: source)
        {
            return source.mistake(mark, "a ':' may not stand here", help)
        }
        if problem.hasPrefix("did not find expected key"), let opening = openQuote(before: mark, in: source) {
            return source.mistake(
                opening,
                "the quote that opens here closes on a later line",
                "close it on the same line"
            )
        }
        let wording = wordings.first { problem.hasPrefix($0.problem) }
        var help = wording?.help
        if let start, wording?.message.hasPrefix("expected ',' or") == true {
            help = "the bracket that opens on line \(start.line) is not closed"
        }
        // At the end of the file the reader points behind the last line.
        let shown = mark.line > source.lineCount ? start ?? mark : mark
        return source.mistake(
            shown,
            wording?.message ?? problem,
            help ?? "check the quotes and the indentation here"
        )
    }

    /// A key without a blank after its colon, on the line of a mistake or on the one before it.
    private static func crampedKey(before mark: YAMLNode.Mark, in source: SourceText) -> (Int, Substring)? {
        for number in [mark.line, mark.line - 1] {
            let line = (source.line(number) ?? "").drop { $0 == " " || $0 == "-" }
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { continue }
            let key = line[..<colon]
            let next = line[line.index(after: colon)...].first
            let isWord = key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            if isWord, let next, next != " ", next != "/" { return (number, key) }
        }
        return nil
    }

    /// Where the quote opens that a later line closes, just before `mark`: on the nearest line above with an odd number
    /// of that quote.
    private static func openQuote(before mark: YAMLNode.Mark, in source: SourceText) -> YAMLNode.Mark? {
        let before = source.line(mark.line)?.unicodeScalars.prefix(max(0, mark.column - 1)).last
        guard let quote = before, quote == "\"" || quote == "'", mark.line > 1 else { return nil }
        for number in (1..<mark.line).reversed() {
            let scalars = Array((source.line(number) ?? "").unicodeScalars)
            let places = scalars.indices.filter { scalars[$0] == quote }
            if places.count % 2 == 1, let last = places.last {
                return YAMLNode.Mark(line: number, column: last + 1)
            }
        }
        return nil
    }

    /// What a line lacks that goes on in the next one although it looks like a key: its colon, or the blank behind
    /// its dash.
    private static func loosePlace(before mark: YAMLNode.Mark, in source: SourceText) -> String? {
        guard let line = source.line(mark.line - 1) else { return nil }
        let text = line.drop { $0 == " " }
        if text.hasPrefix("-"), let next = text.dropFirst().first, next.isLetter {
            return "line \(mark.line - 1) needs a blank after \"-\""
        }
        let words = text.drop { $0 == "-" || $0 == " " }.split(separator: " ")
        guard let key = words.first, words.count > 1, key.allSatisfy({ $0.isLetter || $0 == "-" }) else {
            return nil
        }
        let isKey = line.contains(": ") || line.hasSuffix(":")
        return isKey ? nil : "line \(mark.line - 1) needs a ':' after \"\(key)\""
    }

    // MARK: Twins

    /// A key that is given twice: at its second place when that can be found.
    private static func twin(_ key: String, first: YAMLNode.Mark, in source: SourceText) -> SourceMistake {
        let second = secondPlace(of: key, after: first, in: source)
        let help = second == nil ? "keep one of the two" : "it is first given on line \(first.line)"
        return source.mistake(second ?? first, "the key \"\(key)\" is given twice", help)
    }

    /// Looks for the same key in the same column below, as long as lines are indented at least as much.
    private static func secondPlace(
        of key: String,
        after first: YAMLNode.Mark,
        in source: SourceText
    ) -> YAMLNode.Mark? {
        guard first.line < source.lineCount else { return nil }
        for number in (first.line + 1)...source.lineCount {
            let line = source.line(number) ?? ""
            let indentation = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indentation)
            if rest.isEmpty || rest.hasPrefix("#") { continue }
            if indentation < first.column - 1 { return nil }
            guard indentation == first.column - 1 else { continue }
            for written in [key, "\"\(key)\"", "'\(key)'"] where rest.hasPrefix(written) {
                if rest.dropFirst(written.count).drop(while: { $0 == " " }).first == ":" {
                    return YAMLNode.Mark(line: number, column: first.column)
                }
            }
        }
        return nil
    }
}
