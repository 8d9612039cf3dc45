// SPDX-License-Identifier: Apache-2.0
import Certificates
import JSON
import Ports

/// The certificates that were put into Secrets, so that the newest for a host is known at each instant.
struct NewestCertificates {
    private struct Issue {
        var at: Instant
        var label: String
        var names: [String]
    }

    /// The issues that fit a host, so that names are compared once and not for each request.
    private struct HostIssues {
        /// How many issues have been looked at.
        var seen = 0
        var fitting: [(place: Int, match: HostNameMatch)] = []
    }

    private var issues: [Issue] = []
    private var byHost: [String: HostIssues] = [:]

    /// Learns a Secret; one whose certificate cannot be used is passed over, since nothing can serve it.
    mutating func learn(secret: JSONValue, at instant: Instant) {
        guard secret["type"]?.stringValue == "kubernetes.io/tls",
            let certificate = Self.text(secret, "tls.crt"), let keyText = Self.text(secret, "tls.key"),
            let chain = try? CertificateChain(pem: certificate), let key = try? PrivateKey(pem: keyText),
            key.matches(chain), let facts = try? CertificateFacts.of(chain)
        else { return }
        issues.append(Issue(at: instant, label: facts.label, names: facts.serverNames + facts.ipAddresses))
    }

    /// When the certificate of a Secret is over; nil without one that can be read.
    static func end(of secret: JSONValue) -> Instant? {
        guard let pem = text(secret, "tls.crt"), let chain = try? CertificateChain(pem: pem) else {
            return nil
        }
        return (try? CertificateFacts.of(chain))?.notAfter
    }

    private static func text(_ secret: JSONValue, _ key: String) -> String? {
        secret["data"]?[key]?.stringValue.flatMap { try? Base64.decode($0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The label of the newest certificate for a host at an instant: one with the exact name comes before one
    /// with a wildcard, as load balancers choose.
    mutating func label(for host: String, at instant: Instant) -> String? {
        var known = byHost[host] ?? HostIssues()
        while known.seen < issues.count {
            let match = HostNameMatch(anyOf: issues[known.seen].names, host: host)
            if match != .none { known.fitting.append((known.seen, match)) }
            known.seen += 1
        }
        byHost[host] = known
        var best: (match: HostNameMatch, label: String)?
        for (place, match) in known.fitting
        where issues[place].at <= instant && match >= best?.match ?? .wildcard {
            best = (match, issues[place].label)
        }
        return best?.label
    }
}
