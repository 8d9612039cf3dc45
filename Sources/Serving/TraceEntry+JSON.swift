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

extension TraceEntry {
    /// The record as the log service shows a line: every field a text, beside the service's own.
    var logJSON: JSONValue {
        var writer = MemberWriter()
        event.write(to: &writer)
        var members: JSONObject = [
            "__topic__": writer.members["topic"] ?? "", "__source__": .string(host),
            "__time__": .string(String(at.seconds)),
            "__tag__:project": writer.members["project"] ?? "",
            "__tag__:logstore": writer.members["store"] ?? "",
            "__tag__:entry": .string(String(id.number)),
        ]
        for member in writer.members where !["topic", "project", "store"].contains(member.key) {
            members[member.key] = .string(member.value.stringValue ?? member.value.text)
        }
        return .object(members)
    }
}

/// Takes columns as members of an object.
private struct MemberWriter: TraceWriter {
    var members = JSONObject()

    mutating func column(_ name: StaticString, _ value: Int64) { members["\(name)"] = .integer(value) }
    mutating func column(_ name: StaticString, _ value: String) { members["\(name)"] = .string(value) }
}
