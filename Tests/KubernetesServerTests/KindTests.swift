// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// An Ingress that is refused, and what for.
private struct BadIngress: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let change: @Sendable (inout JSONValue) -> Void
    let causes: [String]
}

private let firstPath = ["spec", "rules"]

private func setPath(_ object: inout JSONValue, _ field: String, _ value: JSONValue?) {
    var rule = object["spec"]?["rules"]?[0] ?? .null
    var path = rule["http"]?["paths"]?[0] ?? .null
    path[field] = value
    rule.set(["http", "paths"], [path])
    object.set(firstPath, [rule])
}

private func setHost(_ object: inout JSONValue, _ host: String) {
    var rule = object["spec"]?["rules"]?[0] ?? .null
    rule["host"] = .string(host)
    object.set(firstPath, [rule])
}

@Suite struct KindTests {
    private static let badIngresses: [BadIngress] = [
        BadIngress(
            testDescription: "neither rules nor a default backend",
            change: { $0.set(["spec"], [:]) },
            causes: ["spec FieldValueInvalid"]
        ),
        BadIngress(
            testDescription: "no path type",
            change: { setPath(&$0, "pathType", nil) },
            causes: ["spec.rules[0].http.paths[0].pathType FieldValueRequired"]
        ),
        BadIngress(
            testDescription: "an unknown path type",
            change: { setPath(&$0, "pathType", "Regex") },
            causes: ["spec.rules[0].http.paths[0].pathType FieldValueNotSupported"]
        ),
        BadIngress(
            testDescription: "a relative path",
            change: { setPath(&$0, "path", "shop") },
            causes: ["spec.rules[0].http.paths[0].path FieldValueInvalid"]
        ),
        BadIngress(
            testDescription: "two slashes",
            change: { setPath(&$0, "path", "/a//b") },
            causes: ["spec.rules[0].http.paths[0].path FieldValueInvalid"]
        ),
        BadIngress(
            testDescription: "an address for a host",
            change: { setHost(&$0, "192.0.2.1") },
            causes: ["spec.rules[0].host FieldValueInvalid"]
        ),
        BadIngress(
            testDescription: "a wildcard in the middle",
            change: { setHost(&$0, "a.*.example.com") },
            causes: ["spec.rules[0].host FieldValueInvalid"]
        ),
        BadIngress(
            testDescription: "a backend without a port",
            change: { setPath(&$0, "backend", ["service": ["name": "web"]]) },
            causes: ["spec.rules[0].http.paths[0].backend FieldValueRequired"]
        ),
        BadIngress(
            testDescription: "no backend",
            change: { setPath(&$0, "backend", [:]) },
            causes: ["spec.rules[0].http.paths[0].backend FieldValueInvalid"]
        ),
        BadIngress(
            testDescription: "a bad TLS host",
            change: { $0.set(["spec", "tls"], [["hosts": ["Bad_"]]]) },
            causes: ["spec.tls[0].hosts[0] FieldValueInvalid"]
        ),
        BadIngress(
            testDescription: "two classes",
            change: { $0.set(["metadata", "annotations"], ["kubernetes.io/ingress.class": "nginx"]) },
            causes: ["annotations.kubernetes.io/ingress.class FieldValueInvalid"]
        ),
    ]

    @Test(arguments: badIngresses)
    fileprivate func `an Ingress is refused with its causes`(_ bad: BadIngress) async throws {
        let server = try await TestServer.withNamespace()
        var object = Sample.ingress("shop")
        bad.change(&object)
        let refused = try await server.post(Paths.ingresses, object).expect(422)
        #expect(refused.causes == bad.causes)
        #expect(refused["details", "kind"] == "Ingress")
    }

    @Test(arguments: ["*.example.com", "a.example.com", ""])
    func `an Ingress takes plain, wildcard and missing hosts`(_ host: String) async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.ingresses, Sample.ingress("shop", host: host)).expect(201)
    }

    @Test func `an Ingress without a class gets the default class`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(
            "/apis/networking.k8s.io/v1/ingressclasses",
            [
                "metadata": [
                    "name": "alb", "annotations": ["ingressclass.kubernetes.io/is-default-class": "true"],
                ], "spec": ["controller": "ingress.example.com/alb"],
            ]
        ).expect(201)
        var object = Sample.ingress("shop")
        object.set(["spec", "ingressClassName"], nil)
        let made = try await server.post(Paths.ingresses, object).expect(201)
        #expect(made["spec", "ingressClassName"] == "alb")
    }

    @Test func `a Service gets an address and node ports, and gives them back`() async throws {
        let server = try await TestServer.withNamespace()
        func service(_ name: String, _ spec: JSONObject) -> JSONValue {
            var all: JSONObject = ["ports": [["port": 80]], "type": "NodePort"]
            for member in spec { all[member.key] = member.value }
            return ["metadata": ["name": .string(name)], "spec": .object(all)]
        }
        let first = try await server.post(Paths.services, service("a", [:])).expect(201)
        let address = try #require(first["spec", "clusterIP"])
        let port = try #require(first["spec", "ports"]?[0]?["nodePort"])
        #expect(first["spec", "clusterIPs"] == [address])
        #expect(first["spec", "ports"]?[0]?["targetPort"] == 80)
        let taken = try await server.post(Paths.services, service("b", ["clusterIP": address])).expect(422)
        #expect(taken.causes == ["spec.clusterIPs FieldValueInvalid"])
        let kept = try await server.put("\(Paths.services)/a", service("a", [:])).expect(200)
        #expect(kept["spec", "clusterIP"] == address)
        #expect(kept["spec", "ports"]?[0]?["nodePort"] == port)
        try await server.delete("\(Paths.services)/a").expect(200)
        try await server.post(
            Paths.services,
            service("b", ["clusterIP": address, "ports": [["port": 80, "nodePort": port]]])
        ).expect(201)
    }

    @Test func `a TLS Secret needs both its keys`() async throws {
        let server = try await TestServer.withNamespace()
        let refused = try await server.post(
            Paths.secrets,
            ["metadata": ["name": "tls"], "type": "kubernetes.io/tls", "data": ["tls.crt": "eA=="]]
        ).expect(422)
        #expect(refused.causes == ["data[tls.key] FieldValueRequired"])
        let odd = try await server.post(
            Paths.secrets,
            [
                "metadata": ["name": "tls"], "type": "kubernetes.io/tls",
                "stringData": ["tls.crt": "x", "tls.key": "y"],
            ]
        ).expect(201)
        #expect(odd["data"] == ["tls.crt": "eA==", "tls.key": "eQ=="])
        #expect(odd["stringData"] == nil as JSONValue?)
        #expect(odd.warnings.count == 1)
    }

    @Test func `an immutable ConfigMap stays`() async throws {
        let server = try await TestServer.withNamespace()
        var fixed = Sample.configMap("fixed")
        fixed["immutable"] = true
        try await server.post(Paths.configMaps, fixed).expect(201)
        let refused = try await server.merge("\(Paths.configMaps)/fixed", ["data": ["a": "2"]]).expect(422)
        #expect(refused.causes == ["data FieldValueForbidden"])
    }

    @Test func `a Deployment gets its defaults and keeps its selector`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await server.post(Paths.deployments, Sample.deployment("web")).expect(201)
        #expect(made["spec", "replicas"] == 1)
        #expect(made["spec", "strategy", "rollingUpdate"] == ["maxSurge": "25%", "maxUnavailable": "25%"])
        let container = made["spec", "template", "spec", "containers"]?[0]
        #expect(container?["imagePullPolicy"] == "IfNotPresent")
        let refused = try await server.merge(
            "\(Paths.deployments)/web",
            ["spec": ["selector": ["matchLabels": ["app": "x"]]]]
        ).expect(422)
        #expect(refused.causes.contains("spec.selector FieldValueInvalid"))
    }

    @Test func `a Deployment is scaled`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.deployments, Sample.deployment("web")).expect(201)
        let scale = try await server.get("\(Paths.deployments)/web/scale").expect(200)
        #expect(scale["status", "selector"] == "app=web")
        let scaled = try await server.merge("\(Paths.deployments)/web/scale", ["spec": ["replicas": 3]])
            .expect(200)
        #expect(scaled["spec", "replicas"] == 3)
        let deployment = await server.get("\(Paths.deployments)/web")
        #expect(deployment["spec", "replicas"] == 3 && deployment["metadata", "generation"] == 2)
        try await server.merge("\(Paths.deployments)/web/scale", ["spec": ["replicas": -1]]).expect(422)
    }

    @Test func `a pod's spec is fixed but for its images`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.pods, Sample.pod("a")).expect(201)
        let image = try await server.strategic(
            "\(Paths.pods)/a",
            ["spec": ["containers": [["name": "web", "image": "registry.test/web:2.0"]]]]
        ).expect(200)
        #expect(image["spec", "containers"]?[0]?["image"] == "registry.test/web:2.0")
        let refused = try await server.merge("\(Paths.pods)/a", ["spec": ["restartPolicy": "Never"]]).expect(
            422
        )
        #expect(refused.causes == ["spec FieldValueForbidden"])
    }

    @Test func `a Lease is renewed with its resourceVersion only`() async throws {
        let server = try await TestServer.withNamespace()
        let path = "/apis/coordination.k8s.io/v1/namespaces/n/leases"
        let lease: JSONValue = [
            "metadata": ["name": "l"], "spec": ["holderIdentity": "a", "leaseDurationSeconds": 15],
        ]
        let made = try await server.post(path, lease).expect(201)
        try await server.put("\(path)/l", lease).expect(422)
        try await server.put("\(path)/l", made.json).expect(200)
    }
}
