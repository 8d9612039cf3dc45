// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension TraceEntry {
    /// The entry with its record's columns as members.
    var json: JSONValue {
        var writer = MemberWriter()
        event.write(to: &writer)
        var members: JSONObject = [
            "id": .integer(Int64(id.number)), "at": .string(at.rfc3339Micro), "host": .string(host),
            "kind": .string(type(of: event.record).table),
        ]
        if cause != .none { members["cause"] = .integer(Int64(cause.number)) }
        members["record"] = .object(writer.members)
        return .object(members)
    }
}

/// Takes columns as members of an object.
private struct MemberWriter: TraceWriter {
    var members = JSONObject()

    mutating func column(_ name: StaticString, _ value: Int64) { members["\(name)"] = .integer(value) }
    mutating func column(_ name: StaticString, _ value: String) { members["\(name)"] = .string(value) }
}
