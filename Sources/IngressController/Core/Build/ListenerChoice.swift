// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// Which listeners an Ingress uses, and which of its rules go to each.
///
/// - Source: the product's page on listen ports and the open-source builder; documented.
struct ListenerChoice: Sendable, Hashable {
    /// The listeners, in the order in which they were found.
    let ports: [ListenerPort]
    /// True when all rules go to all of them.
    let forcesPorts: Bool
    /// True when plain HTTP answers with a redirect.
    let redirectsToTLS: Bool
    private let tls: TLSHosts

    /// The listeners of rules that are taken over as they are.
    init(ports: [ListenerPort]) {
        self.ports = ports
        forcesPorts = true
        redirectsToTLS = false
        tls = TLSHosts([], profile: .managed)
    }

    init(_ ingress: IngressSpec) throws(BuildError) {
        let annotations = ingress.annotations
        tls = TLSHosts(ingress.tls, profile: annotations.profile)
        redirectsToTLS = annotations.isTrue(.sslRedirect)
        var ports: [ListenerPort] = redirectsToTLS ? [ListenerPort(80, .http)] : []
        let listed = annotations.text(.listenPorts)
        if let listed {
            for port in try ListenPortsAnnotation.parse(listed) where !ports.contains(port) {
                ports.append(port)
            }
        } else {
            let tls = tls
            let hasPlainHost = ingress.hosts.contains { !tls.contains($0) }
            for port in Self.byHosts(hasTLS: tls.hasAny, hasPlainHost: hasPlainHost)
            where !ports.contains(port) {
                ports.append(port)
            }
        }
        self.ports = ports
        forcesPorts = redirectsToTLS || listed != nil
    }

    private static func byHosts(hasTLS: Bool, hasPlainHost: Bool) -> [ListenerPort] {
        switch (hasTLS, hasPlainHost) {
        case (true, true): [ListenerPort(80, .http), ListenerPort(443, .https)]
        case (true, false): [ListenerPort(443, .https)]
        default: [ListenerPort(80, .http)]
        }
    }

    /// True when a rule for this host goes to a listener of this protocol.
    func takes(host: String, on port: ListenerPort) -> Bool {
        if forcesPorts || host.isEmpty { return true }
        return port.isSecure ? wantsTLS(host) : !tls.contains(host)
    }

    /// True when the host needs a certificate on a listener with TLS.
    func wantsTLS(_ host: String) -> Bool { tls.isEmpty || tls.contains(host) }

    /// The port that redirects lead to.
    func redirectPort(_ profile: Profile) -> Int {
        if profile.has(.redirectIgnoresPorts) || ports.contains(ListenerPort(443, .https)) { return 443 }
        return ports.first { $0.listenerProtocol == .https }?.port ?? 443
    }

    /// True when rules on this listener only redirect.
    func redirects(on port: ListenerPort, _ profile: Profile) -> Bool {
        guard redirectsToTLS else { return false }
        return profile.has(.redirectIgnoresPorts) ? port.port != 443 : port.listenerProtocol == .http
    }
}
