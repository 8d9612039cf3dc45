// SPDX-License-Identifier: Apache-2.0
public import Ports

/// Why a client does not trust a certificate.
public enum CertificateFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// One of the chain's certificates is over.
    case expired(subject: String, notAfter: Instant)
    /// One of the chain's certificates has not begun.
    case notYetValid(subject: String, notBefore: Instant)
    /// None of the names is the host's.
    case nameMismatch(host: String, names: [String])
    /// Nobody trusted issued it, or the certificate in between is missing.
    case unknownAuthority(issuer: String)
    /// It is its own issuer and is not trusted.
    case selfSigned(subject: String)
    /// The signature is not that of the issuer named.
    case badSignature(subject: String, issuer: String)
    /// The issuer is no authority, or not for chains of this length.
    case notAnAuthority(issuer: String)
    /// The certificate is not meant for servers.
    case notForServers(subject: String)
    /// It could not be read.
    case unreadable(String)

    /// One or two words, stable, fit for a table.
    public var code: String {
        switch self {
        case .expired: "certificate expired"
        case .notYetValid: "certificate not yet valid"
        case .nameMismatch: "certificate name mismatch"
        case .unknownAuthority: "certificate authority unknown"
        case .selfSigned: "certificate self-signed"
        case .badSignature: "certificate signature bad"
        case .notAnAuthority: "certificate issuer is no authority"
        case .notForServers: "certificate not for servers"
        case .unreadable: "certificate unreadable"
        }
    }

    /// What was expected and what was found.
    public var description: String {
        switch self {
        case .expired(let subject, let notAfter): "\(subject) expired at \(notAfter.rfc3339)"
        case .notYetValid(let subject, let notBefore): "\(subject) is not valid before \(notBefore.rfc3339)"
        case .nameMismatch(let host, let names):
            "expected a certificate for \(host), found one for \(names.isEmpty ? "no host" : names.joined(separator: ", "))"
        case .unknownAuthority(let issuer):
            "the issuer \(issuer) is not trusted, nor is anybody above it in the chain"
        case .selfSigned(let subject): "\(subject) is signed by itself and is not trusted"
        case .badSignature(let subject, let issuer): "the signature of \(subject) is not that of \(issuer)"
        case .notAnAuthority(let issuer): "\(issuer) may not issue this certificate"
        case .notForServers(let subject): "\(subject) is not meant for servers"
        case .unreadable(let reason): reason
        }
    }
}
