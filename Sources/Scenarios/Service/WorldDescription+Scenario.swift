// SPDX-License-Identifier: Apache-2.0
import CloudServer
import Cluster
import IngressController
import JSON
import Ports
import Simulation
import Worlds

extension WorldDescription {
    /// The world that a scenario asks for.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - options: What the command line says instead.
    init(_ scenario: Scenario, options: RunOptions) {
        let account = CloudAccount(scenario.cloud)
        let profile = (options.profile ?? scenario.profile).controllerProfile(scenario.defects)
        self.init(
            seed: options.seed ?? scenario.seed,
            schedule: options.schedule,
            profile: profile,
            account: account
        )
        if let start = scenario.start { self.start = start }
        oldConnections = scenario.cloud.oldConnections
        controllers = scenario.controllers.replicas
        electsLeader = scenario.controllers.replicas > 1 && scenario.controllers.electsLeader
        laterNodes = Set((scenario.cluster.nodes ?? []).filter(\.joinsLater).map(\.name))
        if let nodes = scenario.cluster.nodes {
            let made = Self.nodes(count: nodes.count, account: account)
            self.nodes = zip(nodes, made).map { wanted, node in
                var node = node
                node.name = wanted.name
                if let zone = wanted.zone, let vSwitch = account.vSwitches.first(where: { $0.zone == zone }) {
                    node.zone = zone
                    node.vSwitchID = vSwitch.id
                }
                return node
            }
            for (place, wanted) in nodes.enumerated() {
                guard let other = nodes.firstIndex(where: { $0.name == wanted.addressOf }) else { continue }
                self.nodes[place].address = self.nodes[other].address
                self.nodes[place].zone = self.nodes[other].zone
                self.nodes[place].vSwitchID = self.nodes[other].vSwitchID
            }
        }
        for script in scenario.cluster.pods where script.labels.isEmpty {
            if let image = script.image {
                // A tag of `*` means every tag, which is what a name without one means to the cluster.
                let name = image.pattern.hasSuffix(":*") ? String(image.pattern.dropLast(2)) : image.pattern
                scripts.images[name] = script.members
            } else {
                for member in script.members { scripts.general[member.key] = member.value }
            }
        }
    }
}

extension Scenario.Profile {
    /// The controller's profile of this name, with its defects changed.
    func controllerProfile(_ change: DefectChange) -> ControllerProfile {
        var profile: ControllerProfile =
            switch self {
            case .managed: .managed
            case .oss: .oss
            }
        profile.defects.formUnion(change.on.compactMap { ControllerDefect(id: $0) })
        profile.defects.subtract(change.off.compactMap { ControllerDefect(id: $0) })
        return profile
    }
}

extension CloudAccount {
    /// The account that a scenario asks for.
    init(_ spec: CloudSpec) {
        let region = spec.region ?? "cn-hangzhou"
        self.init(region: region, zones: spec.zones ?? ["\(region)-h", "\(region)-i"])
        change(spec)
    }

    /// Changes limits and pace.
    mutating func change(_ spec: CloudSpec) {
        if let batching = spec.batching { self.batching = batching }
        if let propagation = spec.propagation { self.propagation = .triangular(propagation) }
        for transition in spec.transitions { transitions.set(transition) }
        for quota in spec.quotas { quotas.set(quota.name, quota.limit) }
    }
}

extension Vocabulary {
    /// The words of the parts as they are built: what scenarios may name.
    public static let standard = Vocabulary(
        cloudActions: CloudServer.actions.filter(\.isSimulated).map(\.action),
        quotas: CloudQuotas.names.map(\.name),
        transitions: ["all"] + TransitionTimes.names,
        defects: ControllerDefect.allCases.map(\.id)
    )
}

extension PodScriptSpec {
    /// The script as pods take it.
    var members: JSONObject {
        func range(_ range: ClosedRange<Duration>?) -> JSONValue? {
            range.map { [Self.text($0.lowerBound), Self.text($0.upperBound)] }
        }
        var members: JSONObject = [:]
        members["startup"] = range(startUp)
        members["latency"] = range(latency)
        members["ready"] = isReady.map { .bool($0) }
        if !echo.isEmpty { members["echo"] = .array(echo.map { .string($0) }) }
        members["websocket"] = websocket?.json
        members["grpc"] = grpc?.json
        members["body"] = body.map { .string($0) }
        members["status"] = status.map { .integer(Int64($0)) }
        members["onTerm"] = onTermination.map { .string($0.rawValue) }
        // The cluster takes one time for each of these; the longer end is the one that hurts.
        members["drain"] = shutDown.map { Self.text($0.upperBound) }
        members["crashAfter"] = crashAfter.map { Self.text($0.upperBound) }
        members["readyAfter"] = readyAfter.map { Self.text($0.upperBound) }
        return members
    }

    fileprivate static func text(_ duration: Duration) -> JSONValue {
        .string("\(duration.nanoseconds)ns")
    }
}

extension PodStreamSpec {
    /// The stream's part of a script, as pods take it.
    fileprivate var json: JSONValue {
        guard isOn else { return false }
        var members: JSONObject = [:]
        members["push"] = push.map { PodScriptSpec.text($0) }
        members["pushes"] = pushes.map { .integer(Int64($0)) }
        members["goodbye"] = saysGoodbye.map { .bool($0) }
        members["status"] = status.map { .integer(Int64($0)) }
        return members.isEmpty ? true : .object(members)
    }
}

extension LinkCondition {
    /// A link as a scenario describes it; what it does not say stays as it is.
    init(latency: ClosedRange<Duration>?, loss: Double?, otherwise base: LinkCondition) {
        self = base
        if let latency {
            self.latency = latency.lowerBound
            jitter = latency.upperBound - latency.lowerBound
        }
        if let loss { self.loss = loss }
    }
}
