// SPDX-License-Identifier: Apache-2.0
import Ports
import X509

/// A way from a leaf to a trusted root whose signatures are right.
struct CertificatePath: Sendable {
    /// The leaf first, the root last.
    let certificates: [CertificateFacts]

    var leaf: CertificateFacts? { certificates.first }

    func dateFailure(at instant: Instant) -> CertificateFailure? {
        for facts in certificates {
            let subject = facts.commonName.isEmpty ? facts.subjectName : facts.commonName
            if instant < facts.notBefore { return .notYetValid(subject: subject, notBefore: facts.notBefore) }
            // The last second is valid to its end.
            if instant.seconds > facts.notAfter.seconds {
                return .expired(subject: subject, notAfter: facts.notAfter)
            }
        }
        return nil
    }
}

/// Finds all ways from a chain's leaf to a trusted root; knows no time.
struct PathBuilder {
    private let leaf: ParsedCertificate
    private let others: [ParsedCertificate]
    private let roots: [ParsedCertificate]
    private let purpose: CertificateVerifier.Purpose
    private var found: [CertificatePath] = []
    /// The failure of the certificate nearest to a root, which tells most.
    private var failure: (depth: Int, failure: CertificateFailure)?
    private static let depthLimit = 8
    private static let pathLimit = 8

    init(
        _ chain: CertificateChain,
        roots: [ParsedCertificate],
        purpose: CertificateVerifier.Purpose
    ) throws(CertificateFailure) {
        guard let first = chain.der.first else { throw .unreadable("the chain is empty") }
        do {
            leaf = try ParsedCertificate.of(first)
        } catch {
            throw .unreadable(error.description)
        }
        // What can not be read among the others does not help, and does not harm when it is not needed.
        others = chain.der.dropFirst().compactMap { try? ParsedCertificate.of($0) }
        self.roots = roots
        self.purpose = purpose
    }

    /// All ways, never none.
    consuming func paths() throws(CertificateFailure) -> [CertificatePath] {
        guard Self.isFor(purpose, leaf.certificate) else {
            throw .notForServers(subject: leaf.facts.subjectName)
        }
        climb([leaf])
        if found.isEmpty { throw failure?.failure ?? .unknownAuthority(issuer: leaf.facts.issuerName) }
        return found
    }

    private mutating func climb(_ path: [ParsedCertificate]) {
        guard let top = path.last, path.count <= Self.depthLimit, found.count < Self.pathLimit else { return }
        if roots.contains(where: { $0.der == top.der }) {
            found.append(CertificatePath(certificates: path.map(\.facts)))
            return
        }
        var hasIssuer = false
        for (candidates, isRoot) in [(roots, true), (others, false)] {
            for issuer in candidates where issuer.certificate.subject == top.certificate.issuer {
                if path.contains(where: { $0.der == issuer.der }) { continue }
                hasIssuer = true
                if let failure = Self.failure(of: issuer, over: path) {
                    note(failure, depth: path.count)
                } else if isRoot {
                    found.append(CertificatePath(certificates: (path + [issuer]).map(\.facts)))
                } else {
                    climb(path + [issuer])
                }
            }
        }
        guard !hasIssuer else { return }
        let isSelfSigned = top.certificate.issuer == top.certificate.subject
        note(
            isSelfSigned && path.count == 1
                ? .selfSigned(subject: top.facts.subjectName)
                : .unknownAuthority(issuer: top.facts.issuerName),
            depth: path.count
        )
    }

    private mutating func note(_ failure: CertificateFailure, depth: Int) {
        if let known = self.failure, known.depth >= depth { return }
        self.failure = (depth, failure)
    }

    /// Why `issuer` did not issue the top of the path; nil when it did.
    private static func failure(
        of issuer: ParsedCertificate,
        over path: [ParsedCertificate]
    ) -> CertificateFailure? {
        guard let top = path.last else { return nil }
        switch try? issuer.certificate.extensions.basicConstraints {
        case .isCertificateAuthority(let limit):
            if let limit, path.count - 1 > limit { return .notAnAuthority(issuer: issuer.facts.subjectName) }
        default: return .notAnAuthority(issuer: issuer.facts.subjectName)
        }
        if let usage = try? issuer.certificate.extensions.keyUsage, !usage.keyCertSign {
            return .notAnAuthority(issuer: issuer.facts.subjectName)
        }
        guard issuer.certificate.publicKey.isValidSignature(top.certificate.signature, for: top.certificate)
        else {
            return .badSignature(subject: top.facts.subjectName, issuer: issuer.facts.subjectName)
        }
        return nil
    }

    private static func isFor(_ purpose: CertificateVerifier.Purpose, _ certificate: Certificate) -> Bool {
        guard let usages = try? certificate.extensions.extendedKeyUsage else { return true }
        return usages.contains(purpose == .client ? .clientAuth : .serverAuth) || usages.contains(.any)
    }
}
