// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports

/// The API server's certificate, and the authority that clients must trust.
struct ServerIdentity: TLSChooser {
    /// The authority in PEM.
    var authorityPEM: String { Self.authorityPEM }
    /// Issues and knows client certificates.
    let clients: ClientAuthority
    /// The administrator's, for the kubeconfig.
    let administrator: IssuedCertificate
    private let issued: IssuedCertificate

    /// The authority of every environment's server, in PEM.
    static let authorityPEM = ServerAuthority.rootPEM

    /// Whom this process takes for a client; made once, since keys take their time.
    private static let clients = Result { () throws(CertificateError) in
        try ClientAuthority(name: "Albedo Client Authority")
    }

    /// Makes an identity for `localhost` and an address.
    ///
    /// The authority of the server is the same for every environment, that of clients a fresh one of each process.
    init(address: String, now: Instant) throws(CertificateError) {
        clients = try Self.clients.get()
        let (begin, end) = (now.advanced(by: .seconds(-3600)), now.advanced(by: .seconds(365 * 86_400)))
        administrator = try clients.issue(
            name: "kubernetes-admin",
            groups: ["system:masters"],
            notBefore: begin,
            notAfter: end
        )
        let authority = try ServerAuthority()
        let addresses = ["127.0.0.1", "::1"] + (["127.0.0.1", "::1"].contains(address) ? [] : [address])
        issued = try authority.issue(
            dnsNames: [
                "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local",
            ],
            ipAddresses: addresses,
            notBefore: begin,
            notAfter: end
        )
    }

    func choose(_ hello: ClientHello) -> TLSAnswer {
        let offered = hello.applicationProtocols
        let agreed = ["h2", "http/1.1"].first(where: offered.contains)
        return .accept(issued.chain, applicationProtocol: agreed, version: "TLSv1.3")
    }

    var policy: TLSPolicy { TLSPolicy(takesAnyCertificate: true) }

    func privateKeyPEM(for chain: CertificateChain) -> String? {
        chain == issued.chain ? issued.privateKeyPEM : nil
    }
}
