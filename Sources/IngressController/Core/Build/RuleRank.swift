// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// How specific a rule is: by the order of its Ingress, then host, path and further conditions.
///
/// - Source: Kubernetes' documentation of Ingress: exact hosts before wildcards, exact and longer paths first;
///   documented.
struct RuleRank: Comparable {
    private let order: Int
    /// 0 for an exact host, 1 for a wildcard, 2 for every host.
    private let host: Int
    /// 0 for an exact path, 1 for another.
    private let path: Int
    /// The longest path; more comes first.
    private let length: Int
    /// How many conditions; more comes first.
    private let conditions: Int

    init(_ rule: Rule, order: Int) {
        self.order = order
        var host = 2, path = 1, length = 0
        for condition in rule.conditions {
            switch condition {
            case .host(let values): host = values.contains { $0.contains("*") } ? 1 : 0
            case .path(let values):
                let isExact = values.count == 1 && !values[0].contains(where: { "*?~".contains($0) })
                path = isExact ? 0 : 1
                length = values.map { $0.hasSuffix("/*") ? $0.count - 2 : $0.count }.max() ?? 0
            default: break
            }
        }
        self.host = host
        self.path = path
        self.length = length
        conditions = rule.conditions.count
    }

    static func < (left: RuleRank, right: RuleRank) -> Bool {
        (left.order, left.host, left.path, right.length, right.conditions)
            < (right.order, right.host, right.path, left.length, left.conditions)
    }
}
