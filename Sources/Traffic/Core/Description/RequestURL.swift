// SPDX-License-Identifier: Apache-2.0

/// The address of a request: scheme, host, port, and path with query.
public struct RequestURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public enum Scheme: String, Sendable, Hashable {
        /// Plain text.
        case http
        /// TLS, or QUIC.
        case https

        /// The port that a URL without one means.
        public var defaultPort: Int { self == .http ? 80 : 443 }
    }

    /// Plain text or TLS.
    public var scheme: Scheme
    /// A name or an IP address, in lower case, without brackets.
    public var host: String
    /// The port.
    public var port: Int
    /// Path and query, beginning with `/`.
    public var path: String

    /// Makes a URL of its parts.
    ///
    /// - Parameters:
    ///   - scheme: Plain text or TLS.
    ///   - host: A name or an IP address, without brackets.
    ///   - port: The port; nil means the scheme's own.
    ///   - path: Path and query; the `/` at the beginning is added when it is missing.
    public init(scheme: Scheme, host: String, port: Int? = nil, path: String = "/") {
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port ?? scheme.defaultPort
        self.path = path.hasPrefix("/") ? path : "/" + path
    }

    /// Reads a URL such as `https://cafe.example.com:8443/tea?cup=1`; a fragment is dropped, as clients do.
    ///
    /// - Throws: `TrafficMistake` saying what was expected and what was found.
    public init(_ text: String) throws(TrafficMistake) {
        guard let separator = text.firstRange(of: "://") else {
            throw TrafficMistake(part: "url", reason: "expected http://… or https://…, found \(text)")
        }
        let name = text[..<separator.lowerBound].lowercased()
        guard let scheme = Scheme(rawValue: name) else {
            throw TrafficMistake(part: "url", reason: "expected the scheme http or https, found \(name)")
        }
        let rest = text[separator.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let (host, port) = try Self.authority(rest[..<end], in: text)
        let path = rest[end...].prefix { $0 != "#" }
        self.init(scheme: scheme, host: host, port: port, path: String(path))
    }

    private static func authority(
        _ authority: Substring,
        in text: String
    ) throws(TrafficMistake) -> (host: String, port: Int?) {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let rest = authority[authority.index(after: bracket)...]
            if rest.hasPrefix(":") { port = rest.dropFirst() }
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, !host.contains(where: { " @[]".contains($0) }) else {
            throw TrafficMistake(part: "url", reason: "expected a host name or an IP address in \(text)")
        }
        guard let port else { return (String(host), nil) }
        guard let number = Int(port), (1...65_535).contains(number) else {
            throw TrafficMistake(
                part: "url",
                reason: "expected a port from 1 to 65535, found \(port) in \(text)"
            )
        }
        return (String(host), number)
    }

    /// The host, with the port where it is not the scheme's own: what the Host field says.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    /// `https://cafe.example.com/tea`.
    public var description: String { "\(scheme.rawValue)://\(authority)\(path)" }

    /// True when the host is an IP address, not a name.
    var isAddress: Bool {
        host.contains(":") || host.utf8.allSatisfy { $0 == 0x2e || (0x30...0x39).contains($0) }
    }

    /// What a `Location` field means to whoever asked for this URL; nil when it can not be followed.
    func following(_ location: String) -> RequestURL? {
        if location.contains("://") { return try? RequestURL(location) }
        if location.hasPrefix("//") { return try? RequestURL("\(scheme.rawValue):\(location)") }
        guard !location.isEmpty else { return nil }
        var next = self
        let bare = path.prefix { $0 != "?" }
        if location.hasPrefix("/") {
            next.path = location
        } else if location.hasPrefix("?") {
            next.path = bare + location
        } else {
            next.path = bare[...(bare.lastIndex(of: "/") ?? bare.startIndex)] + location
        }
        next.path = String(next.path.prefix { $0 != "#" })
        return next
    }
}
