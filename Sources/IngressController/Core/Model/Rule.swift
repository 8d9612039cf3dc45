// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import KubernetesAPI

/// A forwarding rule as it should be; its place in its listener's list is its rank.
///
/// Server groups in the actions are named by the text of their key, or by a literal id.
struct Rule: Sendable, Hashable {
    /// Which way a rule looks.
    enum Direction: String, Sendable, Hashable {
        case request = "Request"
        case response = "Response"
    }

    /// The Ingress that it comes from.
    var owner: ObjectKey
    /// Requests or answers.
    var direction: Direction = .request
    /// All must hold.
    var conditions: [RuleCondition]
    /// In the order in which they are sent.
    var actions: [RuleAction]

    /// The same rule with other names for its server groups.
    func mappingGroups(_ name: (String) -> String) -> Rule {
        var copy = self
        copy.actions = actions.map { $0.mappingGroups(name) }
        return copy
    }

    /// The server groups that it sends requests to, copies included.
    var groups: [String] { actions.flatMap(\.groups) }
}

extension RuleAction {
    /// The server groups that this action names.
    var groups: [String] {
        switch self {
        case .forward(let groups, _), .mirror(let groups): groups.map(\.serverGroup)
        default: []
        }
    }

    /// The same action with other names for its server groups.
    func mappingGroups(_ name: (String) -> String) -> RuleAction {
        func mapped(_ groups: [WeightedGroup]) -> [WeightedGroup] {
            groups.map { WeightedGroup(serverGroup: name($0.serverGroup), weight: $0.weight) }
        }
        switch self {
        case .forward(let groups, let stickySeconds):
            return .forward(mapped(groups), stickySeconds: stickySeconds)
        case .mirror(let groups): return .mirror(mapped(groups))
        default: return self
        }
    }

    /// The word that the API uses.
    var typeName: String {
        switch self {
        case .forward: "ForwardGroup"
        case .redirect: "Redirect"
        case .fixedResponse: "FixedResponse"
        case .rewrite: "Rewrite"
        case .insertHeader: "InsertHeader"
        case .removeHeader: "RemoveHeader"
        case .trafficLimit: "TrafficLimit"
        case .mirror: "TrafficMirror"
        case .cors: "Cors"
        }
    }

    /// True when nothing comes after it.
    var isFinal: Bool {
        switch self {
        case .forward, .redirect, .fixedResponse: true
        default: false
        }
    }
}
