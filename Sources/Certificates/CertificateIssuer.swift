// SPDX-License-Identifier: Apache-2.0
public import Ports
import SwiftASN1
import Synchronization
import X509

/// A certificate with its private key, as an issuer hands them out.
public struct IssuedCertificate: Sendable {
    /// The certificate in PEM: what belongs into `tls.crt`.
    public let certificatePEM: String
    /// The private key in PEM, PKCS#1: what belongs into `tls.key`.
    public let privateKeyPEM: String
    /// The certificate as a server shows it.
    public let chain: CertificateChain
}

/// A certificate authority for tests and scenarios: same inputs, same bytes.
///
/// Keys are fixtures and signatures RSA with PKCS#1 v1.5 padding, which uses no randomness.
public struct CertificateIssuer: Sendable {
    /// How many keys there are for leaves.
    public static let leafKeyCount = FixtureKeys.leaves.count

    private let name: DistinguishedName
    private let key: PrivateKey

    /// The authority's own certificate: what clients must trust.
    public let rootChain: CertificateChain

    /// Makes an authority.
    ///
    /// - Parameters:
    ///   - name: Its common name; authorities of different names do not vouch for each other's certificates.
    ///   - notBefore: When its own certificate begins.
    ///   - notAfter: When its own certificate ends.
    /// - Throws: `CertificateError` when the library refuses one of the values.
    public init(
        name: String = "Albedo Test Authority",
        notBefore: Instant = Instant(seconds: 946_684_800),
        notAfter: Instant = Instant(seconds: 4_102_444_800)
    ) throws(CertificateError) {
        let identity = Identity(name: name, notBefore: notBefore, notAfter: notAfter)
        if let known = Self.authorities.value(for: identity) {
            self = known
            return
        }
        try self.init(identity)
        Self.authorities.keep(self, for: identity)
    }

    /// What an authority is made of.
    private struct Identity: Hashable {
        let name: String
        let notBefore: Instant
        let notAfter: Instant
    }

    /// What a leaf is made of.
    private struct Order: Hashable {
        let issuer: Identity
        let dnsNames: [String]
        let notBefore: Instant
        let notAfter: Instant
        let serial: UInt64
        let place: Int
        let ipAddresses: [String]
    }

    private let identity: Identity
    /// A signature takes a millisecond, and worlds ask for the same certificates again.
    private static let authorities = Remembered<Identity, CertificateIssuer>(limit: 64)
    private static let leaves = Remembered<Order, IssuedCertificate>(limit: 1024)

    private init(_ identity: Identity) throws(CertificateError) {
        let (name, notBefore, notAfter) = (identity.name, identity.notBefore, identity.notAfter)
        self.identity = identity
        do {
            let key = try PrivateKey(pem: FixtureKeys.authority)
            self.key = key
            let subject = try DistinguishedName { CommonName(name) }
            self.name = subject
            let extensions = try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.signingKey.publicKey)
            }
            let root = try Certificate(
                version: .v3,
                serialNumber: .init(UInt64(1)),
                publicKey: key.signingKey.publicKey,
                notValidBefore: notBefore.date,
                notValidAfter: notAfter.date,
                issuer: subject,
                subject: subject,
                signatureAlgorithm: .sha256WithRSAEncryption,
                extensions: extensions,
                issuerPrivateKey: key.signingKey
            )
            rootChain = CertificateChain(der: [try root.derBytes])
        } catch {
            throw CertificateError(reason: CertificateError.words(error))
        }
    }

    /// Issues a certificate for servers; the first name is its common name too.
    ///
    /// - Parameters:
    ///   - dnsNames: Its names, at least one; a wildcard is fine.
    ///   - notBefore: The first instant, cut to the second.
    ///   - notAfter: The last instant, cut to the second.
    ///   - serial: Its serial number, not 0.
    ///   - leafKey: Which of the `leafKeyCount` keys it holds, counted round.
    ///   - ipAddresses: The addresses that it is for besides.
    /// - Returns: The certificate with its key.
    /// - Throws: `CertificateError` when there is no name, or the library refuses one of the values.
    public func issue(
        dnsNames: [String],
        notBefore: Instant,
        notAfter: Instant,
        serial: UInt64,
        leafKey: Int = 0,
        ipAddresses: [String] = []
    ) throws(CertificateError) -> IssuedCertificate {
        guard let commonName = dnsNames.first else { throw CertificateError(reason: "it has no name") }
        let addresses = try ipAddresses.map { text throws(CertificateError) in
            guard let bytes = IPAddressText.bytes(text) else {
                throw CertificateError(reason: "\(text) is no IP address")
            }
            return ASN1OctetString(contentBytes: bytes[...])
        }
        guard notBefore <= notAfter else { throw CertificateError(reason: "it ends before it begins") }
        let count = Self.leafKeyCount
        let place = (leafKey % count + count) % count
        let order = Order(
            issuer: identity,
            dnsNames: dnsNames,
            notBefore: notBefore,
            notAfter: notAfter,
            serial: serial,
            place: place,
            ipAddresses: ipAddresses
        )
        if let known = Self.leaves.value(for: order) { return known }
        do {
            // Reading a key takes as long as signing with it.
            let publicKey = try Self.publicKey(place)
            let extensions = try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(dnsNames.map { .dnsName($0) } + addresses.map { .ipAddress($0) })
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: key.signingKey.publicKey).keyIdentifier
                )
            }
            let leaf = try Certificate(
                version: .v3,
                serialNumber: .init(serial),
                publicKey: publicKey,
                notValidBefore: notBefore.date,
                notValidAfter: notAfter.date,
                issuer: name,
                subject: try DistinguishedName { CommonName(commonName) },
                signatureAlgorithm: .sha256WithRSAEncryption,
                extensions: extensions,
                issuerPrivateKey: key.signingKey
            )
            let chain = CertificateChain(der: [try leaf.derBytes])
            let issued = IssuedCertificate(
                certificatePEM: chain.pem,
                privateKeyPEM: FixtureKeys.leaves[place],
                chain: chain
            )
            Self.leaves.keep(issued, for: order)
            return issued
        } catch {
            throw CertificateError(reason: CertificateError.words(error))
        }
    }
}

extension CertificateIssuer {
    private static let publicKeys = Mutex<[Int: Certificate.PublicKey]>([:])

    /// The public half of a leaf's key, read once.
    private static func publicKey(_ place: Int) throws -> Certificate.PublicKey {
        if let known = publicKeys.withLock({ $0[place] }) { return known }
        let key = try PrivateKey(pem: FixtureKeys.leaves[place]).signingKey.publicKey
        publicKeys.withLock { $0[place] = key }
        return key
    }
}

extension Certificate {
    /// The certificate in DER.
    var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
