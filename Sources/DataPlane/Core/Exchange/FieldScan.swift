// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// What a proxy must know of a message's header fields, found in one pass.
struct FieldScan: Sendable {
    /// Bytes of all names and values, with what separates them on a line.
    private(set) var bytes = 0
    /// True when there are fields that concern one connection only.
    private(set) var hasHopByHop = false
    /// True when the client wants to speak another protocol.
    private(set) var wantsUpgrade = false
    /// True when the connection ends with this message.
    private(set) var wantsClose = false
    /// What Content-Length says; -1 without one.
    private(set) var contentLength = -1
    /// Where X-Forwarded-For is; -1 without one.
    private(set) var forwardedFor = -1
    /// Where the chain of load balancers is; -1 without one.
    private(set) var trace = -1
    /// True when there are fields of the names that load balancers set.
    private(set) var hasForwarded = false

    /// What is known of no fields at all.
    init() {}

    init(_ fields: HTTPFields) {
        // By place, so that no field is copied. Lengths are looked at first: most fields are none of these.
        for index in 0..<fields.endIndex {
            let length = fields[index].name.canonicalName.utf8.count
            bytes += length + fields[index].value.utf8.count + 4
            switch length {
            case 2, 6, 7, 10, 14...: look(at: fields[index], index, length)
            default: break
            }
        }
    }

    private mutating func look(at field: HTTPField, _ index: Int, _ length: Int) {
        let name = field.name.canonicalName
        switch length {
        case 2 where name == "te": hasHopByHop = true
        case 6 where name == "slb-id": hasForwarded = true
        case 7 where name == "upgrade":
            hasHopByHop = true
            wantsUpgrade = field.value.asciiLowercased == "websocket"
        case 10 where name == "connection":
            hasHopByHop = true
            wantsClose = FieldScan.hasClose(field.value)
        case 10 where name == "keep-alive": hasHopByHop = true
        case 14 where name == "content-length": contentLength = Int(field.value) ?? -1
        case 16 where name == "proxy-connection": hasHopByHop = true
        case 17 where name == "transfer-encoding": hasHopByHop = true
        case 18 where name == "alicloud-alb-trace": trace = index
        case 15... where name.hasBytePrefix("x-forwarded-"):
            hasForwarded = true
            if name == "x-forwarded-for" { forwardedFor = index }
        default: break
        }
    }

    private static func hasClose(_ value: String) -> Bool {
        if value == "close" { return true }
        if value == "keep-alive" || value == "upgrade" { return false }
        let value = value.asciiLowercased
        return value == "close" || value.split(separator: ",").contains { $0.trimmed == "close" }
    }
}

extension HTTPFields {
    /// The fields that go on to the other side of a proxy; found in one pass, without an index of their names.
    var withoutHopByHop: HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(count)
        for index in 0..<endIndex where !HTTPFields.isHopByHop(self[index].name.canonicalName) {
            fields.append(self[index])
        }
        return fields
    }

    private static func isHopByHop(_ name: String) -> Bool {
        switch name.utf8.count {
        case 2: name == "te"
        case 7: name == "upgrade"
        case 10: name == "connection" || name == "keep-alive"
        case 16: name == "proxy-connection"
        case 17: name == "transfer-encoding"
        default: false
        }
    }
}
