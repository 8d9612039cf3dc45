// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// What a session's cookie says: the place that its requests go to, and when it was used.
///
/// - Source: the names SERVERID and SERVERCORSID, and that the second carries SameSite=None, are documented. That
///   the value is a digest with the seconds of the last and the first use, by which the load balancer itself
///   sees that a session is over, is the form that Tengine's session module gives it: seen upstream. The name of
///   the cookie for groups is assumed.
struct SessionCookie: Sendable, Hashable {
    /// The cookie that binds a session to a server.
    static let server = "SERVERID"
    /// Its twin for pages of other sites.
    static let crossSite = "SERVERCORSID"
    /// The cookie that binds a session to a server group.
    static let group = "SERVERGROUPID"

    /// The digest of the server or group.
    var mark: String
    /// The second of the first use.
    var first: Int64

    /// Reads a cookie's value; nil when it is none of ours or has not been used for longer than `seconds`.
    init?(_ value: String, seconds: Int, now: Instant) {
        let parts = value.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 3, let last = Int64(parts[1]), let first = Int64(parts[2]),
            last >= 0, last <= now.seconds, now.seconds - last <= Int64(seconds)
        else { return nil }
        mark = String(parts[0])
        self.first = first
    }

    init(mark: String, first: Int64) {
        self.mark = mark
        self.first = first
    }

    /// The value that says that the session was used now.
    func value(now: Instant) -> String { "\(mark)|\(now.seconds)|\(first)" }

    /// A text's digest: 32 digits.
    static func mark(of text: String) -> String {
        [text, "session \(text)"].map { part in
            let digits = String(HashRing.hash(part), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// How the answers of a forwarded request carry its session on.
struct SessionBinding: Sendable {
    /// Since when the session goes to its server; nil when it begins with this request.
    var serverFirst: Int64?
    var stickiness: Stickiness?
    /// The group's digest and since when the session goes there; nil without stickiness among groups.
    var group: SessionCookie?
    var isSecure: Bool

    /// Stickiness of the server group.
    enum Stickiness: Sendable {
        case insert
        case rewrite(String)
    }

    /// Changes an answer's fields: sets the cookies, or writes the server's own ones anew.
    func apply(to fields: inout HTTPFields, server: String, now: Instant) {
        if let group {
            fields.append(cookie(SessionCookie.group, group.value(now: now)))
        }
        switch stickiness {
        case .insert:
            let session = SessionCookie(mark: server, first: serverFirst ?? now.seconds)
            let value = session.value(now: now)
            fields.append(cookie(SessionCookie.server, value))
            if isSecure {
                fields.append(
                    HTTPField(
                        name: .setCookie,
                        value: "\(SessionCookie.crossSite)=\(value);Path=/;SameSite=None;Secure"
                    )
                )
            }
        case .rewrite(let name): rewrite(name, server, &fields)
        case nil: break
        }
    }

    private func cookie(_ name: String, _ value: String) -> HTTPField {
        HTTPField(name: .setCookie, value: "\(name)=\(value);Path=/")
    }

    /// Puts the server's digest in place of the value that the application gave its cookie.
    private func rewrite(_ name: String, _ server: String, _ fields: inout HTTPFields) {
        guard fields.contains(.setCookie) else { return }
        for index in fields.indices where fields[index].name == .setCookie {
            let value = fields[index].value
            guard value.hasBytePrefix(name + "=") else { continue }
            let attributes = value.firstIndex(of: ";").map { value[$0...] } ?? ""
            fields[index] = HTTPField(name: .setCookie, value: "\(name)=\(server)\(attributes)")
        }
    }
}

extension RequestFacts {
    /// The first value of a cookie of that name that `read` makes something of.
    func cookie<Value>(_ name: String, _ read: (String) -> Value?) -> Value? {
        var found: Value?
        _ = hasCookie(name) { text in
            found = read(text)
            return found != nil
        }
        return found
    }
}
