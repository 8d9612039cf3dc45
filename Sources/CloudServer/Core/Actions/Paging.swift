// SPDX-License-Identifier: Apache-2.0
import JSON

/// Pages of a list: rows by their serial numbers, so that a page begins where the last one ended even when
/// rows came or went meanwhile.
enum Paging {
    /// Makes the answer of a list action.
    ///
    /// - Parameters:
    ///   - call: With the page's size and token.
    ///   - rows: All matches, the oldest first.
    ///   - serial: A row's number, ascending.
    ///   - member: The answer's member for the rows.
    ///   - show: Turns a row into JSON; called for the rows of the page only.
    /// - Returns: The page with its figures.
    /// - Throws: `CloudRefusal` for a NextToken that no answer gave.
    static func answer<Row>(
        _ call: Call,
        _ rows: [Row],
        serial: (Row) -> Int64,
        member: String,
        show: (Row) -> JSONObject
    ) throws(CloudRefusal) -> JSONObject {
        let size = call.parameters.number("MaxResults") ?? 20
        var start = 0
        if let token = call.optionalText("NextToken") {
            guard let last = Self.serial(of: token) else {
                throw CloudRefusal("InvalidParameter", "The value of the parameter NextToken is not valid.")
            }
            start = rows.firstIndex { serial($0) > last } ?? rows.count
        }
        let page = rows[start...].prefix(size)
        var answer: JSONObject = [
            member: .array(page.map { .object(show($0)) }), "TotalCount": .integer(Int64(rows.count)),
            "MaxResults": .integer(Int64(size)),
        ]
        if let last = page.last, page.endIndex < rows.count {
            answer["NextToken"] = .string(token(serial(last)))
        }
        return answer
    }

    private static let mask: UInt64 = 0x5bd1_e995_7f4a_7c15
    private static let digits = 16

    private static func token(_ serial: Int64) -> String {
        let text = String(UInt64(bitPattern: serial) ^ mask, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    private static func serial(of token: String) -> Int64? {
        guard token.utf8.count == digits, let number = UInt64(token, radix: 16) else { return nil }
        let serial = Int64(bitPattern: number ^ mask)
        return serial >= 0 && serial < 1 << 48 ? serial : nil
    }
}

extension AccountState {
    /// A page of resources, each shown as its row unless told otherwise.
    func page(
        _ call: Call,
        _ rows: [Resource],
        _ member: String,
        show: (Resource) -> JSONObject = { $0.taggedRow }
    ) throws(CloudRefusal) -> JSONObject {
        try Paging.answer(call, rows, serial: \.serial, member: member) { row in
            shown.append(row.key)
            return show(row)
        }
    }

    /// A page of rows that are no resources, numbered from 1.
    func page(_ call: Call, objects: [JSONObject], _ member: String) throws(CloudRefusal) -> JSONObject {
        try Paging.answer(
            call,
            Array(objects.enumerated()),
            serial: { Int64($0.offset) + 1 },
            member: member,
            show: \.element
        )
    }

    /// The resources of a kind that a list is about: those with the ids of a filter, or all.
    func candidates(_ kind: ResourceKind, _ call: Call, ids: String) -> [Resource] {
        guard call.parameters[ids] != nil else { return store.all(kind) }
        return resources(kind, call.parameters.texts(ids))
    }

    /// The resources with these ids that exist, each once, the oldest first.
    func resources(_ kind: ResourceKind, _ ids: [String]) -> [Resource] {
        Set(ids).compactMap { store[kind, $0] }.sorted { $0.serial < $1.serial }
    }
}

extension Call {
    /// The tags that a list filters by; one without a value takes any.
    var tagFilters: [(key: String, value: String?)] {
        parameters.objects("Tag").filter { $0["Key"] != nil }.map {
            ($0.text("Key"), $0.optionalText("Value"))
        }
    }

    /// True when a member is among a list filter, or when there is no such filter.
    func passes(_ filter: String, _ value: String) -> Bool {
        parameters[filter] == nil || parameters.texts(filter).contains(value)
    }

    /// True when a member equals a filter, or when there is no such filter.
    func equals(_ filter: String, _ value: String) -> Bool {
        parameters[filter] == nil || text(filter) == value
    }
}
