// SPDX-License-Identifier: Apache-2.0
import Crypto
public import Ports
import SwiftASN1
import X509

/// The authority of servers on sockets, with keys on an elliptic curve: a server is up a few milliseconds earlier than
/// with RSA, and answers every handshake sooner.
///
/// Its keys are fixed, so that who trusts one server trusts the next one too; they protect nothing.
public struct ServerAuthority: Sendable {
    private let name: DistinguishedName
    private let key: P256.Signing.PrivateKey

    /// Makes the authority.
    ///
    /// - Throws: `CertificateError` when the library refuses its name or its key.
    public init() throws(CertificateError) {
        do {
            name = try DistinguishedName { CommonName("Albedo Cluster Authority") }
            key = try P256.Signing.PrivateKey(rawRepresentation: Self.secret)
        } catch {
            throw CertificateError(reason: CertificateError.words(error))
        }
    }

    /// Issues a certificate for a server; the first name is its common name too.
    ///
    /// - Throws: `CertificateError` when the library refuses one of the values, or an address is none.
    public func issue(
        dnsNames: [String],
        ipAddresses: [String],
        notBefore: Instant,
        notAfter: Instant
    ) throws(CertificateError) -> IssuedCertificate {
        let addresses = try ipAddresses.map { text throws(CertificateError) in
            guard let bytes = IPAddressText.bytes(text) else {
                throw CertificateError(reason: "\(text) is no IP address")
            }
            return ASN1OctetString(contentBytes: bytes[...])
        }
        do {
            let leafKey = P256.Signing.PrivateKey()
            let publicKey = Certificate.PublicKey(leafKey.publicKey)
            let signingKey = Certificate.PrivateKey(key)
            let extensions = try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(dnsNames.map { .dnsName($0) } + addresses.map { .ipAddress($0) })
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: signingKey.publicKey).keyIdentifier
                )
            }
            let leaf = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: publicKey,
                notValidBefore: notBefore.date,
                notValidAfter: notAfter.date,
                issuer: name,
                subject: try DistinguishedName { CommonName(dnsNames.first ?? "localhost") },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: extensions,
                issuerPrivateKey: signingKey
            )
            return try IssuedCertificate(leaf, key: leafKey)
        } catch {
            throw CertificateError(reason: CertificateError.words(error))
        }
    }

    /// The number that the key is.
    private static let secret: [UInt8] = [
        0x93, 0x25, 0x99, 0x0b, 0x7b, 0xa8, 0x16, 0x55,
        0x19, 0xeb, 0x67, 0x1e, 0x4a, 0xda, 0xd1, 0xd6,
        0x2b, 0x53, 0xf7, 0xdd, 0x7c, 0x55, 0x93, 0x8a,
        0x34, 0x3e, 0x94, 0x35, 0x02, 0x47, 0xb9, 0xe3,
    ]

    /// The authority's own certificate in PEM: what clients must trust.
    public static let rootPEM = """
        -----BEGIN CERTIFICATE-----
        MIIBeTCCAR+gAwIBAgIBATAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhBbGJlZG8g
        Q2x1c3RlciBBdXRob3JpdHkwIBcNMDAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAw
        MDBaMCMxITAfBgNVBAMMGEFsYmVkbyBDbHVzdGVyIEF1dGhvcml0eTBZMBMGByqG
        SM49AgEGCCqGSM49AwEHA0IABHxjy5GDSi8tExA2ZICC9U5eq3Yte8iwXDdKCYfC
        E0JR4pYP6ZVay6eiHO8vFdCXrQSqaMAgEH9WQaBX1EadzTSjQjBAMA8GA1UdEwEB
        /wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBTmNhiIRCadDUY+x1hd
        svoblV1xhjAKBggqhkjOPQQDAgNIADBFAiBMOXqMOsk7N7LJkJW0V8OUTvCW0kgg
        90Ev3nmYd0v6tAIhALgkH/itOhg0QXlqPr0s0rqm0XLkhz+ERO7BCqo5LTrv
        -----END CERTIFICATE-----

        """
}
