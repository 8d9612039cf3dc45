// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import Ports
import Synchronization

/// TLS contexts of servers, made once for a certificate and a policy: reading keys costs more than a handshake.
final class ServerContexts: Sendable {
    private struct Key: Hashable {
        let chain: CertificateChain
        let privateKeyPEM: String
        let policy: TLSPolicy
        let offersHTTP2: Bool
    }

    private static let kept = 256

    private let known = Mutex<[Key: NIOSSLContext]>([:])

    /// The context for a handshake.
    func context(
        chain: CertificateChain,
        privateKeyPEM: String,
        policy: TLSPolicy,
        offersHTTP2: Bool
    ) throws -> NIOSSLContext {
        let key = Key(chain: chain, privateKeyPEM: privateKeyPEM, policy: policy, offersHTTP2: offersHTTP2)
        if let context = known.withLock({ $0[key] }) { return context }
        let context = try Self.make(key)
        known.withLock { known in
            // Certificates are rotated and policies change: what is still used comes back by itself.
            if known.count >= Self.kept { known = [:] }
            known[key] = context
        }
        return context
    }

    private static func make(_ key: Key) throws -> NIOSSLContext {
        let certificates = try key.chain.der.map {
            NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der))
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates,
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.privateKeyPEM.utf8), format: .pem))
        )
        configuration.applicationProtocols = key.offersHTTP2 ? ["h2", "http/1.1"] : ["http/1.1"]
        let versions = key.policy.versions.compactMap { TLSVersion(name: $0) }
        if let oldest = versions.first, let newest = versions.last {
            configuration.minimumTLSVersion = oldest
            configuration.maximumTLSVersion = newest
        }
        // The suites of TLS 1.3 are always all of the library's.
        let ciphers = key.policy.ciphers.filter { !$0.hasPrefix("TLS_") }
        if !ciphers.isEmpty { configuration.cipherSuites = ciphers.joined(separator: ":") }
        if key.policy.takesAnyCertificate {
            configuration.certificateVerification = .optionalVerification
            // Nothing is checked against them, and reading the system's takes longer than all the rest of a start.
            configuration.trustRoots = .certificates([])
        }
        if let authority = key.policy.clientAuthority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(
                try authority.der.map { try NIOSSLCertificate(bytes: $0, format: .der) }
            )
        }
        return try NIOSSLContext(configuration: configuration)
    }
}

extension TLSVersion {
    /// Reads `TLSv1.2` and the like.
    init?(name: String) {
        switch name {
        case "TLSv1.0": self = .tlsv1
        case "TLSv1.1": self = .tlsv11
        case "TLSv1.2": self = .tlsv12
        case "TLSv1.3": self = .tlsv13
        default: return nil
        }
    }

    /// `TLSv1.2` and the like.
    var name: String {
        switch self {
        case .tlsv1: "TLSv1.0"
        case .tlsv11: "TLSv1.1"
        case .tlsv12: "TLSv1.2"
        case .tlsv13: "TLSv1.3"
        }
    }
}
