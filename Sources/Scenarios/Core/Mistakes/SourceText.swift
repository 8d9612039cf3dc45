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
        let (line, column, start) = Self.firstBadLetter(bytes)
        let shown = bytes[start...].prefix { $0 != 0x0a && $0 != 0x0d }
        throw SourceMistake(
            place: SourcePlace(file: path, line: line, column: column),
            message: "the file is not UTF-8 text",
            suggestion: "save it in the encoding UTF-8",
            sourceLine: String(decoding: shown, as: UTF8.self)
        )
    }

    /// Line and column of the first bytes that are no letter, and where their line begins.
    private static func firstBadLetter(_ bytes: [UInt8]) -> (line: Int, column: Int, start: Int) {
        var (line, column, start, place) = (1, 1, 0, 0)
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            place += UTF8.width(scalar)
            if scalar == "\n" { (line, column, start) = (line + 1, 1, place) } else { column += 1 }
        }
        return (line, column, start)
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
