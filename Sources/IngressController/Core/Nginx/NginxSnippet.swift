// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// The lines of a configuration snippet that have counterparts: those about header fields.
///
/// - Source: the product's migration page; documented. Other directives have none.
struct NginxSnippet: Sendable, Hashable {
    /// What happens to requests on their way to pods.
    private(set) var request: [RuleAction] = []
    /// What happens to answers on their way to clients.
    private(set) var response: [RuleAction] = []
    /// The directives that do nothing here.
    private(set) var unknown: [String] = []

    init(_ text: String) {
        for directive in Self.directives(text) { read(directive) }
    }

    private mutating func read(_ words: [String]) {
        switch (words[0], words.count) {
        case ("more_set_headers", 2...):
            for field in words.dropFirst() {
                let halves = field.split(separator: ":", maxSplits: 1).map(AnnotationForm.trimmed)
                if halves.count == 2 { insert(halves[0], halves[1], words) } else { unknown.append(words[0]) }
            }
        case ("add_header", 3), ("add_header", 4): insert(words[1], words[2], words)
        case ("more_clear_headers", 2...):
            response += words.dropFirst().map { .removeHeader(key: $0) }
        case ("proxy_hide_header", 2): response.append(.removeHeader(key: words[1]))
        case ("proxy_set_header", 3) where words[2].isEmpty: request.append(.removeHeader(key: words[1]))
        case ("proxy_set_header", 3) where !words[2].contains("$"):
            request.append(.insertHeader(key: words[1], value: words[2], valueType: "UserDefined"))
        default: unknown.append(words[0])
        }
    }

    /// A header of answers; values with variables have no counterpart.
    private mutating func insert(_ key: String, _ value: String, _ words: [String]) {
        guard !value.contains("$"), !value.isEmpty else { return unknown.append(words[0]) }
        response.append(.insertHeader(key: key, value: value, valueType: "UserDefined"))
    }

    /// The directives of a text: the words of each, without quotation marks; comments are left out.
    private static func directives(_ text: String) -> [[String]] {
        var directives: [[String]] = []
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isComment = false
        func end(_ word: inout String?, _ words: inout [String]) {
            if let text = word { words.append(text) }
            word = nil
        }
        for character in text {
            if isComment {
                isComment = !character.isNewline
            } else if let mark = quote {
                if character == mark { quote = nil } else { word?.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character == "#", word == nil {
                isComment = true
            } else if character == ";" || character == "{" || character == "}" {
                end(&word, &words)
                if !words.isEmpty { directives.append(words) }
                words = []
            } else if character.isWhitespace {
                end(&word, &words)
            } else {
                word = (word ?? "") + String(character)
            }
        }
        end(&word, &words)
        if !words.isEmpty { directives.append(words) }
        return directives
    }
}
