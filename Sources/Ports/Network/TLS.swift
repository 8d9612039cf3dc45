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
}

/// What a client says in the first message of a TLS handshake.
public struct ClientHello: Sendable {
    /// The name asked for (SNI); nil when the client gave none.
    public var serverName: String?
    /// Application protocols offered, best first: `h2`, `http/1.1`, `h3`.
    public var applicationProtocols: [String]
    /// TLS versions offered, for example `TLSv1.2`; empty means all.
    public var versions: [String]
    /// The client's own certificate, shown only when it is asked for one.
    public var certificate: CertificateChain?

    /// Makes a hello.
    public init(
        serverName: String? = nil,
        applicationProtocols: [String] = ["h2", "http/1.1"],
        versions: [String] = [],
        certificate: CertificateChain? = nil
    ) {
        self.serverName = serverName
        self.applicationProtocols = applicationProtocols
        self.versions = versions
        self.certificate = certificate
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
}

extension TLSChooser {
    /// No key: such a chooser serves simulated connections only.
    public func privateKeyPEM(for chain: CertificateChain) -> String? { nil }
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

    /// Makes the facts.
    public init(
        serverName: String?,
        serverCertificate: CertificateChain,
        clientCertificate: CertificateChain? = nil,
        applicationProtocol: String?,
        version: String
    ) {
        self.serverName = serverName
        self.serverCertificate = serverCertificate
        self.clientCertificate = clientCertificate
        self.applicationProtocol = applicationProtocol
        self.version = version
    }
}
