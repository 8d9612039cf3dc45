// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// What rules may look at in a request, taken apart once.
struct RequestFacts: Sendable {
    var method: String
    /// In lower case, without the port.
    var host: String
    /// Without the query.
    var path: String
    /// Without the question mark; empty when there is none.
    var query: String
    var fields: HTTPFields
    /// Where the request comes from, as the listener sees it; nil when the address cannot be read.
    var source: IPAddress?

    /// Takes a request apart.
    init(_ request: HTTPRequest, source: IPAddress?) {
        method = request.method.rawValue
        host = RequestFacts.hostName(request.authority ?? "")
        (path, query) = RequestFacts.split(request.path ?? "")
        fields = request.headerFields
        self.source = source
    }

    /// The host in lower case without its port.
    static func hostName(_ authority: String) -> String {
        let (end, needsChange) = authority.withBytes { bytes in
            var end = bytes.count
            let isBracketed = bytes.first == UInt8(ascii: "[")
            var needsChange = false
            for index in 0..<bytes.count {
                let byte = bytes[index]
                if byte == UInt8(ascii: ":"), !isBracketed { end = index }
                if byte == UInt8(ascii: "]") { end = index + 1 }
                if byte &- 0x41 < 26 { needsChange = true }
            }
            return (end, needsChange)
        }
        let name = end == authority.utf8.count ? authority : String(authority.utf8.prefix(end)) ?? authority
        return needsChange ? name.lowercased() : name
    }

    /// The path and the query of a target.
    static func split(_ target: String) -> (path: String, query: String) {
        guard target.withBytes({ bytes in bytes.contains(UInt8(ascii: "?")) }),
            let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        else { return (target, "") }
        return (String(target[..<mark]), String(target[target.utf8.index(after: mark)...]))
    }

    /// True when `holds` for any value of a query parameter of that name.
    func hasQuery(_ key: String, where holds: (String) -> Bool) -> Bool {
        guard !query.isEmpty else { return false }
        return query.split(separator: "&").contains { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts[0] == key && holds(parts.count == 2 ? String(parts[1]) : "")
        }
    }

    /// The first value of a query parameter of that name.
    func queryValue(_ key: String) -> String? {
        var value: String?
        _ = hasQuery(key) {
            value = $0
            return true
        }
        return value
    }

    /// True when `holds` for any value of a cookie of that name.
    func hasCookie(_ key: String, where holds: (String) -> Bool) -> Bool {
        fields.contains { field in
            guard field.name == .cookie else { return false }
            return field.value.split(separator: ";").contains { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts[0].trimmed == key else { return false }
                return holds(parts.count == 2 ? String(parts[1].trimmed) : "")
            }
        }
    }

    /// All values of header fields of that name, joined for reading.
    func header(_ name: HTTPField.Name) -> String? {
        fields[name]
    }
}

extension Substring {
    /// Without blanks around it.
    var trimmed: Substring {
        guard let first = firstIndex(where: { $0 != " " && $0 != "\t" }),
            let last = lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }
}
