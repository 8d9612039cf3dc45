// SPDX-License-Identifier: Apache-2.0

/// An X.509 certificate with its chain, as bytes: what one side of a TLS handshake shows.
///
/// Ports do not look inside; `Certificates` parses and checks it.
public struct CertificateChain: Sendable, Hashable {
    /// The certificates in DER, the leaf first; never empty.
    public let der: [[UInt8]]

    /// Makes a chain.
    public init(der: [[UInt8]]) {
        self.der = der
    }

    /// The end of a certificate is its signature, which is another for each of them.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(der.count)
        guard let leaf = der.first else { return }
        hasher.combine(leaf.count)
        leaf.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.suffix(24))) }
    }
}

/// What a client says in the first message of a TLS handshake.
public struct ClientHello: Sendable {
    /// The name asked for (SNI); nil when the client gave none.
    public var serverName: String?
    /// Application protocols offered, best first: `h2`, `http/1.1`, `h3`.
    public var applicationProtocols: [String]
    /// TLS versions offered, for example `TLSv1.2`; empty means all.
    public var versions: [String]
    /// Ciphers offered, as OpenSSL spells them; empty means all.
    public var ciphers: [String]
    /// True when the client can check the signatures of elliptic curves, as far as the hello says.
    public var takesEllipticCurves = true
    /// The client's own certificate, shown only when it is asked for one.
    public var certificate: CertificateChain?
    /// The private key in PEM of that certificate; needed on sockets only.
    public var privateKeyPEM: String?
    /// True when a certificate comes later in the handshake, and whoever carries that out checks it.
    public var showsCertificateLater = false

    /// Makes a hello.
    public init(
        serverName: String? = nil,
        applicationProtocols: [String] = ["h2", "http/1.1"],
        versions: [String] = [],
        ciphers: [String] = [],
        certificate: CertificateChain? = nil,
        privateKeyPEM: String? = nil
    ) {
        self.serverName = serverName
        self.applicationProtocols = applicationProtocols
        self.versions = versions
        self.ciphers = ciphers
        self.certificate = certificate
        self.privateKeyPEM = privateKeyPEM
    }
}

/// What a server answers to a client's hello.
public enum TLSAnswer: Sendable {
    /// The handshake goes on with this certificate, application protocol and TLS version.
    case accept(CertificateChain, applicationProtocol: String?, version: String)
    /// The handshake ends with this alert.
    case refuse(alert: String)
}

/// A server's choice of a certificate and protocol for each handshake.
public protocol TLSChooser: Sendable {
    /// Answers a client's hello; called once for each handshake, and must be quick.
    func choose(_ hello: ClientHello) -> TLSAnswer

    /// The private key in PEM of a chain that `choose` accepted with; needed on sockets only.
    func privateKeyPEM(for chain: CertificateChain) -> String?

    /// What handshakes have to keep to; sockets enforce it, since there keys and ciphers are real.
    var policy: TLSPolicy { get }
}

/// What a server's handshakes keep to, beside the certificate.
public struct TLSPolicy: Sendable, Hashable {
    /// The versions allowed, for example `TLSv1.2`; empty for the library's own.
    public var versions: [String]
    /// The ciphers allowed, as OpenSSL spells them; empty for the library's own.
    public var ciphers: [String]
    /// Whom client certificates must come from; nil when no certificate is needed.
    public var clientAuthority: CertificateChain?
    /// Any client certificate is taken, and none is too: whoever reads the connection's facts judges it.
    public var takesAnyCertificate: Bool

    /// Makes a policy; by default one without any limits.
    public init(
        versions: [String] = [],
        ciphers: [String] = [],
        clientAuthority: CertificateChain? = nil,
        takesAnyCertificate: Bool = false
    ) {
        self.takesAnyCertificate = takesAnyCertificate
        self.versions = versions
        self.ciphers = ciphers
        self.clientAuthority = clientAuthority
    }
}

extension TLSPolicy {
    /// The cipher that a handshake agrees on: the first one allowed that the client offers.
    ///
    /// - Source: that the server's order counts, and which one it is where neither side has a wish, is assumed.
    public func cipher(offered: [String], version: String) -> String {
        let isNewest = version == "TLSv1.3"
        let usual = isNewest ? "TLS_AES_128_GCM_SHA256" : "ECDHE-RSA-AES128-GCM-SHA256"
        return (ciphers.isEmpty ? offered : ciphers).first { cipher in
            cipher.hasPrefix("TLS_") == isNewest && (offered.isEmpty || offered.contains(cipher))
        } ?? usual
    }
}

extension TLSChooser {
    /// No key: such a chooser serves simulated connections only.
    public func privateKeyPEM(for chain: CertificateChain) -> String? { nil }

    /// No limits.
    public var policy: TLSPolicy { TLSPolicy() }
}

/// What both sides know of a connection's TLS once it is open.
public struct TLSFacts: Sendable {
    /// The name that the client asked for.
    public var serverName: String?
    /// What the server showed.
    public var serverCertificate: CertificateChain
    /// What the client showed, when the server asked for it.
    public var clientCertificate: CertificateChain?
    /// The application protocol agreed on.
    public var applicationProtocol: String?
    /// The TLS version agreed on, for example `TLSv1.3`.
    public var version: String
    /// The cipher agreed on, as OpenSSL spells it; empty where it is not known.
    public var cipher: String

    /// Makes the facts.
    public init(
        serverName: String?,
        serverCertificate: CertificateChain,
        clientCertificate: CertificateChain? = nil,
        applicationProtocol: String?,
        version: String,
        cipher: String = ""
    ) {
        self.cipher = cipher
        self.serverName = serverName
        self.serverCertificate = serverCertificate
        self.clientCertificate = clientCertificate
        self.applicationProtocol = applicationProtocol
        self.version = version
    }
}
