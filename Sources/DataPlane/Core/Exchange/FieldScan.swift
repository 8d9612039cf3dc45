// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// What a proxy must know of a message's header fields, found in one pass.
struct FieldScan: Sendable {
    /// Bytes of all names and values, with what separates them on a line.
    private(set) var bytes = 0
    /// Where fields are that concern one connection only.
    private(set) var hopByHop: [Int] = []
    /// True when the client wants to speak another protocol.
    private(set) var wantsUpgrade = false
    /// True when the connection ends with this message.
    private(set) var wantsClose = false
    /// Where X-Forwarded-For is; -1 without one.
    private(set) var forwardedFor = -1
    /// Where the chain of load balancers is; -1 without one.
    private(set) var trace = -1
    /// The value of Host, where a message carries it as a field.
    private(set) var hasHost = false

    init(_ fields: HTTPFields) {
        for (index, field) in fields.enumerated() {
            let name = field.name.canonicalName
            bytes += name.utf8.count + field.value.utf8.count + 4
            // Lengths first: most fields are none of these.
            switch name.utf8.count {
            case 2 where name == "te": hopByHop.append(index)
            case 4 where name == "host": hasHost = true
            case 7 where name == "upgrade":
                wantsUpgrade = true
                hopByHop.append(index)
            case 10 where name == "connection":
                wantsClose = field.value.asciiLowercased == "close"
                hopByHop.append(index)
            case 10 where name == "keep-alive": hopByHop.append(index)
            case 15 where name == "x-forwarded-for": forwardedFor = index
            case 16 where name == "proxy-connection": hopByHop.append(index)
            case 17 where name == "transfer-encoding": hopByHop.append(index)
            case 18 where name == "alicloud-alb-trace": trace = index
            default: break
            }
        }
    }
}
