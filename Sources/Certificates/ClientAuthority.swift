// SPDX-License-Identifier: Apache-2.0
import Crypto
public import Ports
import SwiftASN1
import X509

/// Who a client certificate says that its holder is.
public struct CertifiedClient: Sendable, Hashable {
    /// The subject's common name.
    public let name: String
    /// The subject's organizations.
    public let groups: [String]
}

/// An authority for client certificates, with a key that nobody else has.
///
/// Its keys are fresh, so that a certificate opens a door only to whom it was given: for sockets, never for simulations.
public struct ClientAuthority: Sendable {
    private let name: DistinguishedName
    private let key = P256.Signing.PrivateKey()

    /// Makes an authority.
    ///
    /// - Throws: `CertificateError` when the library refuses the name.
    public init(name: String) throws(CertificateError) {
        do {
            self.name = try DistinguishedName { CommonName(name) }
        } catch {
            throw CertificateError(reason: CertificateError.words(error))
        }
    }

    /// Issues a certificate with a key of its own.
    ///
    /// - Throws: `CertificateError` when the library refuses one of the values.
    public func issue(
        name: String,
        groups: [String],
        notBefore: Instant,
        notAfter: Instant
    ) throws(CertificateError) -> IssuedCertificate {
        do {
            let leafKey = P256.Signing.PrivateKey()
            let publicKey = Certificate.PublicKey(leafKey.publicKey)
            let extensions = try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.clientAuth])
                SubjectKeyIdentifier(hash: publicKey)
            }
            let leaf = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: publicKey,
                notValidBefore: notBefore.date,
                notValidAfter: notAfter.date,
                issuer: self.name,
                subject: try DistinguishedName {
                    for group in groups { OrganizationName(group) }
                    CommonName(name)
                },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: extensions,
                issuerPrivateKey: Certificate.PrivateKey(key)
            )
            return try IssuedCertificate(leaf, key: leafKey)
        } catch {
            throw CertificateError(reason: CertificateError.words(error))
        }
    }

    /// Who shows a certificate; nil when it is not of this authority, not for clients, or its time is not now.
    public func client(_ chain: CertificateChain, at now: Instant) -> CertifiedClient? {
        guard let der = chain.der.first,
            let certificate = try? ParsedCertificate.of(der).certificate,
            certificate.issuer == name,
            Certificate.PublicKey(key.publicKey).isValidSignature(certificate.signature, for: certificate),
            (certificate.notValidBefore...certificate.notValidAfter).contains(now.date),
            let usage = try? certificate.extensions.extendedKeyUsage, usage.contains(.clientAuth)
        else { return nil }
        func values(_ type: ASN1ObjectIdentifier) -> [String] {
            certificate.subject.flatMap { part in
                part.filter { $0.type == type }.compactMap { String($0.value) }
            }
        }
        guard let common = values(.RDNAttributeType.commonName).last, !common.isEmpty else { return nil }
        return CertifiedClient(name: common, groups: values(.RDNAttributeType.organizationName))
    }
}
