// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// The cookies of a traffic's clients, each client's for itself.
///
/// - Source: RFC 6265: a cookie goes back to the host that set it, and an empty one with no time left is taken
///   away; documented. Paths, domains and ends in time are left out.
struct CookieJar: Sendable {
    private struct Owner: Hashable {
        var client: Int
        var host: String
    }

    private var cookies: [Owner: [(name: String, value: String)]] = [:]

    /// Takes what an answer sets.
    mutating func take(_ head: HTTPResponse, client: Int, host: String) {
        for field in head.headerFields where field.name.canonicalName == "set-cookie" {
            let parts = field.value.split(separator: ";")
            guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { continue }
            let name = String(pair[..<equals].drop { $0 == " " })
            let value = String(pair[pair.index(after: equals)...])
            let isOver = parts.dropFirst().contains { part in
                part.drop { $0 == " " }.lowercased() == "max-age=0"
            }
            let owner = Owner(client: client, host: host)
            cookies[owner, default: []].removeAll { $0.name == name }
            if !isOver { cookies[owner, default: []].append((name, value)) }
        }
    }

    /// The request with the client's cookies, beside those that it has.
    func dressed(_ frame: Frame, client: Int, host: String) -> Frame {
        guard let own = cookies[Owner(client: client, host: host)], !own.isEmpty,
            case .request(var head)? = frame.head
        else { return frame }
        var pairs = head.headerFields[.cookie].map { [$0] } ?? []
        pairs += own.map { "\($0.name)=\($0.value)" }
        head.headerFields[.cookie] = pairs.joined(separator: "; ")
        var dressed = frame
        dressed.head = .request(head)
        return dressed
    }
}
