// SPDX-License-Identifier: Apache-2.0
import IngressController
import JSON
import KubernetesAPI

/// How the controller's pure half grows: Ingresses with five paths each, two Services for each of them, and an AlbConfig
/// for every thousand, since a listener has no more than ten thousand priorities.
struct ControllerGrowth {
    let ingresses: Int

    private static let groupSize = 1000

    /// Seconds to build and to compare, and the calls that one edit costs.
    func measure() -> (build: Double, compare: Double, editBuild: Double, editCalls: [String]) {
        let objects = objects(edited: nil)
        let context = BuildContext(cluster: "c1", vpc: "vpc-1")
        var groups: [Model.Group] = []
        let build = Stopwatch.measure { groups = Model.build(objects: objects, context: context) }
        let states = groups.map { Model.applied($0.stack) }
        var unchanged: [String] = []
        let compare = Stopwatch.measure {
            for (group, state) in zip(groups, states) { unchanged += state.calls(for: group.stack) }
        }
        precondition(unchanged.isEmpty, "an unchanged model needs no calls")
        let editedObjects = self.objects(edited: ingresses / 2)
        var calls: [String] = []
        let edit = Stopwatch.measure {
            for (group, state) in zip(Model.build(objects: editedObjects, context: context), states) {
                calls += state.calls(for: group.stack)
            }
        }
        precondition(!calls.isEmpty, "an edit needs a call")
        return (build, compare, edit, calls)
    }

    private func objects(edited: Int?) -> [KubernetesObject] {
        let configs = (0...(ingresses - 1) / Self.groupSize).flatMap { number -> [KubernetesObject] in
            let name = "alb-\(number)"
            let spec: JSONValue = [
                "controller": "ingress.k8s.alibabacloud/alb",
                "parameters": ["kind": "AlbConfig", "name": .string(name)],
            ]
            return [
                KubernetesObject(
                    .albConfigs,
                    name: name,
                    ["spec": ["config": [:], "listeners": [["port": 80, "protocol": "HTTP"]]]]
                ),
                KubernetesObject(.ingressClasses, name: name, ["spec": spec]),
            ]
        }
        let services = (0..<2 * ingresses).map { number in
            KubernetesObject(
                .services,
                namespace: "shop",
                name: "s\(number)",
                ["spec": ["ports": [["port": 80]]]]
            )
        }
        return configs + services
            + (0..<ingresses).map { ingress($0, isEdited: $0 == edited) }
    }

    private func ingress(_ number: Int, isEdited: Bool) -> KubernetesObject {
        let paths = (0..<5).map { path -> JSONValue in
            let text = isEdited && path == 2 ? "/changed" : "/p\(path)"
            let service = "s\((2 * number + path) % (2 * ingresses))"
            return [
                "path": .string(text), "pathType": "Exact",
                "backend": ["service": ["name": .string(service), "port": ["number": 80]]],
            ]
        }
        return KubernetesObject(
            .ingresses,
            namespace: "shop",
            name: "i\(number)",
            [
                "spec": [
                    "ingressClassName": .string("alb-\(number / Self.groupSize)"),
                    "rules": [["host": .string("h\(number).test"), "http": ["paths": .array(paths)]]],
                ]
            ]
        )
    }
}
