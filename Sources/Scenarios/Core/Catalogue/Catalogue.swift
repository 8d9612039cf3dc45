// SPDX-License-Identifier: Apache-2.0

/// Failures that people met with Ingresses and load balancers: what scenarios tell.
///
/// - Source: public issues, pull requests and changelogs of the named projects, and the open-source ALB
///   controller's code; situations in our own words.
public enum Catalogue {
    /// A failure.
    public struct Row: Sendable, Hashable {
        /// Its number, from 1.
        public var number: Int
        /// Where it was told: `lbc#1124`.
        public var sources: [String]
        /// What happens, in one line.
        public var situation: String
    }

    /// Short names of projects in sources.
    public static let projects: [(short: String, name: String)] = [
        ("lbc", "kubernetes-sigs/aws-load-balancer-controller"), ("gce", "kubernetes/ingress-gce"),
        ("agic", "Azure/application-gateway-kubernetes-ingress"), ("nginx", "kubernetes/ingress-nginx"),
        ("k8s", "kubernetes/kubernetes"), ("certm", "cert-manager/cert-manager"),
        ("rollouts", "argoproj/argo-rollouts"), ("ccm", "kubernetes/cloud-provider-alibaba-cloud"),
        ("albc", "alibaba/alibaba-load-balancer-controller and the managed ALB Ingress controller"),
    ]

    /// Every row, by number.
    public static let rows: [Row] = [
        pods, rules, canary, blast, certificates, life, restart, slices, protocols, scale,
    ].flatMap(parse)

    private static func parse(_ table: String) -> [Row] {
        table.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "|", maxSplits: 2).map { part in
                String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            guard parts.count == 3, let number = Int(parts[0]) else { return nil }
            return Row(number: number, sources: sources(parts[1]), situation: parts[2])
        }
    }

    /// Sources with a number stand each for themselves, a document is one.
    private static func sources(_ text: String) -> [String] {
        guard text.contains("#") else { return [text] }
        return text.replacing(", ", with: ",").split(separator: ",").map(String.init)
    }

    /// The row that somebody names by its number or one of its sources; nil when there is none.
    public static func row(_ name: String) -> Row? {
        if let number = Int(name) { return rows.first { $0.number == number } }
        return rows.first { $0.sources.contains(name) }
    }
}
