// SPDX-License-Identifier: Apache-2.0
import JSON

/// A load balancer as it should be.
struct LoadBalancer: Sendable, Hashable {
    /// A zone that it should be in.
    struct Zone: Sendable, Hashable {
        var vSwitch: String
        var zone: String
        var allocation: String
        var eipType: String
    }

    /// The load balancer to use; empty to make one.
    var id = ""
    /// Members of CreateLoadBalancer that are compared by name.
    var name: String
    var addressType: String
    var addressAllocatedMode: String
    var addressIPVersion: String
    /// Intranet or Internet; for dual stack.
    var ipv6AddressType: String
    /// Basic, Standard or StandardWithWaf; empty leaves it.
    var edition: String
    var resourceGroup: String
    var bandwidthPackage: String
    /// The vSwitches asked for, in order; empty lets the controller choose.
    var zones: [Zone]
    /// Where the access log goes; nil for none.
    var accessLog: AccessLog?
    /// Tags of the user.
    var tags: [Tag]
    /// True when the attributes of a load balancer that is reused may be changed.
    var overridesAttributes: Bool
    /// True when listeners of a load balancer that is reused may be touched though somebody else made them.
    var overridesListeners: Bool

    /// The access log's place.
    struct AccessLog: Sendable, Hashable {
        var project: String
        var store: String
    }

    /// True for a load balancer that somebody else made.
    var isReused: Bool { !id.isEmpty }
}

/// A tag.
struct Tag: Sendable, Hashable {
    var key: String
    var value: String

    /// As the API takes it.
    var json: JSONValue { ["Key": .string(key), "Value": .string(value)] }
}
