// SPDX-License-Identifier: Apache-2.0
import CloudAPI

extension RuleCondition {
    /// The condition in a few words.
    var summary: String {
        func list(_ values: [String]) -> String { values.joined(separator: "|") }
        func pairs(_ values: [KeyValue]) -> String { list(values.map { "\($0.key)=\($0.value)" }) }
        switch self {
        case .host(let values): return "host \(list(values))"
        case .path(let values): return "path \(list(values))"
        case .method(let values): return "method \(list(values))"
        case .sourceIP(let values): return "source \(list(values))"
        case .header(let key, let values): return "header \(key)=\(list(values))"
        case .queryString(let values): return "query \(pairs(values))"
        case .cookie(let values): return "cookie \(pairs(values))"
        case .responseHeader(let key, let values): return "response header \(key)=\(list(values))"
        case .responseStatusCode(let values): return "status \(list(values))"
        }
    }
}

extension RuleAction {
    /// The action in a few words.
    var summary: String {
        func groups(_ groups: [WeightedGroup]) -> String {
            groups.count == 1
                ? groups[0].serverGroup
                : groups.map { "\($0.serverGroup) \($0.weight)%" }.joined(separator: " + ")
        }
        switch self {
        case .forward(let targets, _): return "forward to \(groups(targets))"
        case .redirect(let target):
            let query = target.query.isEmpty ? "" : "?\(target.query)"
            return
                "redirect \(target.status) to \(target.scheme)://\(target.host):\(target.port)\(target.path)\(query)"
        case .fixedResponse(let status, _, _): return "answer \(status)"
        case .rewrite(_, let path, _): return "rewrite to \(path ?? "${path}")"
        case .insertHeader(let key, let value, _, _): return "set header \(key)=\(value)"
        case .removeHeader(let key): return "remove header \(key)"
        case .trafficLimit(let qps, let perIP):
            let parts = [qps.map { "\($0)/s" }, perIP.map { "\($0)/s per client" }].compactMap(\.self)
            return "limit \(parts.joined(separator: ", "))"
        case .mirror(let targets): return "copy to \(groups(targets))"
        case .cors: return "cors"
        }
    }
}

/// Texts in columns.
enum Columns {
    /// Rows with their cells padded to equal width, without blanks at the end of lines.
    static func aligned(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 {
                    line += String(repeating: " ", count: widths[column] - cell.count + 2)
                }
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
