// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import Ports

/// What a listener answers to a TLS client's hello, worked out once for its certificates and policy.
///
/// - Source: server name and versions are documented; the alerts are those of common servers.
struct HandshakeChoice: Sendable {
    private static let allVersions = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]

    private let names: ServerNameChoice
    /// The oldest first.
    private let versions: [String]
    /// What the listener speaks, best first.
    private let protocols: [String]
    private let clientAuthority: CertificateVerifier?
    /// The ciphers allowed, as OpenSSL spells them; nil for all.
    private let ciphers: Set<String>?
    /// What handshakes on sockets have to keep to.
    let policy: TLSPolicy

    init(_ listener: ListenerConfiguration) {
        names = ServerNameChoice(listener.certificates.map { ($0.chain, $0.isDefault) })
        if listener.listenerProtocol == .quic {
            versions = ["TLSv1.3"]
            protocols = ["h3"]
        } else {
            let allowed = listener.securityPolicy?.versions ?? ["TLSv1.0", "TLSv1.1", "TLSv1.2"]
            versions = HandshakeChoice.allVersions.filter(allowed.contains)
            protocols = listener.isHTTP2Enabled ? ["h2", "http/1.1"] : ["http/1.1"]
        }
        clientAuthority = listener.clientAuthority.map { CertificateVerifier(roots: [$0], purpose: .client) }
        ciphers = listener.securityPolicy.map { Set($0.ciphers) }
        policy = TLSPolicy(
            versions: versions,
            ciphers: listener.securityPolicy?.ciphers ?? [],
            clientAuthority: listener.clientAuthority
        )
    }

    /// True when a handshake goes the same way under both configurations.
    static func isSame(_ one: ListenerConfiguration, _ other: ListenerConfiguration) -> Bool {
        one.certificates == other.certificates && one.securityPolicy == other.securityPolicy
            && one.isHTTP2Enabled == other.isHTTP2Enabled && one.clientAuthority == other.clientAuthority
    }

    /// Answers a hello.
    func answer(_ hello: ClientHello, now: Instant) -> TLSAnswer {
        let offered = hello.versions.isEmpty ? HandshakeChoice.allVersions : hello.versions
        guard let version = versions.last(where: offered.contains) else {
            return .refuse(alert: "protocol_version")
        }
        let certificate = names.choose(
            serverName: hello.serverName,
            clientTakesECC: hello.takesEllipticCurves
                && agreesOnCipher(hello.ciphers, version, key: .ecc)
        )
        // Without any certificate the name is what is wrong, unless no cipher would do for one.
        guard agreesOnCipher(hello.ciphers, version, key: certificate?.key) else {
            return .refuse(alert: "handshake_failure")
        }
        guard let certificate else { return .refuse(alert: "unrecognized_name") }
        var agreed: String?
        if !hello.applicationProtocols.isEmpty {
            agreed = protocols.first(where: hello.applicationProtocols.contains)
            if agreed == nil { return .refuse(alert: "no_application_protocol") }
        }
        if hello.showsCertificateLater {
            return .accept(certificate.chain, applicationProtocol: agreed, version: version)
        }
        if let alert = objection(toClient: hello.certificate, now: now) { return .refuse(alert: alert) }
        return .accept(certificate.chain, applicationProtocol: agreed, version: version)
    }

    /// True when any of the ciphers offered is allowed and goes with the certificate's key; those of TLS 1.3, which go
    /// with every key, count there only, and the others elsewhere.
    private func agreesOnCipher(
        _ offered: [String],
        _ version: String,
        key: CertificateFacts.KeyAlgorithm?
    ) -> Bool {
        let allowed = ciphers ?? []
        if offered.isEmpty { return true }
        let isNewest = version == "TLSv1.3"
        return offered.contains { cipher in
            guard cipher.hasPrefix("TLS_") == isNewest, allowed.isEmpty || allowed.contains(cipher) else {
                return false
            }
            return isNewest || key == nil || cipher.hasPrefix("ECDHE-ECDSA-") == (key != .rsa)
        }
    }

    /// Why a client certificate is not taken; nil when it is, or when none is asked for.
    private func objection(toClient chain: CertificateChain?, now: Instant) -> String? {
        guard let clientAuthority else { return nil }
        guard let chain else { return "certificate_required" }
        switch clientAuthority.verify(chain, host: "", at: now) {
        // The name is looked at last, and a client's certificate names no host: all else was right.
        case .valid, .invalid(.nameMismatch): return nil
        case .invalid(.expired), .invalid(.notYetValid): return "certificate_expired"
        case .invalid(.unknownAuthority), .invalid(.selfSigned): return "unknown_ca"
        case .invalid: return "bad_certificate"
        }
    }

    /// The certificate for a server name and why it is that one, in words.
    func explanation(serverName: String?) -> String? {
        guard let choice = names.choose(serverName: serverName) else { return nil }
        let label = (try? CertificateFacts.of(choice.chain))?.label ?? "an unreadable certificate"
        return "\(label) (\(choice.reason.rawValue))"
    }
}
