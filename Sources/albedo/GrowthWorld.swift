// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
import KubernetesAPI
import Ports
import Simulation
import Synchronization
import Worlds

/// A world with many Ingresses over a few Services: what grows with their number is measured in it.
final class GrowthWorld: Sendable {
    private let world: World
    private let count: Int
    private let writes = Counter()
    private let edit = Counter()

    /// Writing cloud calls that one edit cost, after `run`.
    var editWrites: Int { edit.value }

    init(ingresses count: Int) throws {
        var account = CloudAccount(transitions: .quick, propagation: .fixed(.milliseconds(100)))
        // It is the controller that is measured.
        account.quotas = .generous
        world = try World(WorldDescription(account: account))
        self.count = count
    }

    /// Brings all Ingresses up, then edits one.
    func run() throws {
        let reads = ["Get", "List", "Describe"]
        world.simulation.trace.observe { [writes] entry in
            guard case .cloudCall(let call) = entry.event,
                !reads.contains(where: { call.action.hasPrefix($0) })
            else { return }
            writes.add(1)
        }
        try world.simulation.run { [self] in
            try await world.start()
            for object in Self.base { try await apply(object) }
            for number in 0..<count { try await apply(Self.ingress(number, path: "/")) }
            try await requireSettled()
            let before = writes.value
            try await apply(Self.ingress(count / 2, path: "/changed"))
            try await world.simulation.host(World.HostNames.user).clock.sleep(for: .seconds(120))
            try await requireSettled()
            edit.add(writes.value - before)
        }
    }

    private func requireSettled() async throws {
        let open = try await world.settle(limit: .seconds(7200))
        if let first = open.first { throw NotSettled(first: "\(first)") }
    }

    private func apply(_ object: KubernetesObject) async throws {
        let types: [ResourceType] = [.ingressClasses, .albConfigs, .services, .deployments, .ingresses]
        guard let type = types.first(where: { $0.kind == object.kind }) else { return }
        try await ManifestApply(client: world.client).apply(object, as: type)
    }

    private static var base: [KubernetesObject] {
        let vSwitches = CloudAccount().vSwitches
        let zones = JSONValue.array(vSwitches.map { ["vSwitchId": .string($0.id)] })
        let labels: JSONValue = ["app": "web"]
        let container: JSONValue = ["name": "web", "image": "web:v1", "ports": [["containerPort": 8080]]]
        return [
            KubernetesObject(
                .ingressClasses,
                name: "alb",
                [
                    "spec": [
                        "controller": "ingress.k8s.alibabacloud/alb",
                        "parameters": ["apiGroup": "alibabacloud.com", "kind": "AlbConfig", "name": "alb"],
                    ]
                ]
            ),
            KubernetesObject(
                .albConfigs,
                name: "alb",
                [
                    "spec": [
                        "config": ["name": "growth", "addressType": "Internet", "zoneMappings": zones],
                        "listeners": [["port": 80, "protocol": "HTTP"]],
                    ]
                ]
            ),
            KubernetesObject(
                .deployments,
                namespace: "default",
                name: "web",
                [
                    "spec": [
                        "replicas": 2, "selector": ["matchLabels": labels],
                        "template": ["metadata": ["labels": labels], "spec": ["containers": [container]]],
                    ]
                ]
            ),
            KubernetesObject(
                .services,
                namespace: "default",
                name: "web",
                [
                    "metadata": ["annotations": ["service.beta.kubernetes.io/backend-type": "eni"]],
                    "spec": ["selector": labels, "ports": [["port": 80, "targetPort": 8080]]],
                ]
            ),
        ]
    }

    private static func ingress(_ number: Int, path: String) -> KubernetesObject {
        let backend: JSONValue = ["service": ["name": "web", "port": ["number": 80]]]
        let rule: JSONValue = [
            "host": .string("host-\(number).example.com"),
            "http": ["paths": [["path": .string(path), "pathType": "Prefix", "backend": backend]]],
        ]
        return KubernetesObject(
            .ingresses,
            namespace: "default",
            name: "web-\(number)",
            ["spec": ["ingressClassName": "alb", "rules": [rule]]]
        )
    }
}

/// A world is not done after two hours.
private struct NotSettled: Error, CustomStringConvertible {
    let first: String

    var description: String { "after two hours: \(first)" }
}

/// A number that goes up.
private final class Counter: Sendable {
    private let state = Mutex(0)

    var value: Int { state.withLock { $0 } }

    func add(_ number: Int) { state.withLock { $0 += number } }
}
