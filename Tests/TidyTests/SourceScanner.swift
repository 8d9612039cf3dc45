// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Reads the project's own sources.
enum ProjectSources {
    /// The folder that holds Package.swift.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Swift files below a folder, as paths from the root, sorted.
    static func swiftFiles(below folder: String) -> [String] {
        let base = root.appending(path: folder)
        let files = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}

/// Finds what a source file may not say.
struct SourceScanner {
    struct Finding: CustomStringConvertible, Equatable {
        let file: String
        let line: Int
        let reason: String

        var description: String { "\(file):\(line): \(reason)" }
    }

    /// Lines with a banned word, outside comments and texts.
    static func bannedWords(in text: String, file: String) throws -> [Finding] {
        let rules = try bannedCalls.map { (try Regex($0.pattern), $0.reason) }
        let allowed = try exceptions.filter { $0.file == file }.map { try Regex($0.pattern) }
        var findings: [Finding] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let code = codeOnly(line)
            for (pattern, reason) in rules where code.contains(pattern) {
                if allowed.contains(where: { code.contains($0) }) { continue }
                findings.append(Finding(file: file, line: number + 1, reason: reason))
            }
        }
        return findings
    }

    /// The modules that a text imports.
    static func imports(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place <= 2, words.count > place + 1,
                words[..<place].allSatisfy({
                    ["public", "package", "internal", "@testable", "@preconcurrency"].contains($0)
                })
            else { return nil }
            return String(words[place + 1])
        }
    }

    /// A line without its comment and without the insides of its texts.
    private static func codeOnly(_ line: Substring) -> String {
        var code = ""
        var isText = false
        var previous: Character = " "
        for character in line {
            if character == "\"", previous != "\\" { isText.toggle() }
            if !isText, character == "/", previous == "/" { break }
            code.append(isText && character != "\"" ? " " : character)
            previous = character
        }
        return code
    }
}
