// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct NetworkValidationTests {
    private static let port: JSONValue = ["port": 80]

    /// The spec of a Service with one port and some more fields.
    private static func service(_ fields: JSONObject) -> JSONValue {
        var spec: JSONValue = ["ports": [port]]
        for field in fields { spec[field.key] = field.value }
        return spec
    }

    private static let services: [Refused] = [
        Refused(
            "what only balancers have",
            service([
                "loadBalancerSourceRanges": ["10.0.0.1/8"], "allocateLoadBalancerNodePorts": true,
                "loadBalancerClass": "a", "healthCheckNodePort": 30_100,
            ]),
            [
                "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
                "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the "
                    + "prefix length",
                "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
                "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
                "spec.healthCheckNodePort: Invalid value: 30100: may only be set when `type` is 'LoadBalancer' and "
                    + "`externalTrafficPolicy` is 'Local'",
            ]
        ),
        Refused(
            "families",
            service(["ipFamilies": ["IPv4", "IPv4", "X"], "ipFamilyPolicy": "Odd"]),
            [
                "spec.ipFamilies[1]: Duplicate value: \"IPv4\"",
                "spec.ipFamilies[2]: Unsupported value: \"X\": supported values: \"IPv4\", \"IPv6\"",
                "spec.ipFamilyPolicy: Unsupported value: \"Odd\": supported values: \"PreferDualStack\", "
                    + "\"RequireDualStack\", \"SingleStack\"",
            ]
        ),
        Refused(
            "addresses of version 6",
            service(["ipFamilies": ["IPv6"]]),
            ["spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster"]
        ),
        Refused(
            "addresses of a name",
            service(["type": "ExternalName", "externalName": "a.b", "clusterIP": "10.96.0.50"]),
            ["spec.clusterIPs: Forbidden: may not be set for ExternalName services"]
        ),
        Refused(
            "traffic",
            service(["internalTrafficPolicy": "X", "trafficDistribution": "Y"]),
            [
                "spec.internalTrafficPolicy: Unsupported value: \"X\": supported values: \"Cluster\", \"Local\"",
                "spec.trafficDistribution: Unsupported value: \"Y\": supported values: \"PreferClose\", "
                    + "\"PreferSameNode\", \"PreferSameZone\"",
            ]
        ),
    ]

    private static let policies: [Refused] = [
        Refused(
            "ports and types",
            [
                "podSelector": [:], "policyTypes": ["Foo"],
                "ingress": [
                    [
                        "ports": [
                            ["port": 70_000, "protocol": "X"], ["port": "http", "endPort": 5], ["endPort": 6],
                            ["port": 80, "endPort": 5],
                        ]
                    ]
                ],
            ],
            [
                "spec.ingress[0].ports[0].protocol: Unsupported value: \"X\": supported values: \"TCP\", \"UDP\", "
                    + "\"SCTP\"",
                "spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
                "spec.ingress[0].ports[1].endPort: Invalid value: 5: may not be specified when `port` is non-numeric",
                "spec.ingress[0].ports[2].endPort: Invalid value: 6: may not be specified when `port` is not "
                    + "specified",
                "spec.ingress[0].ports[3].endPort: Invalid value: 5: must be greater than or equal to `port`",
                "spec.policyTypes[0]: Unsupported value: \"Foo\": supported values: \"Ingress\", \"Egress\"",
            ]
        ),
        Refused(
            "peers",
            [
                "podSelector": [:],
                "egress": [
                    [
                        "to": [
                            [:], ["ipBlock": ["cidr": "1.2.3.4"]],
                            ["ipBlock": ["cidr": "10.0.0.0/8"], "podSelector": [:]],
                            ["ipBlock": ["cidr": "10.0.0.0/8", "except": ["9.9.9.9/32", "10.1.0.0/16"]]],
                        ]
                    ]
                ],
            ],
            [
                "spec.egress[0].to[0]: Required value: must specify a peer",
                "spec.egress[0].to[1].ipBlock.cidr: Invalid value: \"1.2.3.4\": must be a valid CIDR value, (e.g. "
                    + "10.9.8.0/24 or 2001:db8::/64)",
                "spec.egress[0].to[2]: Forbidden: may not specify both ipBlock and another peer",
                "spec.egress[0].to[3].ipBlock.except[0]: Invalid value: \"9.9.9.9/32\": must be a strict subset of "
                    + "`cidr`",
            ]
        ),
    ]

    private static let budgets: [Refused] = [
        Refused(
            "both bounds",
            ["minAvailable": 1, "maxUnavailable": "150%"],
            [
                "spec: Invalid value: {\"MinAvailable\":1,\"Selector\":null,\"MaxUnavailable\":\"150%\","
                    + "\"UnhealthyPodEvictionPolicy\":null}: minAvailable and maxUnavailable cannot be both set",
                "spec.maxUnavailable: Invalid value: \"150%\": must not be greater than 100%",
            ]
        )
    ]

    @Test(arguments: services) func `a Service that is refused`(_ bad: Refused) async throws {
        try await bad.check("/api/v1/namespaces/n/services", ["spec": bad.object])
    }

    @Test(arguments: policies) func `a NetworkPolicy that is refused`(_ bad: Refused) async throws {
        try await bad.check("/apis/networking.k8s.io/v1/namespaces/n/networkpolicies", ["spec": bad.object])
    }

    @Test(arguments: budgets) func `a budget that is refused`(_ bad: Refused) async throws {
        try await bad.check("/apis/policy/v1/namespaces/n/poddisruptionbudgets", ["spec": bad.object])
    }

    @Test func `a Service that becomes a name loses its address`() async throws {
        let server = try await TestServer.withNamespace()
        let path = "/api/v1/namespaces/n/services"
        try await server.post(path, ["metadata": ["name": "s"], "spec": Self.service([:])]).expect(201)
        let change: JSONValue = ["spec": ["type": "ExternalName", "externalName": "a.example.com"]]
        let answer = try await server.merge("\(path)/s", change).expect(200)
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            #expect(answer["spec", field] == nil)
        }
    }

    @Test func `nodes answer for a balancer that stays local`() async throws {
        let server = try await TestServer.withNamespace()
        let path = "/api/v1/namespaces/n/services"
        let spec = Self.service(["type": "LoadBalancer", "externalTrafficPolicy": "Local"])
        let made = try await server.post(path, ["metadata": ["name": "s"], "spec": spec]).expect(201)
        let port = try #require(made["spec", "healthCheckNodePort"]?.intValue)
        #expect((30_000...32_767).contains(port))
        let change: JSONValue = ["spec": ["healthCheckNodePort": 30_999]]
        let refused = try await server.merge("\(path)/s", change).expect(422)
        #expect(refused.words == ["spec.healthCheckNodePort: Forbidden: field is immutable"])
        let named: JSONValue = ["status": ["loadBalancer": ["ingress": [["hostname": "1.2.3.4"]]]]]
        let wrong = try await server.merge("\(path)/s/status", named).expect(422)
        #expect(wrong.causes == ["status.loadBalancer.ingress[0].hostname FieldValueInvalid"])
    }
}
