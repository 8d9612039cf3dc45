// SPDX-License-Identifier: Apache-2.0
public import Ports

/// A listener's certificates, ready to be chosen from by server name.
///
/// Choosing looks two names up and allocates little, whatever the number of certificates.
///
/// - Source: exact name, then a wildcard of one label, then the default certificate; among equals ECC when
///   the client can, SHA-2, the longer key, the later expiry: documented.
public struct ServerNameChoice: Sendable {
    /// Why a certificate was chosen.
    public enum Reason: String, Sendable, Hashable {
        /// One of its names is the server name.
        case exact
        /// One of its names is a wildcard that covers the server name.
        case wildcard
        /// No other fits, or the client asked for no name.
        case byDefault = "default"
    }

    private struct Candidate: Sendable {
        let chain: CertificateChain
        let facts: CertificateFacts

        func isBetter(than other: Candidate, clientTakesECC: Bool) -> Bool {
            other.rank(clientTakesECC).lexicographicallyPrecedes(rank(clientTakesECC))
        }

        private func rank(_ clientTakesECC: Bool) -> [Int64] {
            [
                (facts.keyAlgorithm != .rsa) == clientTakesECC ? 1 : 0,
                facts.signatureAlgorithm.hasPrefix("SHA1") ? 0 : 1,
                Int64(facts.keySize), facts.notAfter.nanoseconds,
            ]
        }
    }

    /// The best certificate of one name, for clients of either kind.
    private struct Best: Sendable {
        var forECC: Candidate
        var forRSA: Candidate

        init(_ candidate: Candidate) {
            forECC = candidate
            forRSA = candidate
        }

        mutating func consider(_ candidate: Candidate) {
            if candidate.isBetter(than: forECC, clientTakesECC: true) { forECC = candidate }
            if candidate.isBetter(than: forRSA, clientTakesECC: false) { forRSA = candidate }
        }

        func choice(_ reason: Reason, clientTakesECC: Bool) -> Choice {
            let candidate = clientTakesECC ? forECC : forRSA
            return Choice(chain: candidate.chain, reason: reason, key: candidate.facts.keyAlgorithm)
        }
    }

    /// What was chosen.
    public struct Choice: Sendable, Hashable {
        /// The certificate.
        public let chain: CertificateChain
        /// Why it was.
        public let reason: Reason
        /// The kind of its key; nil when it cannot be read.
        public let key: CertificateFacts.KeyAlgorithm?
    }

    /// By the certificates' names in lower case, `*.example.com` among them; only ever looked up.
    private var byName: [String: Best] = [:]
    /// The default ones: a pair of them, for either kind of client, counts as one.
    private let fallback: Best?
    /// A default that cannot be read.
    private let unreadable: CertificateChain?

    /// Makes a choice among certificates; those that can not be read are never chosen by name.
    public init(_ certificates: [(chain: CertificateChain, isDefault: Bool)]) {
        var fallback: Best?
        for (chain, isDefault) in certificates {
            guard let facts = try? CertificateFacts.of(chain) else { continue }
            let candidate = Candidate(chain: chain, facts: facts)
            for name in facts.dnsNames + [facts.commonName] where !name.isEmpty {
                byName[HostNameMatch.normal(name), default: Best(candidate)].consider(candidate)
            }
            guard isDefault else { continue }
            if fallback == nil { fallback = Best(candidate) }
            // Of two with keys of one kind the first stays.
            if fallback?.forECC.facts.keyAlgorithm != facts.keyAlgorithm { fallback?.consider(candidate) }
        }
        self.fallback = fallback
        unreadable = fallback == nil ? certificates.first { $0.isDefault }?.chain : nil
    }

    /// The certificate for a server name; nil only when there is no default and none fits.
    public func choose(serverName: String?, clientTakesECC: Bool = true) -> Choice? {
        if let serverName, let (best, reason) = best(for: HostNameMatch.normal(serverName)) {
            return best.choice(reason, clientTakesECC: clientTakesECC)
        }
        return fallback?.choice(.byDefault, clientTakesECC: clientTakesECC)
            ?? unreadable.map { Choice(chain: $0, reason: .byDefault, key: nil) }
    }

    private func best(for name: String) -> (Best, Reason)? {
        // Nobody is called `*`; asking for it must not find the wildcard as if it were a name.
        if name.hasPrefix("*") { return nil }
        if let best = byName[name] { return (best, .exact) }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return nil }
        return byName["*" + name[dot...]].map { ($0, .wildcard) }
    }
}
