// SPDX-License-Identifier: Apache-2.0
import IngressController
import JSON
import KubernetesAPI

/// How the controller's pure half grows: Ingresses with five paths each, two Services for each of them.
struct ControllerGrowth {
    let ingresses: Int

    /// Seconds to build and to compare, and the calls that one edit costs.
    func measure() -> (build: Double, compare: Double, editBuild: Double, editCalls: [String]) {
        let objects = objects(edited: nil)
        let context = BuildContext(cluster: "c1", vpc: "vpc-1")
        var stack: Stack?
        let build = Stopwatch.measure {
            stack = Model.build(objects: objects, context: context).first?.stack
        }
        guard let stack else { return (build, 0, 0, []) }
        let state = Model.applied(stack)
        var unchanged: [String] = []
        let compare = Stopwatch.measure { unchanged = state.calls(for: stack) }
        precondition(unchanged.isEmpty, "an unchanged model needs no calls")
        let editedObjects = self.objects(edited: ingresses / 2)
        var calls: [String] = []
        let edit = Stopwatch.measure {
            guard let edited = Model.build(objects: editedObjects, context: context).first else { return }
            calls = state.calls(for: edited.stack)
        }
        return (build, compare, edit, calls)
    }

    private func objects(edited: Int?) -> [KubernetesObject] {
        let albConfig = KubernetesObject(
            .albConfigs,
            name: "alb",
            ["spec": ["config": [:], "listeners": [["port": 80, "protocol": "HTTP"]]]]
        )
        let spec: JSONValue = [
            "controller": "ingress.k8s.alibabacloud/alb", "parameters": ["kind": "AlbConfig", "name": "alb"],
        ]
        let ingressClass = KubernetesObject(.ingressClasses, name: "alb", ["spec": spec])
        let services = (0..<2 * ingresses).map { number in
            KubernetesObject(
                .services,
                namespace: "shop",
                name: "s\(number)",
                ["spec": ["ports": [["port": 80]]]]
            )
        }
        return [albConfig, ingressClass] + services
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
                    "ingressClassName": "alb",
                    "rules": [["host": .string("h\(number).test"), "http": ["paths": .array(paths)]]],
                ]
            ]
        )
    }
}
