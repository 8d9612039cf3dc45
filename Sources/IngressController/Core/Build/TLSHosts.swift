// SPDX-License-Identifier: Apache-2.0

/// Which hosts of an Ingress are for TLS.
struct TLSHosts: Sendable, Hashable {
    private let hosts: [String]
    private let coversAll: Bool
    private let isExact: Bool
    /// True without any tls entry.
    let isEmpty: Bool

    init(_ tls: [IngressSpec.TLS], profile: Profile) {
        hosts = tls.flatMap(\.hosts)
        isExact = profile.has(.tlsHostsComparedExactly)
        coversAll = !isExact && tls.contains { $0.hosts.isEmpty }
        isEmpty = tls.isEmpty
    }

    /// True when some entry counts for switching HTTPS on.
    var hasAny: Bool { !hosts.isEmpty || coversAll }

    /// True when the host is in the list.
    func contains(_ host: String) -> Bool {
        coversAll || hosts.contains { isExact ? $0 == host : Self.covers($0, host) }
    }

    /// True when a host, possibly with a wildcard for its first label, stands for another.
    static func covers(_ pattern: String, _ host: String) -> Bool {
        let pattern = pattern.lowercased(), host = host.lowercased()
        if pattern == host { return true }
        guard pattern.hasPrefix("*."), let dot = host.firstIndex(of: "."), dot > host.startIndex else {
            return false
        }
        return host[dot...] == pattern.dropFirst()
    }
}
