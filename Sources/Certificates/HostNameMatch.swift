// SPDX-License-Identifier: Apache-2.0

/// How well a certificate's name fits a host name.
public enum HostNameMatch: Int, Sendable, Hashable, Comparable {
    /// Not at all.
    case none
    /// Through `*.`, which stands for exactly one label.
    case wildcard
    /// Letter by letter, without regard to case.
    case exact

    /// Compares a certificate's name with the host name asked for.
    ///
    /// - Source: one label for the wildcard: documented for ALB, and RFC 6125.
    public init(pattern: String, host: String) {
        let pattern = Self.normal(pattern)
        let host = Self.normal(host)
        if host.isEmpty || pattern.isEmpty {
            self = .none
        } else if pattern == host {
            self = .exact
        } else if pattern.hasPrefix("*."), let dot = host.firstIndex(of: "."), dot != host.startIndex,
            host[dot...] == pattern.dropFirst()
        {
            self = .wildcard
        } else {
            self = .none
        }
    }

    /// The best match among several names of a certificate.
    public init(anyOf patterns: [String], host: String) {
        self = patterns.map { HostNameMatch(pattern: $0, host: host) }.max() ?? .none
    }

    /// Orders by how well the names fit.
    public static func < (left: HostNameMatch, right: HostNameMatch) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Lower case, without the dot that ends a full name.
    static func normal(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}
