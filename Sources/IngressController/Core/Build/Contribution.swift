// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import KubernetesAPI

/// What one Ingress adds to its group, before it is known who else is in the group.
struct Contribution: Sendable, Hashable {
    /// The Ingress.
    let ingress: ObjectKey
    /// 1 to 1000; the lowest goes first.
    var order: Int
    /// True when the order is written in the Ingress.
    var hasExplicitOrder: Bool
    /// The listeners.
    var listens: ListenerChoice
    /// One for each path, in order.
    var drafts: [RuleDraft] = []
    /// The settings of its server groups.
    var settings: ServerGroupSettings
    /// The server groups that its drafts name, by the text of their keys.
    var groups: [String: ServerGroupKey] = [:]
    /// Its certificates and the hosts that need others.
    var certificates = CertificateNeeds()
    /// What it takes from another Ingress; nil when it is no canary.
    var canary: CanaryRole?
    /// What the user should know although it could be built.
    var warnings: [String] = []
    /// Rules found in the cloud, for an Ingress whose last good state nobody remembers.
    var adopted: [ListenerPort: [Rule]] = [:]
}

/// A rule for one path, before its listener is known.
struct RuleDraft: Sendable, Hashable {
    /// What production and canary rules have in common.
    struct Place: Sendable, Hashable {
        var host: String
        var path: String
    }

    var place: Place
    var direction: Rule.Direction
    /// Further hosts.
    var aliases: [String] = []
    /// Without those that a canary adds.
    var annotationConditions: [RuleCondition]
    /// The path patterns.
    var patterns: [String]
    /// In the order in which they were met, without the implicit forward.
    var actions: [RuleAction]
    /// The group of the path's own Service; nil when the annotation says what happens.
    var implicitGroup: ServerGroupKey?

    /// The rule's hosts; none for every host.
    var hosts: [String] { place.host.isEmpty ? [] : [place.host] + aliases }

    /// Finds out early what would keep every listener from having this rule.
    func check(_ profile: Profile) throws(BuildError) {
        if !profile.isOpenSource { try RuleLimits.check(annotationConditions, actions) }
        _ = try RuleConditionBuilder.conditions(
            annotation: annotationConditions,
            hosts: hosts,
            paths: patterns,
            profile: profile
        )
        let implicit = implicitGroup.map {
            RuleAction.forward([WeightedGroup(serverGroup: $0.description)], stickySeconds: nil)
        }
        _ = try RuleActionBuilder.ordered(actions + [implicit].compactMap(\.self), direction: direction)
    }
}

/// What an Ingress needs on listeners with TLS.
struct CertificateNeeds: Sendable, Hashable {
    /// The certificates of its Secrets, in order.
    var secrets: [SecretCertificate] = []
    /// Secrets that are of no use at present: what is shown stays.
    var unusable: [ObjectKey] = []
    /// The hosts that the Secrets are for.
    var secretHosts: [String] = []
    /// True when a Secret stands for all hosts.
    var secretsCoverAll = false
    /// Hosts of tls entries without a Secret.
    var wantedHosts: [String] = []
    /// The hosts of all rules.
    var ruleHosts: [String] = []

    /// The hosts for which a certificate must be found on a listener.
    func missing(listens: ListenerChoice, profile: Profile) -> [String] {
        if secretsCoverAll { return [] }
        var missing: [String] = []
        for host in wantedHosts + ruleHosts.filter(listens.wantsTLS) {
            let isCovered =
                profile.has(.tlsHostsComparedExactly)
                ? secretHosts.contains(host) : secretHosts.contains { TLSHosts.covers($0, host) }
            if !isCovered, !missing.contains(host) { missing.append(host) }
        }
        return missing
    }
}
