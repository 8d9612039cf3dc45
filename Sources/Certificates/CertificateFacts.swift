// SPDX-License-Identifier: Apache-2.0
import Crypto
public import Ports
import SwiftASN1
import X509
import _CryptoExtras

/// What a certificate says, in the words of certificate lists.
public struct CertificateFacts: Sendable, Hashable {
    /// The kind of a public key.
    public enum KeyAlgorithm: String, Sendable, Hashable {
        /// RSA.
        case rsa = "RSA"
        /// Elliptic curves of NIST.
        case ecc = "ECC"
        /// Edwards curve 25519.
        case ed25519 = "ED25519"
    }

    /// The subject's common name; empty when it has none.
    public let commonName: String
    /// The DNS names of the subject alternative name extension, as written, in order.
    public let dnsNames: [String]
    /// The IP addresses of the subject alternative name extension.
    public let ipAddresses: [String]
    /// The issuer's common name; its whole name when it has none.
    public let issuer: String
    /// The subject's whole name, for example `CN=a.example,O=Example`.
    public let subjectName: String
    /// The issuer's whole name.
    public let issuerName: String
    /// The serial number in lower-case hexadecimal, two digits a byte.
    public let serial: String
    /// The first instant at which it is valid.
    public let notBefore: Instant
    /// The last instant at which it is valid.
    public let notAfter: Instant
    /// The public key's kind.
    public let keyAlgorithm: KeyAlgorithm
    /// The public key's size in bits.
    public let keySize: Int
    /// The signature's algorithm, for example `SHA256WithRSA`.
    public let signatureAlgorithm: String
    /// The SHA-256 of the DER bytes, in lower-case hexadecimal.
    public let sha256: String
    /// The MD5 of the DER bytes, in lower-case hexadecimal; names a certificate in lists, protects nothing.
    public let md5: String
    /// True for the certificate of an authority.
    public let isAuthority: Bool

    /// The facts of a chain's leaf; remembered, so asking again is cheap.
    ///
    /// - Throws: `CertificateError` when the chain is empty or its leaf is no X.509 certificate.
    public static func of(_ chain: CertificateChain) throws(CertificateError) -> CertificateFacts {
        guard let leaf = chain.der.first else { throw CertificateError(reason: "the chain is empty") }
        return try ParsedCertificate.of(leaf).facts
    }

    /// The names that a server may be asked for: those of the extension, or the common name without them.
    public var serverNames: [String] {
        if !dnsNames.isEmpty { return dnsNames }
        return commonName.isEmpty ? [] : [commonName]
    }

    /// Common name and serial, as traces name a certificate.
    public var label: String { "\(commonName.isEmpty ? dnsNames.first ?? "" : commonName) \(serial)" }
}

extension CertificateFacts {
    init(_ certificate: Certificate, der: [UInt8]) {
        commonName = certificate.subject.commonName ?? ""
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames()
        dnsNames = names.compactMap { if case .dnsName(let name) = $0 { name } else { nil } }
        ipAddresses = names.compactMap { name in
            if case .ipAddress(let bytes) = name { IPAddressText.text(Array(bytes.bytes)) } else { nil }
        }
        subjectName = "\(certificate.subject)"
        issuerName = "\(certificate.issuer)"
        issuer = certificate.issuer.commonName ?? issuerName
        serial = hexadecimal(Self.unsigned(certificate.serialNumber.bytes))
        notBefore = Instant(certificate.notValidBefore)
        notAfter = Instant(certificate.notValidAfter)
        (keyAlgorithm, keySize) = Self.key(certificate.publicKey)
        signatureAlgorithm = Self.name(certificate.signatureAlgorithm)
        sha256 = hexadecimal(SHA256.hash(data: der))
        md5 = hexadecimal(Insecure.MD5.hash(data: der))
        isAuthority = certificate.isAuthority
    }

    /// Drops the zero that only keeps the number positive.
    private static func unsigned(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.count > 1 && bytes.first == 0 ? bytes.dropFirst() : bytes
    }

    private static func key(_ key: Certificate.PublicKey) -> (KeyAlgorithm, Int) {
        if let rsa = _RSA.Signing.PublicKey(key) { return (.rsa, rsa.keySizeInBits) }
        if P256.Signing.PublicKey(key) != nil { return (.ecc, 256) }
        if P384.Signing.PublicKey(key) != nil { return (.ecc, 384) }
        if P521.Signing.PublicKey(key) != nil { return (.ecc, 521) }
        return (.ed25519, 256)
    }

    /// The algorithm's name as the certificate service spells it.
    ///
    /// - Source: the spelling `SHA256WithRSA` is assumed.
    private static func name(_ algorithm: Certificate.SignatureAlgorithm) -> String {
        switch algorithm {
        case .sha1WithRSAEncryption: "SHA1WithRSA"
        case .sha256WithRSAEncryption: "SHA256WithRSA"
        case .sha384WithRSAEncryption: "SHA384WithRSA"
        case .sha512WithRSAEncryption: "SHA512WithRSA"
        case .ecdsaWithSHA256: "SHA256WithECDSA"
        case .ecdsaWithSHA384: "SHA384WithECDSA"
        case .ecdsaWithSHA512: "SHA512WithECDSA"
        case .ed25519: "ED25519"
        default: "\(algorithm)"
        }
    }
}

extension Certificate {
    /// True when its basic constraints say that it may issue others.
    var isAuthority: Bool {
        if case .isCertificateAuthority = try? extensions.basicConstraints { true } else { false }
    }
}

extension DistinguishedName {
    /// The last common name, which is the most particular one.
    var commonName: String? {
        var found: String?
        for relative in self {
            for attribute in relative where attribute.type == .RDNAttributeType.commonName {
                found = String(attribute.value) ?? found
            }
        }
        return found
    }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
