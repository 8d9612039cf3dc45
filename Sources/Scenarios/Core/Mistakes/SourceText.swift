// SPDX-License-Identifier: Apache-2.0

/// A file's text with its lines, shared by everything that may have to point into it.
final class SourceText: Sendable {
    /// The path as messages show it.
    let path: String
    /// The text without a byte order mark.
    let text: String
    private let lines: [Substring]

    /// Makes a source.
    init(path: String, text: String) {
        let text = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        self.path = path
        self.text = text
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: a mistake at the first byte that is not UTF-8.
    convenience init(path: String, bytes: [UInt8]) throws(SourceMistake) {
        if let text = String(validating: bytes, as: UTF8.self) {
            self.init(path: path, text: text)
            return
        }
        var valid = bytes.count
        var low = 0
        // The longest prefix that is UTF-8 ends where the trouble begins; at most three bytes of a letter less.
        while low < valid {
            let middle = (low + valid + 1) / 2
            let isValid = (0...3).contains { cut in
                middle >= cut && String(validating: bytes[..<(middle - cut)], as: UTF8.self) != nil
            }
            if isValid { low = middle } else { valid = middle - 1 }
        }
        let start = max(0, low - 3)
        let line = 1 + bytes[..<start].reduce(0) { $0 + ($1 == 0x0a ? 1 : 0) }
        throw SourceMistake(
            place: SourcePlace(file: path, line: line, column: 1),
            message: "the file is not UTF-8 text",
            suggestion: "save it in the encoding UTF-8"
        )
    }

    /// A line's text, from 1.
    func line(_ number: Int) -> String? {
        lines.indices.contains(number - 1) ? String(lines[number - 1]) : nil
    }

    /// How many lines there are.
    var lineCount: Int { lines.count }

    /// A place in this file.
    func place(_ mark: YAMLNode.Mark) -> SourcePlace {
        SourcePlace(file: path, line: mark.line, column: mark.column)
    }

    /// A mistake in this file.
    func mistake(_ mark: YAMLNode.Mark, _ message: String, _ suggestion: String? = nil) -> SourceMistake {
        SourceMistake(
            place: place(mark),
            message: message,
            suggestion: suggestion,
            sourceLine: line(mark.line) ?? ""
        )
    }
}
