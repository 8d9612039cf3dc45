// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// An instance of the cluster, as the cloud knows it.
public struct NodeInstance: Sendable, Hashable {
    /// The Node's name.
    public var node: String
    /// The instance: `i-…`.
    public var instanceID: String
    /// The node's own address.
    public var address: String
    /// The region.
    public var region: String
    /// The zone.
    public var zone: String
    /// The vSwitch.
    public var vSwitchID: String
}

/// A network interface of an instance, with the pod addresses on it.
public struct NodeInterface: Sendable, Hashable {
    /// `eni-…`.
    public var id: String
    /// The Node's name.
    public var node: String
    /// The instance that it is attached to.
    public var instanceID: String
    /// The zone.
    public var zone: String
    /// The vSwitch.
    public var vSwitchID: String
    /// True for the interface that carries the node's own address.
    public var isPrimary: Bool
    /// Its own address.
    public var primaryAddress: String
    /// All its addresses, its own first, then pods' in the order in which they came.
    public var addresses: [String]
}

/// The addresses of all nodes' pods, and the network interfaces that they are on.
///
/// - Source: Terway's shared interfaces, up to ten addresses on each; documented.
final class NodePool: Sendable {
    private static let addressesPerInterface = 10

    private struct State {
        var ranges: [String: AddressPool] = [:]
        var interfaces: [String: [NodeInterface]] = [:]
    }

    let nodes: [NodeDescription]
    /// The names of nodes whose own address others have as well.
    let sharing: [String]
    private let state: Mutex<State>

    init(_ nodes: [NodeDescription]) {
        self.nodes = nodes
        let counts = nodes.reduce(into: [String: Int]()) { $0[$1.address, default: 0] += 1 }
        sharing = nodes.filter { counts[$0.address] != 1 }.map(\.name)
        var first = State()
        for node in nodes {
            if first.ranges[node.podRange] == nil { first.ranges[node.podRange] = AddressPool(node.podRange) }
            first.interfaces[node.name] = [
                Self.interface(node, number: 0, address: node.address)
            ]
        }
        // A node's own address may lie in a range of pods.
        for range in first.ranges.keys.sorted() {
            for node in nodes { first.ranges[range]?.reserve(node.address) }
        }
        state = Mutex(first)
    }

    private static func interface(_ node: NodeDescription, number: Int, address: String) -> NodeInterface {
        NodeInterface(
            id: "eni-bp1" + FowlerNollVo.identifier("interface \(node.name) \(number)", count: 17),
            node: node.name,
            instanceID: node.instanceID,
            zone: node.zone,
            vSwitchID: node.vSwitchID,
            isPrimary: number == 0,
            primaryAddress: address,
            addresses: [address]
        )
    }

    /// True when no other node shares a node's range.
    func ownsRange(_ node: NodeDescription) -> Bool {
        nodes.count { $0.podRange == node.podRange } == 1
    }

    /// An address for a pod; nil when the range has no free one.
    func take(for node: NodeDescription) -> String? {
        state.withLock { state in
            var interfaces = state.interfaces[node.name] ?? []
            let place = interfaces.firstIndex {
                !$0.isPrimary && $0.addresses.count < Self.addressesPerInterface
            }
            guard let address = state.ranges[node.podRange]?.take() else { return nil }
            if let place {
                interfaces[place].addresses.append(address)
            } else {
                // A fresh interface has an address of its own before it has a pod's.
                guard let own = state.ranges[node.podRange]?.take() else {
                    state.ranges[node.podRange]?.give(back: address)
                    return nil
                }
                var made = Self.interface(node, number: interfaces.count, address: own)
                made.addresses.append(address)
                interfaces.append(made)
            }
            state.interfaces[node.name] = interfaces
            return address
        }
    }

    /// Takes a pod's address back.
    func give(back address: String, of node: NodeDescription) {
        state.withLock { state in
            state.ranges[node.podRange]?.give(back: address)
            var interfaces = state.interfaces[node.name] ?? []
            for place in interfaces.indices where interfaces[place].primaryAddress != address {
                interfaces[place].addresses.removeAll { $0 == address }
            }
            state.interfaces[node.name] = interfaces
        }
    }

    /// All interfaces, by the order of the nodes.
    var interfaces: [NodeInterface] {
        state.withLock { state in nodes.flatMap { state.interfaces[$0.name] ?? [] } }
    }

    /// All instances, by the order of the nodes.
    var instances: [NodeInstance] {
        nodes.map {
            NodeInstance(
                node: $0.name,
                instanceID: $0.instanceID,
                address: $0.address,
                region: $0.region,
                zone: $0.zone,
                vSwitchID: $0.vSwitchID
            )
        }
    }
}
