// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// What the load balancer refuses in a rule whatever else is in it.
///
/// - Source: the product's pages on custom conditions and actions; documented.
enum RuleLimits {
    /// - Throws: The first limit that is passed.
    static func check(_ conditions: [RuleCondition], _ actions: [RuleAction]) throws(BuildError) {
        for condition in conditions {
            switch condition {
            case .sourceIP(let values) where values.count > 5:
                throw BuildError("a condition SourceIp takes 5 ranges, found \(values.count)")
            case .path(let values):
                guard let wrong = values.first(where: { !$0.hasPrefix("/") && !$0.hasPrefix("~") }) else {
                    continue
                }
                throw BuildError("a condition Path takes values that begin with / or ~, found \(wrong)")
            default: break
            }
        }
        let kinds = Set(actions.map(\.typeName))
        if kinds.contains("TrafficMirror"), !kinds.isDisjoint(with: ["Redirect", "FixedResponse"]) {
            throw BuildError("a TrafficMirror needs a ForwardGroup, found Redirect or FixedResponse")
        }
        if kinds.contains("TrafficLimit"), kinds.contains("Redirect") {
            throw BuildError("a TrafficLimit needs a ForwardGroup or FixedResponse, found Redirect")
        }
    }
}
