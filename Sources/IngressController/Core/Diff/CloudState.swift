// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// What the cloud has for one AlbConfig, as far as it was read or written.
///
/// Ids of what a plan is about to make are references, see `Reference`.
struct CloudState: Sendable, Hashable {
    /// The load balancer; nil when there is none.
    var loadBalancer: CloudLoadBalancer?
    /// Its listeners, by port.
    var listeners: [CloudListener] = []
    /// The server groups with the tags of the AlbConfig.
    var serverGroups: [CloudServerGroup] = []
    /// The certificates of the account; nil while the certificate service cannot be asked.
    var certificates: [CertificateRecord]? = []

    /// The listener of a port.
    func listener(_ port: ListenerPort) -> CloudListener? { listeners.first { $0.port == port } }

    /// The groups that any rule sends requests to, by id.
    var usedGroups: Set<String> {
        Set(listeners.flatMap { $0.rules.flatMap { $0.actions.flatMap(\.groups) } })
    }

    /// The ports of all listeners.
    var ports: Set<ListenerPort> { Set(listeners.map(\.port)) }
}

/// A load balancer as it is.
struct CloudLoadBalancer: Sendable, Hashable {
    var id: String
    /// The members of GetLoadBalancerAttribute.
    var attributes: JSONObject

    var dnsName: String { attributes["DNSName"]?.stringValue ?? "" }
    var status: String { attributes["LoadBalancerStatus"]?.stringValue ?? "" }

    /// The value of a tag.
    func tag(_ key: String) -> String? {
        attributes["Tags"]?.arrayValue?.first { CloudTags.key($0) == key }.map(CloudTags.value)
    }
}

/// A listener as it is.
struct CloudListener: Sendable, Hashable {
    var id: String
    var port: ListenerPort
    /// The members of ListListeners.
    var attributes: JSONObject
    /// What it shows; nil when not read.
    var certificates: [CloudCertificate]?
    /// Its access lists; nil when not read.
    var accessList: CloudAccessList?
    /// By priority.
    var rules: [CloudRule] = []

    /// The group that unmatched requests go to.
    var defaultGroup: String? {
        attributes["DefaultActions"]?[0]?["ForwardGroupConfig", "ServerGroupTuples"]?[0]?["ServerGroupId"]?
            .stringValue
    }
}

/// A certificate of a listener.
struct CloudCertificate: Sendable, Hashable {
    var id: String
    var isDefault: Bool
}

/// The access lists of a listener.
struct CloudAccessList: Sendable, Hashable {
    /// An access list.
    struct Item: Sendable, Hashable {
        var id: String
        var name: String
        /// nil when not read.
        var entries: [String]?
    }

    var type: String
    var items: [Item]
}

/// A rule as it is.
struct CloudRule: Sendable, Hashable {
    var id: String
    var name: String
    var priority: Int
    var direction: Rule.Direction
    var conditions: [RuleCondition]
    var actions: [RuleAction]
}

/// A server group as it is.
struct CloudServerGroup: Sendable, Hashable {
    var id: String
    /// The resource tag: the hash of the key's text.
    var tag: String
    /// What the tags say; nil when some are missing.
    var key: ServerGroupKey?
    /// The members of ListServerGroups.
    var attributes: JSONObject
}

/// Tags come with keys of two spellings.
enum CloudTags {
    static func key(_ tag: JSONValue) -> String { (tag["Key"] ?? tag["TagKey"])?.stringValue ?? "" }
    static func value(_ tag: JSONValue) -> String { (tag["Value"] ?? tag["TagValue"])?.stringValue ?? "" }
}
