// SPDX-License-Identifier: Apache-2.0
import Certificates
import HTTPTypes
import Ports

/// A fact of a client's certificate, by the flag that asks for it.
enum ClientCertificateFact: String, Sendable, CaseIterable {
    case subject = "ClientCertSubjectDN"
    case issuer = "ClientCertIssuerDN"
    case fingerprint = "ClientCertFingerprint"
    case verify = "ClientCertClientVerify"

    var fieldName: HTTPField.Name {
        switch self {
        case .subject: .clientCertificateSubject
        case .issuer: .clientCertificateIssuer
        case .fingerprint: .clientCertificateFingerprint
        case .verify: .clientCertificateVerify
        }
    }
}

/// The facts of a certificate that a client showed and that was accepted.
struct ClientCertificate: Sendable {
    private let facts: CertificateFacts

    /// nil when it cannot be read.
    init?(_ chain: CertificateChain) {
        guard let facts = try? CertificateFacts.of(chain) else { return nil }
        self.facts = facts
    }

    /// - Source: the fields are documented; that the fingerprint is SHA-256 is assumed.
    func text(of fact: ClientCertificateFact) -> String {
        switch fact {
        case .subject: facts.subjectName
        case .issuer: facts.issuerName
        case .fingerprint: facts.sha256
        case .verify: "SUCCESS"
        }
    }
}
