// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// A node of the cluster: an ECS instance with network interfaces for pods.
public struct NodeDescription: Sendable, Hashable {
    /// The Node's name.
    public var name: String
    /// The instance: `i-…`.
    public var instanceID: String
    /// The node's own address.
    public var address: String
    /// The region: `cn-hangzhou`.
    public var region: String
    /// The zone: `cn-hangzhou-h`.
    public var zone: String
    /// The vSwitch of the node and its pods.
    public var vSwitchID: String
    /// Where pod addresses come from, for example `10.0.1.0/24`.
    ///
    /// Nodes with one range share one pool of addresses, as nodes on one vSwitch do.
    public var podRange: String
    /// Further labels.
    public var labels: [String: String]
    /// How many pods it takes.
    public var podLimit: Int
    /// The instance type.
    public var instanceType: String

    /// Describes a node; an empty instance id is made up from the name.
    public init(
        name: String,
        instanceID: String = "",
        address: String,
        region: String = "cn-hangzhou",
        zone: String = "cn-hangzhou-h",
        vSwitchID: String = "vsw-h",
        podRange: String,
        labels: [String: String] = [:],
        podLimit: Int = 110,
        instanceType: String = "ecs.g7.xlarge"
    ) {
        self.name = name
        self.instanceID =
            instanceID.isEmpty ? "i-bp1" + FowlerNollVo.identifier("instance \(name)", count: 17) : instanceID
        self.address = address
        self.region = region
        self.zone = zone
        self.vSwitchID = vSwitchID
        self.podRange = podRange
        self.labels = labels
        self.podLimit = podLimit
        self.instanceType = instanceType
    }

    /// The Node object that the node's kubelet registers; `ownsRange` when no other node shares the pod range.
    func object(ownsRange: Bool, at now: Instant) -> KubernetesObject {
        var spec: JSONObject = ["providerID": .string("\(region).\(instanceID)")]
        if ownsRange {
            spec["podCIDR"] = .string(podRange)
            spec["podCIDRs"] = [.string(podRange)]
        }
        return KubernetesObject(
            .nodes,
            name: name,
            [
                "metadata": ["labels": .object(objectLabels)], "spec": .object(spec),
                "status": status(at: now),
            ]
        )
    }

    private var objectLabels: JSONObject {
        var all = [
            "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": instanceType, "topology.kubernetes.io/region": region,
            "topology.kubernetes.io/zone": zone,
        ]
        all.merge(labels) { $1 }
        return JSONObject(all.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    }

    /// The status of a node that works.
    func status(at now: Instant) -> JSONValue {
        let resources: JSONValue = [
            "cpu": "4", "ephemeral-storage": "123722704Ki", "memory": "16Gi",
            "pods": .string(String(podLimit)),
        ]
        return [
            "addresses": [
                ["type": "InternalIP", "address": .string(address)],
                ["type": "Hostname", "address": .string(name)],
            ],
            "allocatable": resources, "capacity": resources,
            "conditions": .array(NodeCondition.healthy(at: now)),
            "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
            "nodeInfo": [
                "architecture": "amd64", "bootID": .string(made("boot")),
                "containerRuntimeVersion": "containerd://2.1.4",
                "kernelVersion": "5.10.134", "kubeProxyVersion": "", "kubeletVersion": "v1.36.0",
                "machineID": .string(FowlerNollVo.hexadecimal("machine \(name)", count: 32)),
                "operatingSystem": "linux", "osImage": "Alibaba Cloud Linux 3",
                "systemUUID": .string(made("system")),
            ],
        ]
    }

    private func made(_ purpose: String) -> String {
        let digits = Array(FowlerNollVo.hexadecimal("\(purpose) \(name)", count: 32))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}

/// The conditions of a Node.
enum NodeCondition {
    private static let pressures = [
        ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ]

    /// Of a node that works.
    static func healthy(at now: Instant) -> [JSONValue] {
        pressures.map { make($0.0, "False", $0.1, $0.2, now) }
            + [make("Ready", "True", "KubeletReady", "kubelet is posting ready status", now)]
    }

    /// Of a node that nobody has heard of for too long.
    static func unknown(at now: Instant) -> [JSONValue] {
        (pressures.map(\.0) + ["Ready"]).map {
            make($0, "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.", now)
        }
    }

    private static func make(
        _ type: String,
        _ status: String,
        _ reason: String,
        _ message: String,
        _ now: Instant
    ) -> JSONValue {
        [
            "type": .string(type), "status": .string(status), "lastHeartbeatTime": .string(now.rfc3339),
            "lastTransitionTime": .string(now.rfc3339), "reason": .string(reason),
            "message": .string(message),
        ]
    }
}
