// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// A server group as it should be, without its servers.
struct ServerGroup: Sendable, Hashable {
    /// What it is for.
    var key: ServerGroupKey
    /// True for the empty group behind a listener.
    var isListenerDefault = false
    /// Members of CreateServerGroup, but for name, VPC and tags.
    var attributes: JSONObject = [:]
    /// Members that only a new group is given.
    var initialAttributes: JSONObject = [:]

    /// `<namespace>-<service>-<port>`; the same for every Ingress that uses the port.
    var name: String { "\(key.ingress.namespace)-\(key.service)-\(key.port)" }

    /// True when servers are checked before they count.
    var isHealthChecked: Bool {
        attributes["HealthCheckConfig", "HealthCheckEnabled"]?.boolValue ?? false
    }

    /// The members that a group keeps for life; a change of one needs a new group.
    static let fixedAttributes: Set<String> = ["Protocol", "ServerGroupType", "VpcId"]
}
