// SPDX-License-Identifier: Apache-2.0

/// Something that a person wrote and that cannot be meant: where it is, what is wrong, and what to do.
public struct SourceMistake: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where it is.
    public var place: SourcePlace
    /// What is wrong: what was expected and what was found.
    public var message: String
    /// What to write instead; nil when nothing can be said.
    public var suggestion: String?
    /// The line's text; nil for the file as a whole.
    public var sourceLine: String?

    /// Makes a mistake.
    public init(place: SourcePlace, message: String, suggestion: String? = nil, sourceLine: String? = nil) {
        self.place = place
        self.message = message
        self.suggestion = suggestion
        self.sourceLine = sourceLine
    }

    /// The file's path.
    public var file: String { place.file }
    /// The line, from 1.
    public var line: Int { place.line }
    /// The column, from 1.
    public var column: Int { place.column }

    /// The place and the message, the line with a caret under the place, and the help.
    public var description: String {
        var text = "\(place): error: \(message)"
        if let sourceLine, place.line > 0 {
            let (shown, column) = Self.window(of: sourceLine, around: place.column)
            text += "\n\(shown)\n\(Self.indentation(of: shown, to: column))^"
        }
        if let suggestion { text += "\nhelp: \(suggestion)" }
        return text
    }

    /// Cuts a very long line down to what surrounds the place.
    private static func window(of line: String, around column: Int) -> (line: String, column: Int) {
        let scalars = Array(line.unicodeScalars)
        guard scalars.count > 140 else { return (line, column) }
        let start = max(0, min(column - 1, scalars.count) - 60)
        let end = min(scalars.count, start + 120)
        var shown = String(String.UnicodeScalarView(scalars[start..<end]))
        if end < scalars.count { shown += "…" }
        return start > 0 ? ("…" + shown, column - start + 1) : (shown, column)
    }

    /// Blanks up to a column; tabs stay tabs so that the caret stands below its character.
    private static func indentation(of line: String, to column: Int) -> String {
        var indentation = ""
        var count = 1
        for scalar in line.unicodeScalars where count < column {
            indentation.unicodeScalars.append(scalar == "\t" ? "\t" : " ")
            count += 1
        }
        return indentation + String(repeating: " ", count: max(0, column - count))
    }
}

/// All mistakes that one reading found.
public struct Mistakes: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes: those of one file together, in the order of their places; never empty.
    public let all: [SourceMistake]

    /// Puts mistakes in order and drops repetitions.
    public init(_ mistakes: [SourceMistake]) {
        var files: [String] = []
        var distinct: [SourceMistake] = []
        var known: Set<SourceMistake> = []
        for mistake in mistakes where known.insert(mistake).inserted {
            distinct.append(mistake)
            if !files.contains(mistake.file) { files.append(mistake.file) }
        }
        all = files.flatMap { file in
            distinct.filter { $0.file == file }
                .sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        }
    }

    /// Every mistake, a blank line between two.
    public var description: String { all.map(\.description).joined(separator: "\n\n") }
}
