// SPDX-License-Identifier: Apache-2.0
import IngressController
import JSON
import KubernetesAPI
import Ports
import Simulation
import Worlds

/// A world with a small shop, for tests that look at what the controller calls.
struct ControllerRun: Sendable {
    let world: World

    /// Runs something in a world of its own.
    static func run(
        _ profile: Profile,
        seed: UInt64 = 1,
        _ body: @escaping @Sendable (ControllerRun) async throws -> Void
    ) throws {
        let world = try World(WorldDescription(seed: seed, profile: profile))
        try world.simulation.run {
            try await world.start()
            try await body(ControllerRun(world: world))
        }
    }

    // MARK: Acting

    func apply(_ objects: KubernetesObject...) async throws {
        for object in objects {
            guard let type = Self.types.first(where: { $0.kind == object.kind }) else { continue }
            try await ManifestApply(client: world.client).apply(object, as: type)
        }
    }

    private static let types: [ResourceType] = [
        .albConfigs, .ingressClasses, .ingresses, .services, .deployments, .secrets,
    ]

    func sleep(_ seconds: Int) async throws {
        try await world.simulation.host(World.HostNames.user).clock.sleep(for: .seconds(seconds))
    }

    // MARK: Looking

    /// How many entries the trace has: a place to look from.
    var mark: Int { world.simulation.trace.entries.count }

    /// The cloud actions since a mark, repeated ones once.
    func actions(since mark: Int = 0) -> [String] {
        var actions: [String] = []
        for entry in world.simulation.trace.entries.dropFirst(mark) {
            guard case .cloudCall(let call) = entry.event, actions.last != call.action else { continue }
            actions.append(call.action)
        }
        return actions
    }

    /// The cloud's writing actions since a mark.
    func writes(since mark: Int = 0) -> [String] {
        world.simulation.trace.entries.dropFirst(mark).compactMap { entry in
            guard case .cloudCall(let call) = entry.event else { return nil }
            let isRead = ["Get", "List", "Describe"].contains { call.action.hasPrefix($0) }
            return isRead ? nil : call.action
        }
    }

    /// The cloud's writing actions since a mark that were accepted: without those that are tried again.
    func acceptedWrites(since mark: Int = 0) -> [String] {
        world.simulation.trace.entries.dropFirst(mark).compactMap { entry in
            guard case .cloudCall(let call) = entry.event, call.code.isEmpty else { return nil }
            let isRead = ["Get", "List", "Describe"].contains { call.action.hasPrefix($0) }
            return isRead ? nil : call.action
        }
    }

    /// Writing requests of the controller to the API server since a mark: verb and path.
    func clusterWrites(since mark: Int = 0) -> [String] {
        world.simulation.trace.entries.dropFirst(mark).compactMap { entry in
            guard case .apiCall(let call) = entry.event, call.client.contains("alb-ingress-controller") else {
                return nil
            }
            return ["get", "list", "watch"].contains(call.verb) ? nil : "\(call.verb) \(call.path)"
        }
    }

    // MARK: Objects

    static func albConfig(_ listeners: [JSONValue] = [["port": 80, "protocol": "HTTP"]]) -> KubernetesObject {
        KubernetesObject(
            .albConfigs,
            name: "alb",
            ["spec": ["config": ["name": "shop"], "listeners": .array(listeners)]]
        )
    }

    static let ingressClass = KubernetesObject(
        .ingressClasses,
        name: "alb",
        [
            "spec": [
                "controller": "ingress.k8s.alibabacloud/alb",
                "parameters": ["apiGroup": "alibabacloud.com", "kind": "AlbConfig", "name": "alb"],
            ]
        ]
    )

    static func deployment(_ name: String = "tea", replicas: Int = 1) -> KubernetesObject {
        KubernetesObject(
            .deployments,
            namespace: "default",
            name: name,
            [
                "spec": [
                    "replicas": .integer(Int64(replicas)),
                    "selector": ["matchLabels": ["app": .string(name)]],
                    "template": [
                        "metadata": ["labels": ["app": .string(name)]],
                        "spec": [
                            "containers": [
                                [
                                    "name": "web", "image": .string("\(name):v1"),
                                    "ports": [["containerPort": 80]],
                                ]
                            ]
                        ],
                    ],
                ]
            ]
        )
    }

    static func service(_ name: String = "tea") -> KubernetesObject {
        KubernetesObject(
            .services,
            namespace: "default",
            name: name,
            ["spec": ["selector": ["app": .string(name)], "ports": [["port": 80, "targetPort": 80]]]]
        )
    }

    static func ingress(
        _ name: String = "shop",
        paths: [String] = ["/tea"],
        service: String = "tea",
        annotations: JSONObject = [:]
    ) -> KubernetesObject {
        let paths = paths.map { path -> JSONValue in
            [
                "path": .string(path), "pathType": "Prefix",
                "backend": ["service": ["name": .string(service), "port": ["number": 80]]],
            ]
        }
        return KubernetesObject(
            .ingresses,
            namespace: "default",
            name: name,
            [
                "metadata": ["annotations": .object(annotations)],
                "spec": [
                    "ingressClassName": "alb",
                    "rules": [["host": .string("\(name).test"), "http": ["paths": .array(paths)]]],
                ],
            ]
        )
    }
}
