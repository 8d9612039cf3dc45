// SPDX-License-Identifier: Apache-2.0
import Storage

extension Decoding {
    /// What is wrong with a query, found by asking it of an empty run; nil when it can be asked.
    func problem(ofQuery sql: String) -> ValueProblem? {
        do throws(StorageError) {
            let run = try emptyRun()
            let result = try run.query(sql)
            guard result.columns.count == 1 else {
                return ValueProblem(
                    "the query must give one value, found \(result.columns.count) columns: \(result.columns.joined(separator: ", "))",
                    "select one of them, or count(*)"
                )
            }
            return nil
        } catch {
            return ValueProblem(
                "the query cannot be asked: \(error.message)",
                help(for: error.message) ?? "ask it of a saved run with `albedo query`",
                word: Self.word(of: error.message)
            )
        }
    }

    /// The word that a message of SQLite's is about.
    private static func word(of message: String) -> String? {
        for beginning in ["no such column: ", "no such table: ", "no such function: "]
        where message.hasPrefix(beginning) {
            return String(message.dropFirst(beginning.count).prefix { !$0.isWhitespace })
        }
        guard message.hasPrefix("near \"") else { return nil }
        return message.dropFirst(6).firstIndex(of: "\"").map { String(message.dropFirst(6)[..<$0]) }
    }

    /// Where a word of a value stands in the file; where the value begins when that can not be told.
    func mark(ofWord word: String?, in node: YAMLNode) -> YAMLNode.Mark {
        guard let word, !word.isEmpty else { return node.mark }
        for number in node.mark.line..<(node.mark.line + 12) {
            guard let line = source.line(number) else { break }
            let isFirst = number == node.mark.line
            let scalars = Array(line.unicodeScalars), wanted = Array(word.unicodeScalars)
            func isLetter(_ place: Int) -> Bool {
                guard scalars.indices.contains(place) else { return false }
                return scalars[place].properties.isAlphabetic
                    || "_0123456789".unicodeScalars.contains(scalars[place])
            }
            let first = isFirst ? node.mark.column - 1 : 0
            guard first + wanted.count <= scalars.count else { continue }
            for place in first...(scalars.count - wanted.count)
            where scalars[place..<(place + wanted.count)].elementsEqual(wanted) {
                guard !isLetter(place - 1), !isLetter(place + wanted.count) else { continue }
                return YAMLNode.Mark(line: number, column: place + 1)
            }
        }
        return node.mark
    }

    private func emptyRun() throws(StorageError) -> RunFileWriter {
        if let queryCheckRun { return queryCheckRun }
        let run = try RunFileWriter()
        queryCheckRun = run
        return run
    }

    /// The table or column that was probably meant.
    private func help(for message: String) -> String? {
        guard let run = queryCheckRun, let name = message.split(separator: " ").last.map(String.init) else {
            return nil
        }
        if message.hasPrefix("expected a") { return "begin the query with SELECT" }
        let bare = String(name.split(separator: ".").last ?? "")
        if message.hasPrefix("no such table") {
            return NearMiss.help(for: bare, among: names("SELECT name FROM sqlite_master ORDER BY name", run))
        }
        guard message.hasPrefix("no such column") else { return nil }
        let columns = names(
            """
            SELECT DISTINCT c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' ORDER BY m.name, c.cid
            """,
            run
        )
        return NearMiss.nearest(to: bare, in: columns).map { "did you mean \"\($0)\"?" }
    }

    private func names(_ sql: String, _ run: RunFileWriter) -> [String] {
        ((try? run.query(sql))?.rows ?? []).compactMap { $0.first?.text }
    }
}
