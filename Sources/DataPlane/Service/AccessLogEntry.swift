// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// What an access log will say of a request that is under way.
final class AccessLogEntry {
    var line: AccessLogLine
    let began: Instant
    /// When the request was whole.
    var wholeAt: Instant?

    init(_ arrival: Arrival, target: AccessLogTarget, address: String, now: Instant) {
        began = now
        let (head, client) = (arrival.head, arrival.client)
        let authority = head.authority ?? ""
        line = AccessLogLine()
        line.project = target.project
        line.store = target.store
        line.appLoadBalancerID = client.listener.loadBalancer
        line.time = now.rfc3339
        line.clientIP = client.facts.address
        line.httpHost = Self.shown(authority)
        line.host = Self.shown(Self.withoutPort(authority))
        line.method = head.method.rawValue
        line.uri = head.path ?? "/"
        line.scheme = client.listener.scheme
        line.serverProtocol = client.version.rawValue
        line.requestLength = Self.length(of: head) + arrival.body.count
        line.referer = Self.shown(head.headerFields[.referer])
        line.userAgent = Self.shown(head.headerFields[.userAgent])
        line.forwardedFor = Self.shown(Self.forwardedFor.flatMap { head.headerFields[$0] })
        line.realIP = Self.shown(Self.realIP.flatMap { head.headerFields[$0] })
        line.port = client.listener.key.port
        line.address = address
        line.tlsVersion = Self.shown(client.tlsVersion)
        line.cipher = Self.shown(client.cipher)
        if let roundTrip = client.roundTrip { line.roundTrip = String(roundTrip.nanoseconds / 1000) }
        if arrival.isWhole { wholeAt = now }
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")
    private static let realIP = HTTPField.Name("X-Real-IP")

    private static func shown(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return AccessLogLine.nothing }
        return text
    }

    private static func withoutPort(_ authority: String) -> String {
        guard !authority.hasPrefix("["), let colon = authority.lastIndex(of: ":") else { return authority }
        return String(authority[..<colon])
    }

    /// The bytes that the request's head has in HTTP/1.
    private static func length(of head: HTTPRequest) -> Int {
        let first = head.method.rawValue.utf8.count + (head.path ?? "/").utf8.count + 12
        let host = (head.authority ?? "").utf8.count + 8
        return head.headerFields.reduce(first + host + 2) {
            $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4
        }
    }

    /// Seconds with three decimals.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(duration.nanoseconds, 0) / 1_000_000
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    static func milliseconds(_ duration: Duration) -> Int { Int(max(duration.nanoseconds, 0) / 1_000_000) }
}
