// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// What a node has to know of a container.
struct ContainerPlan: Sendable {
    let name: String
    let image: String
    /// Ports to listen on.
    let ports: [Int]
    let probes: [Probe]
    /// How long the hook before SIGTERM takes; nil without one.
    let preStop: Duration?
    /// True to pull the image even when the node has it.
    let alwaysPulls: Bool

    init(_ json: JSONValue, script: PodScript, isOnly: Bool) {
        name = json["name"]?.stringValue ?? ""
        image = json["image"]?.stringValue ?? ""
        alwaysPulls = json["imagePullPolicy"]?.stringValue == "Always"
        let declared =
            (json["ports"]?.arrayValue ?? []).compactMap { $0["containerPort"]?.intValue } + script.ports
        // An image listens where it likes; port 80 stands for that when nothing is said.
        ports = declared.isEmpty && isOnly ? [80] : Array(Set(declared)).sorted()
        probes = Probe.Kind.allCases.compactMap { Probe(json["\($0.rawValue)Probe"], kind: $0) }
        preStop = Self.preStop(json["lifecycle", "preStop"])
    }

    func probe(_ kind: Probe.Kind) -> Probe? { probes.first { $0.kind == kind } }

    /// How long a hook takes: a sleep as long as it says, any other command no time.
    private static func preStop(_ hook: JSONValue?) -> Duration? {
        guard let hook, hook.objectValue != nil else { return nil }
        if let seconds = hook["sleep", "seconds"]?.intValue { return .seconds(max(seconds, 0)) }
        let words = (hook["exec", "command"]?.arrayValue ?? []).compactMap(\.stringValue)
            .flatMap { $0.split(whereSeparator: { " ;&|\n\t()".contains($0) }) }
        var total = Duration.zero
        for (word, next) in zip(words, words.dropFirst()) where word == "sleep" || word.hasSuffix("/sleep") {
            let text = String(next)
            total += DurationText.parse(text) ?? DurationText.parse(text + "s") ?? .zero
        }
        return total
    }
}

/// What a node has to know of a pod.
struct PodPlan: Sendable {
    let containers: [ContainerPlan]
    let initContainers: [ContainerPlan]
    let restartPolicy: String
    /// Conditions that must be True before the pod is ready.
    let gates: [String]
    /// True for a pod that uses its node's address.
    let usesHostNetwork: Bool
    /// `terminationGracePeriodSeconds`.
    let grace: Duration

    /// Reads a pod, each container with its script.
    init(_ pod: KubernetesObject, scripts: (ContainerName) -> PodScript) {
        let spec = pod["spec"]
        let regular = spec?["containers"]?.arrayValue ?? []
        containers = regular.map { json in
            ContainerPlan(json, script: scripts(ContainerName(json)), isOnly: regular.count == 1)
        }
        initContainers = (spec?["initContainers"]?.arrayValue ?? []).map { json in
            ContainerPlan(json, script: scripts(ContainerName(json)), isOnly: false)
        }
        restartPolicy = spec?["restartPolicy"]?.stringValue ?? "Always"
        gates = (spec?["readinessGates"]?.arrayValue ?? []).compactMap { $0["conditionType"]?.stringValue }
        usesHostNetwork = spec?["hostNetwork"]?.boolValue == true
        grace = .seconds(spec?["terminationGracePeriodSeconds"]?.intValue ?? 30)
    }
}

/// Names a container and its image: what scripts are chosen by.
struct ContainerName: Sendable, Hashable {
    let name: String
    let image: String

    init(_ json: JSONValue) {
        name = json["name"]?.stringValue ?? ""
        image = json["image"]?.stringValue ?? ""
    }
}
