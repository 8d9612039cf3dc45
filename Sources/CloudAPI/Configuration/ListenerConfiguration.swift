// SPDX-License-Identifier: Apache-2.0
public import Ports

/// A running listener.
public struct ListenerConfiguration: Sendable, Hashable {
    /// HTTP, HTTPS or QUIC.
    public enum ListenerProtocol: String, Sendable, Hashable {
        /// Plain HTTP/1.1.
        case http = "HTTP"
        /// HTTP/1.1 and HTTP/2 over TLS.
        case https = "HTTPS"
        /// HTTP/3 over QUIC.
        case quic = "QUIC"
    }

    /// The listener's id.
    public var id: String
    /// The protocol.
    public var listenerProtocol: ListenerProtocol
    /// 1 to 65535.
    public var port: Int
    /// Certificates for TLS; empty for HTTP.
    public var certificates: [ListenerCertificate]
    /// The CA that client certificates must come from; nil without mutual TLS.
    public var clientAuthority: CertificateChain?
    /// TLS versions and ciphers allowed; nil for HTTP and QUIC.
    public var securityPolicy: SecurityPolicy?
    /// True when HTTP/2 is offered.
    public var isHTTP2Enabled: Bool
    /// True when answers may be compressed.
    public var isGzipEnabled: Bool
    /// How long an idle client connection stays open.
    public var idleTimeout: Duration
    /// How long a server may take for the first byte of its answer.
    public var requestTimeout: Duration
    /// Request-direction rules, the lowest priority number first.
    public var rules: [RuleConfiguration]
    /// Response-direction rules, the lowest priority number first.
    public var responseRules: [RuleConfiguration]
    /// Where requests go that no rule takes.
    public var defaultAction: RuleAction
    /// Which X-Forwarded headers are set.
    public var forwardedHeaders: ForwardedHeaders
    /// Address lists; empty lets everybody in.
    public var accessControl: AccessControl?
    /// The port of the QUIC listener to advertise; nil without QUIC upgrade.
    public var quicUpgradePort: Int?

    /// Makes a listener with the product's defaults.
    public init(
        id: String,
        listenerProtocol: ListenerProtocol,
        port: Int,
        certificates: [ListenerCertificate] = [],
        clientAuthority: CertificateChain? = nil,
        securityPolicy: SecurityPolicy? = nil,
        isHTTP2Enabled: Bool = true,
        isGzipEnabled: Bool = true,
        idleTimeout: Duration = .seconds(15),
        requestTimeout: Duration = .seconds(60),
        rules: [RuleConfiguration] = [],
        responseRules: [RuleConfiguration] = [],
        defaultAction: RuleAction,
        forwardedHeaders: ForwardedHeaders = ForwardedHeaders(),
        accessControl: AccessControl? = nil,
        quicUpgradePort: Int? = nil
    ) {
        self.id = id
        self.listenerProtocol = listenerProtocol
        self.port = port
        self.certificates = certificates
        self.clientAuthority = clientAuthority
        self.securityPolicy = securityPolicy
        self.isHTTP2Enabled = isHTTP2Enabled
        self.isGzipEnabled = isGzipEnabled
        self.idleTimeout = idleTimeout
        self.requestTimeout = requestTimeout
        self.rules = rules
        self.responseRules = responseRules
        self.defaultAction = defaultAction
        self.forwardedHeaders = forwardedHeaders
        self.accessControl = accessControl
        self.quicUpgradePort = quicUpgradePort
    }
}

/// A certificate of a listener.
public struct ListenerCertificate: Sendable, Hashable {
    /// The certificate's id, `<number>-<region>`.
    public var id: String
    /// The certificate and its chain.
    public var chain: CertificateChain
    /// The private key in PEM: needed on sockets only, and never traced.
    public var privateKeyPEM: String
    /// True for the one shown to clients whose name fits no other.
    public var isDefault: Bool

    /// Makes a listener's certificate.
    public init(id: String, chain: CertificateChain, privateKeyPEM: String, isDefault: Bool) {
        self.id = id
        self.chain = chain
        self.privateKeyPEM = privateKeyPEM
        self.isDefault = isDefault
    }
}

/// The TLS versions and ciphers that a listener allows.
public struct SecurityPolicy: Sendable, Hashable {
    /// The policy's id, for example `tls_cipher_policy_1_0`.
    public var id: String
    /// For example `TLSv1.2`.
    public var versions: [String]
    /// Cipher names as OpenSSL spells them.
    public var ciphers: [String]

    /// Makes a policy.
    public init(id: String, versions: [String], ciphers: [String]) {
        self.id = id
        self.versions = versions
        self.ciphers = ciphers
    }
}

/// A listener's XForwardedForConfig, as far as requests are concerned.
public struct ForwardedHeaders: Sendable, Hashable {
    /// `append`, `remove`, or nil when X-Forwarded-For is passed on as it came.
    public var forwardedFor: String?
    /// The flags that are on, by their API names without `XForwardedFor` and `Enabled`: `Proto`, `SLBId`,
    /// `SLBPort`, `ClientSrcPort`, `Host`, `ClientCertSubjectDN`, `ClientCertIssuerDN`,
    /// `ClientCertFingerprint`, `ClientCertClientVerify`, `ClientSourceIps`.
    public var flags: Set<String>
    /// Header names for the client certificate's facts, by flag name.
    public var aliases: [String: String]
    /// Proxies whose X-Forwarded-For is believed.
    public var trustedSources: [String]

    /// Makes the configuration; by default the client's address is appended and nothing else is set.
    public init(
        forwardedFor: String? = "append",
        flags: Set<String> = [],
        aliases: [String: String] = [:],
        trustedSources: [String] = []
    ) {
        self.forwardedFor = forwardedFor
        self.flags = flags
        self.aliases = aliases
        self.trustedSources = trustedSources
    }
}

/// A listener's address lists.
public struct AccessControl: Sendable, Hashable {
    /// True lets only the listed sources in; false keeps them out.
    public var isWhiteList: Bool
    /// CIDR blocks of all associated lists.
    public var entries: [String]

    /// Makes address lists.
    public init(isWhiteList: Bool, entries: [String]) {
        self.isWhiteList = isWhiteList
        self.entries = entries
    }
}
