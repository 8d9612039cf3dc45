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
                help(for: error.message) ?? "ask it of a saved run with `albedo query`"
            )
        }
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
