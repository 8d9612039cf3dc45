// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// Puts the conditions of one rule together, in the order in which they are sent.
///
/// - Source: the open-source builder; seen upstream.
enum RuleConditionBuilder {
    /// The header or cookie that a canary adds.
    struct CanaryConditions: Sendable, Hashable {
        var header: KeyValue?
        var cookie: String?
    }

    /// The conditions of a rule.
    ///
    /// - Parameters:
    ///   - annotation: The conditions of the Service's annotation.
    ///   - own: The rule's hosts; none for every host.
    ///   - paths: The path patterns.
    ///   - canary: What a canary adds.
    ///   - profile: Decides how hosts and paths of both sources go together.
    /// - Returns: The conditions in the order in which they are sent.
    /// - Throws: `BuildError` when both sources leave nothing that could match.
    static func conditions(
        annotation: [RuleCondition],
        hosts own: [String],
        paths: [String],
        canary: CanaryConditions = CanaryConditions(),
        profile: Profile
    ) throws(BuildError) -> [RuleCondition] {
        let sorted = Sorted(annotation)
        var conditions = sorted.single
        let hosts = try combined(sorted.hosts, own, "hosts", profile)
        if !hosts.isEmpty { conditions.append(.host(hosts)) }
        let values = try combined(sorted.paths, paths, "paths", profile)
        if !values.isEmpty { conditions.append(.path(values)) }
        if !sorted.methods.isEmpty { conditions.append(.method(sorted.methods)) }
        if !sorted.sourceIPs.isEmpty { conditions.append(.sourceIP(sorted.sourceIPs)) }
        if !sorted.statusCodes.isEmpty { conditions.append(.responseStatusCode(sorted.statusCodes)) }
        if let header = canary.header { conditions.append(.header(key: header.key, values: [header.value])) }
        if let cookie = canary.cookie { conditions.append(.cookie([KeyValue(key: cookie, value: "always")])) }
        if conditions.isEmpty { conditions.append(.path(["/*"])) }
        return conditions
    }

    /// The values of an annotation and of the rule itself: both must hold.
    private static func combined(
        _ annotation: [String],
        _ own: [String],
        _ what: String,
        _ profile: Profile
    ) throws(BuildError) -> [String] {
        if profile.has(.annotationHostsWiden) { return annotation + own }
        if annotation.isEmpty || own.isEmpty { return annotation + own }
        let common = PatternIntersection.of(annotation, own)
        if common.isEmpty {
            throw BuildError(
                "the \(what) \(annotation.joined(separator: ", ")) of the conditions annotation and"
                    + " \(own.joined(separator: ", ")) of the rule have nothing in common"
            )
        }
        return common
    }

    /// Conditions by kind: some stand alone, the values of the others go together.
    private struct Sorted {
        var single: [RuleCondition] = []
        var hosts: [String] = []
        var paths: [String] = []
        var methods: [String] = []
        var sourceIPs: [String] = []
        var statusCodes: [String] = []

        init(_ conditions: [RuleCondition]) {
            for condition in conditions {
                switch condition {
                case .host(let values): hosts += values
                case .path(let values): paths += values
                case .method(let values): methods += values
                case .sourceIP(let values): sourceIPs += values
                case .responseStatusCode(let values): statusCodes += values
                case .header, .queryString, .cookie, .responseHeader: single.append(condition)
                }
            }
        }
    }
}
