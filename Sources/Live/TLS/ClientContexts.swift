// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import Ports
import Synchronization

/// TLS contexts of clients, made once for what they offer and whom they believe.
final class ClientContexts: Sendable {
    private struct Key: Hashable {
        let applicationProtocols: [String]
        let versions: [String]
        let ciphers: [String]
        let certificate: CertificateChain?
        let privateKeyPEM: String?
    }

    private static let kept = 64

    private let trust: LiveTrust
    private let identity: LiveIdentity?
    private let known = Mutex<[Key: NIOSSLContext]>([:])

    init(trust: LiveTrust, identity: LiveIdentity?) {
        self.trust = trust
        self.identity = identity
    }

    /// The context for a handshake that begins with this hello.
    func context(_ hello: ClientHello) throws -> NIOSSLContext {
        let key = Key(
            applicationProtocols: hello.applicationProtocols,
            versions: hello.versions,
            ciphers: hello.ciphers,
            certificate: hello.certificate,
            privateKeyPEM: hello.privateKeyPEM
        )
        if let context = known.withLock({ $0[key] }) { return context }
        let context = try make(key)
        known.withLock { known in
            if known.count >= Self.kept { known = [:] }
            known[key] = context
        }
        return context
    }

    private func make(_ key: Key) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = key.applicationProtocols
        switch trust {
        case .system: break
        case .anybody: configuration.certificateVerification = .none
        case .roots(let pem):
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
        case .rootsAndSystem(let pem):
            configuration.additionalTrustRoots = [
                .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
            ]
        }
        let versions = key.versions.compactMap { TLSVersion(name: $0) }
        if let oldest = versions.first, let newest = versions.last {
            configuration.minimumTLSVersion = oldest
            configuration.maximumTLSVersion = newest
        }
        let ciphers = key.ciphers.filter { !$0.hasPrefix("TLS_") }
        if !ciphers.isEmpty { configuration.cipherSuites = ciphers.joined(separator: ":") }
        if let chain = key.certificate, let pem = key.privateKeyPEM {
            configuration.certificateChain = try chain.der.map {
                .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem)
            )
        } else if let identity {
            configuration.certificateChain = try identity.certificates().map { .certificate($0) }
            configuration.privateKey = .privateKey(try identity.privateKey())
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
