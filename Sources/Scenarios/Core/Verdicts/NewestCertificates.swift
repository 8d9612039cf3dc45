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

    private var issues: [Issue] = []

    /// Learns a Secret; one whose certificate cannot be used is passed over, since nothing can serve it.
    mutating func learn(secret: JSONValue, at instant: Instant) {
        guard secret["type"]?.stringValue == "kubernetes.io/tls",
            let certificate = Self.text(secret, "tls.crt"), let keyText = Self.text(secret, "tls.key"),
            let chain = try? CertificateChain(pem: certificate), let key = try? PrivateKey(pem: keyText),
            key.matches(chain), let facts = try? CertificateFacts.of(chain)
        else { return }
        issues.append(Issue(at: instant, label: facts.label, names: facts.serverNames + facts.ipAddresses))
    }

    private static func text(_ secret: JSONValue, _ key: String) -> String? {
        secret["data"]?[key]?.stringValue.flatMap(Base64Text.decode).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The label of the newest certificate for a host at an instant: one with the exact name comes before one
    /// with a wildcard, as load balancers choose.
    func label(for host: String, at instant: Instant) -> String? {
        var best: (match: HostNameMatch, label: String)?
        for issue in issues where issue.at <= instant {
            let match = HostNameMatch(anyOf: issue.names, host: host)
            if match != .none, match >= best?.match ?? .wildcard { best = (match, issue.label) }
        }
        return best?.label
    }
}
