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

        mutating func consider(_ candidate: Candidate) {
            if candidate.isBetter(than: forECC, clientTakesECC: true) { forECC = candidate }
            if candidate.isBetter(than: forRSA, clientTakesECC: false) { forRSA = candidate }
        }
    }

    /// By the certificates' names in lower case, `*.example.com` among them; only ever looked up.
    private var byName: [String: Best] = [:]
    private let fallback: CertificateChain?

    /// Makes a choice among certificates; those that can not be read are never chosen by name.
    public init(_ certificates: [(chain: CertificateChain, isDefault: Bool)]) {
        fallback = certificates.first { $0.isDefault }?.chain
        for (chain, _) in certificates {
            guard let facts = try? CertificateFacts.of(chain) else { continue }
            let candidate = Candidate(chain: chain, facts: facts)
            for name in facts.dnsNames + [facts.commonName] where !name.isEmpty {
                byName[HostNameMatch.normal(name), default: Best(forECC: candidate, forRSA: candidate)]
                    .consider(candidate)
            }
        }
    }

    /// The certificate for a server name; nil only when there is no default and none fits.
    public func choose(
        serverName: String?,
        clientTakesECC: Bool = true
    ) -> (chain: CertificateChain, reason: Reason)? {
        if let serverName {
            let name = HostNameMatch.normal(serverName)
            if let (best, reason) = best(for: name) {
                return ((clientTakesECC ? best.forECC : best.forRSA).chain, reason)
            }
        }
        return fallback.map { ($0, .byDefault) }
    }

    private func best(for name: String) -> (Best, Reason)? {
        // Nobody is called `*`; asking for it must not find the wildcard as if it were a name.
        if name.hasPrefix("*") { return nil }
        if let best = byName[name] { return (best, .exact) }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return nil }
        return byName["*" + name[dot...]].map { ($0, .wildcard) }
    }
}
