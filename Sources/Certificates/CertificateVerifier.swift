// SPDX-License-Identifier: Apache-2.0
public import Ports

/// Checks a server's certificate as a TLS client does, against a time that it is given.
///
/// Order of the checks: chain to a trusted root, then dates, then the name; the first that fails is the
/// answer. Revocation is not looked at, and the common name does not count as a host name, as in today's
/// clients. Chains are remembered with what their signatures said, so checking one again is cheap.
public struct CertificateVerifier: Sendable {
    /// What came out.
    public enum Verdict: Sendable, Hashable {
        /// Trusted.
        case valid
        /// Not trusted, and why.
        case invalid(CertificateFailure)

        /// True when trusted.
        public var isValid: Bool { self == .valid }
    }

    /// What a certificate is shown for; its extended key usage must allow it.
    public enum Purpose: Sendable, Hashable {
        /// By a server to its clients.
        case server
        /// By a client to a server that asks for one.
        case client
    }

    private let roots: [ParsedCertificate]
    private let purpose: Purpose
    private let known = DERCache<Result<[CertificatePath], CertificateFailure>>()

    /// Makes a verifier that trusts every certificate of these chains; those that can not be read are left out.
    public init(roots: [CertificateChain], purpose: Purpose = .server) {
        self.purpose = purpose
        self.roots = roots.flatMap(\.der).compactMap { try? ParsedCertificate.of($0) }
    }

    /// Checks a chain, leaf first, that a server showed for `host` at an instant.
    public func verify(_ chain: CertificateChain, host: String, at instant: Instant) -> Verdict {
        switch paths(of: chain) {
        case .failure(let failure): return .invalid(failure)
        case .success(let paths):
            if let failure = Self.dateFailure(paths, at: instant) { return .invalid(failure) }
            if let facts = paths.first?.leaf, let failure = Self.nameFailure(facts, host: host) {
                return .invalid(failure)
            }
            return .valid
        }
    }

    private func paths(of chain: CertificateChain) -> Result<[CertificatePath], CertificateFailure> {
        if let known = known.value(for: chain.der) { return known }
        let fresh: Result<[CertificatePath], CertificateFailure>
        do throws(CertificateFailure) {
            fresh = .success(try PathBuilder(chain, roots: roots, purpose: purpose).paths())
        } catch {
            fresh = .failure(error)
        }
        known.keep(fresh, for: chain.der)
        return fresh
    }

    /// Nil when one of the paths is valid then; else what is wrong with the first.
    private static func dateFailure(_ paths: [CertificatePath], at instant: Instant) -> CertificateFailure? {
        var first: CertificateFailure?
        for path in paths {
            guard let failure = path.dateFailure(at: instant) else { return nil }
            first = first ?? failure
        }
        return first
    }

    private static func nameFailure(_ facts: CertificateFacts, host: String) -> CertificateFailure? {
        if let address = IPAddressText.canonical(host) {
            if facts.ipAddresses.contains(address) { return nil }
        } else if HostNameMatch(anyOf: facts.dnsNames, host: host) != .none {
            return nil
        }
        return .nameMismatch(host: host, names: facts.dnsNames + facts.ipAddresses)
    }
}
