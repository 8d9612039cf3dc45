// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

@testable import IngressController

/// Objects as users write them, in short.
enum Samples {
    /// A path of an Ingress.
    struct Path {
        var host = ""
        var path = "/"
        var type = "Prefix"
        var service = "tea"
        var port: JSONValue = ["number": 80]
    }

    static let ingressClass = KubernetesObject(
        .ingressClasses,
        name: "alb",
        [
            "spec": [
                "controller": "ingress.k8s.alibabacloud/alb",
                "parameters": ["apiGroup": "alibabacloud.com", "kind": "AlbConfig", "name": "default"],
            ]
        ]
    )

    static func albConfig(
        _ listeners: [JSONValue] = [["port": 80, "protocol": "HTTP"]],
        config: JSONValue = [:]
    )
        -> KubernetesObject
    {
        KubernetesObject(
            .albConfigs,
            name: "default",
            ["spec": ["config": config, "listeners": .array(listeners)]]
        )
    }

    static let bothListeners: [JSONValue] = [
        ["port": 80, "protocol": "HTTP"], ["port": 443, "protocol": "HTTPS"],
    ]

    static func ingress(
        _ name: String = "web",
        _ paths: [Path] = [Path()],
        annotations: [String: String] = [:],
        tls: [JSONValue] = []
    ) -> KubernetesObject {
        var rules: [JSONValue] = []
        for path in paths {
            rules.append([
                "host": path.host.isEmpty ? nil : .string(path.host),
                "http": [
                    "paths": [
                        [
                            "path": .string(path.path), "pathType": .string(path.type),
                            "backend": ["service": ["name": .string(path.service), "port": path.port]],
                        ]
                    ]
                ],
            ])
        }
        let keys = annotations.keys.sorted()
        return KubernetesObject(
            .ingresses,
            namespace: "shop",
            name: name,
            [
                "metadata": [
                    "annotations": .object(
                        JSONObject(
                            keys.map { key in
                                (
                                    key.contains("/") ? key : "alb.ingress.kubernetes.io/\(key)",
                                    .string(annotations[key] ?? "")
                                )
                            }
                        )
                    )
                ],
                "spec": ["ingressClassName": "alb", "rules": .array(rules), "tls": .array(tls)],
            ]
        )
    }

    static func service(
        _ name: String = "tea",
        ports: [JSONValue] = [["port": 80, "targetPort": 8080]],
        type: String = "ClusterIP"
    ) -> KubernetesObject {
        KubernetesObject(
            .services,
            namespace: "shop",
            name: name,
            ["spec": ["type": .string(type), "ports": .array(ports)]]
        )
    }

    static func secret(
        _ name: String = "cafe-tls",
        certificate: String = "AAAA",
        key: String = "BBBB"
    )
        -> KubernetesObject
    {
        let chain = "-----BEGIN CERTIFICATE-----\n\(certificate)\n-----END CERTIFICATE-----\n"
        let privateKey = "-----BEGIN PRIVATE KEY-----\n\(key)\n-----END PRIVATE KEY-----\n"
        return KubernetesObject(
            .secrets,
            namespace: "shop",
            name: name,
            [
                "data": [
                    "tls.crt": .string(Base64.encode(Array(chain.utf8))),
                    "tls.key": .string(Base64.encode(Array(privateKey.utf8))),
                ]
            ]
        )
    }

    static let context = BuildContext(cluster: "c1", vpc: "vpc-1")

    /// Builds the one group of some objects.
    static func build(
        _ objects: [KubernetesObject],
        albConfig: KubernetesObject = albConfig(),
        context: BuildContext = context,
        certificates: [CertificateRecord] = [],
        remembered: [ObjectKey: Contribution] = [:],
        openPorts: Set<ListenerPort> = []
    ) -> GroupBuild.Result {
        let set = ObjectSet(objects + [ingressClass])
        var build = GroupBuild(objects: set, context: context)
        build.remembered = remembered
        build.openPorts = openPorts
        let members = GroupBuild.members(of: "default", ingresses: set.all(.ingresses), classes: set)
        return build.build(
            AlbConfigSpec(albConfig, context: context),
            members: members,
            certificates: certificates
        )
    }

    /// The messages about one Ingress.
    static func messages(_ result: GroupBuild.Result, _ name: String = "web") -> [String] {
        result.problems.filter { $0.subject == .ingress(ObjectKey(namespace: "shop", name: name)) }.map(
            \.message
        )
    }

    static func rules(_ result: GroupBuild.Result, _ port: ListenerPort = ListenerPort(80, .http)) -> [Rule] {
        result.stack.listeners.first { $0.port == port }?.rules ?? []
    }

    static func group(_ service: String, ingress: String = "web", port: String = "80") -> String {
        ServerGroupKey(ingress: ObjectKey(namespace: "shop", name: ingress), service: service, port: port)
            .description
    }
}
