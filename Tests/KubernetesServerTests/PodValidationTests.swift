// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct PodValidationTests {
    private static let container: JSONValue = ["name": "a", "image": "x"]

    /// A pod's spec of one container with some more fields.
    private static func with(_ fields: JSONObject) -> JSONValue {
        var container = container
        for field in fields { container[field.key] = field.value }
        return ["containers": [container]]
    }

    /// A pod's spec with some more fields.
    private static func spec(_ fields: JSONObject) -> JSONValue {
        var spec: JSONValue = ["containers": [container]]
        for field in fields { spec[field.key] = field.value }
        return spec
    }

    private static let first = "spec.containers[0]"

    private static let containers: [Refused] = [
        Refused(
            "parts of a container come in the real order",
            [
                "containers": [
                    [
                        "name": "", "image": "", "imagePullPolicy": "Zoo", "terminationMessagePolicy": "q",
                        "ports": [["containerPort": 0]], "env": [["name": ""]], "livenessProbe": [:],
                        "lifecycle": ["preStop": [:]], "securityContext": ["runAsUser": -1],
                        "resources": ["limits": ["cpu": "-1"]],
                    ]
                ]
            ],
            [
                "\(first).name: Required value", "\(first).image: Required value",
                "\(first).terminationMessagePolicy: Unsupported value: \"q\": supported values: \"File\", "
                    + "\"FallbackToLogsOnError\"",
                "\(first).ports[0].containerPort: Required value", "\(first).env[0].name: Required value",
                "\(first).imagePullPolicy: Unsupported value: \"Zoo\": supported values: \"Always\", "
                    + "\"IfNotPresent\", \"Never\"",
                "\(first).resources.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0",
                "\(first).resources.requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0",
                "\(first).securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, "
                    + "inclusive",
                "\(first).lifecycle.preStop: Required value: must specify a handler type",
                "\(first).livenessProbe: Required value: must specify a handler type",
            ]
        ),
        Refused(
            "ports",
            with([
                "ports": [
                    ["containerPort": 80, "name": "p"],
                    ["containerPort": 70000, "name": "p", "protocol": "X"],
                ]
            ]),
            [
                "\(first).ports[1].name: Duplicate value: \"p\"",
                "\(first).ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
                "\(first).ports[1].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
            ]
        ),
        Refused(
            "sources of variables",
            with([
                "env": [
                    ["name": "a=b"], ["name": "d", "valueFrom": [:]],
                    ["name": "e", "valueFrom": ["fieldRef": ["fieldPath": "foo.bar"]]],
                    ["name": "f", "valueFrom": ["secretKeyRef": ["name": "s", "key": ""]]],
                    ["name": "g", "valueFrom": ["resourceFieldRef": ["resource": "foo"]]],
                    [
                        "name": "h", "value": "x",
                        "valueFrom": ["fieldRef": ["fieldPath": "metadata.labels['a']"]],
                    ],
                    ["name": "i", "valueFrom": ["fieldRef": ["fieldPath": "status.phase"]]],
                ],
                "envFrom": [[:]],
            ]),
            [
                "\(first).env[0].name: Invalid value: \"a=b\": a valid environment variable name must consist only of "
                    + "printable ASCII characters other than '='",
                "\(first).env[1].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, "
                    + "`resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
                "\(first).env[2].valueFrom.fieldRef.fieldPath: Invalid value: \"foo.bar\": error converting "
                    + "fieldPath: field label not supported: foo.bar",
                "\(first).env[3].valueFrom.secretKeyRef.key: Required value",
                "\(first).env[4].valueFrom.resourceFieldRef.resource: Unsupported value: \"foo\": supported "
                    + "values: \"limits.cpu\", \"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\", "
                    + "\"requests.ephemeral-storage\", \"requests.memory\"",
                "\(first).env[5].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty",
                "\(first).env[6].valueFrom.fieldRef.fieldPath: Unsupported value: \"status.phase\": supported "
                    + "values: \"metadata.name\", \"metadata.namespace\", \"metadata.uid\", \"spec.nodeName\", "
                    + "\"spec.serviceAccountName\", \"status.hostIP\", \"status.hostIPs\", \"status.podIP\", "
                    + "\"status.podIPs\"",
                "\(first).envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`",
            ]
        ),
        Refused(
            "probes",
            with([
                "livenessProbe": ["tcpSocket": ["port": 80], "successThreshold": 2],
                "readinessProbe": ["httpGet": ["port": "a b"], "timeoutSeconds": -1],
                "startupProbe": ["exec": ["command": []], "tcpSocket": ["port": 80]],
            ]),
            [
                "\(first).livenessProbe.successThreshold: Invalid value: 2: must be 1",
                "\(first).readinessProbe.httpGet.port: Invalid value: \"a b\": must contain only alpha-numeric "
                    + "characters (a-z, 0-9), and hyphens (-)",
                "\(first).readinessProbe.timeoutSeconds: Invalid value: -1: must be greater than or equal to 0",
                "\(first).startupProbe.exec.command: Required value",
                "\(first).startupProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
            ]
        ),
        Refused(
            "resources",
            with(["resources": ["limits": ["cpu": "1"], "requests": ["cpu": "2", "foo": "3"]]]),
            [
                "\(first).resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1",
                "\(first).resources.requests[foo]: Invalid value: \"foo\": must be a standard resource type or fully "
                    + "qualified",
                "\(first).resources.requests[foo]: Invalid value: \"foo\": must be a standard resource for containers",
            ]
        ),
        Refused(
            "rights",
            with(["securityContext": ["privileged": true, "allowPrivilegeEscalation": false]]),
            [
                "\(first).securityContext: Invalid value: {\"Capabilities\":null,\"Privileged\":true,"
                    + "\"SELinuxOptions\":null,\"WindowsOptions\":null,\"RunAsUser\":null,\"RunAsGroup\":null,"
                    + "\"RunAsNonRoot\":null,\"ReadOnlyRootFilesystem\":null,\"AllowPrivilegeEscalation\":false,"
                    + "\"ProcMount\":null,\"SeccompProfile\":null,\"AppArmorProfile\":null}: cannot set "
                    + "`allowPrivilegeEscalation` to false and `privileged` to true"
            ]
        ),
        Refused(
            "a container that runs first has no probes",
            spec([
                "initContainers": [["name": "a", "image": "y", "readinessProbe": ["tcpSocket": ["port": 1]]]]
            ]),
            [
                "spec.initContainers[0].name: Duplicate value: \"a\"",
                "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without "
                    + "restartPolicy=Always",
            ]
        ),
        Refused(
            "one that stays beside the others has",
            spec([
                "initContainers": [
                    [
                        "name": "b", "image": "y", "restartPolicy": "Always",
                        "readinessProbe": ["tcpSocket": ["port": 1]],
                    ]
                ]
            ]),
            []
        ),
    ]

    private static let specs: [Refused] = [
        Refused("no container", ["containers": []], ["spec.containers: Required value"]),
        Refused(
            "volumes",
            spec([
                "volumes": [
                    ["name": "v", "emptyDir": [:], "hostPath": ["path": "/x"]],
                    ["name": "b", "configMap": [:]],
                    ["name": "c", "persistentVolumeClaim": ["claimName": ""]],
                    [
                        "name": "h",
                        "secret": ["secretName": "s", "items": [["key": "", "path": "/x", "mode": 999]]],
                    ],
                    [
                        "name": "p",
                        "projected": [
                            "sources": [["serviceAccountToken": ["path": "t", "expirationSeconds": 5]]]
                        ],
                    ],
                ]
            ]),
            [
                "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
                "spec.volumes[1].configMap.name: Required value",
                "spec.volumes[2].persistentVolumeClaim.claimName: Required value",
                "spec.volumes[3].secret.items[0].key: Required value",
                "spec.volumes[3].secret.items[0].path: Invalid value: \"/x\": must be a relative path",
                "spec.volumes[3].secret.items[0].mode: Invalid value: 999: must be a number between 0 and 0777 "
                    + "(octal), both inclusive",
                "spec.volumes[4].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 5: may not "
                    + "specify a duration less than 10 minutes",
                "spec.volumes[4].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when "
                    + "serviceAccountName is not set",
            ]
        ),
        Refused(
            "mounts",
            [
                "containers": [
                    [
                        "name": "a", "image": "x",
                        "volumeMounts": [
                            ["name": "nope", "mountPath": "/b"], ["name": "v", "mountPath": "/a"],
                            ["name": "v", "mountPath": "/a", "subPath": "../x"],
                        ],
                    ]
                ], "volumes": [["name": "v", "emptyDir": [:]]],
            ],
            [
                "\(first).volumeMounts[0].name: Not found: \"nope\"",
                "\(first).volumeMounts[2].mountPath: Invalid value: \"/a\": must be unique",
                "\(first).volumeMounts.subPath: Invalid value: \"../x\": must not contain '..'",
            ]
        ),
        Refused(
            "affinity",
            spec([
                "affinity": [
                    "nodeAffinity": [
                        "requiredDuringSchedulingIgnoredDuringExecution": [
                            "nodeSelectorTerms": [["matchExpressions": [["key": "a", "operator": "In"]]]]
                        ]
                    ],
                    "podAffinity": [
                        "preferredDuringSchedulingIgnoredDuringExecution": [
                            ["weight": 0, "podAffinityTerm": ["topologyKey": "z"]]
                        ]
                    ],
                ]
            ]),
            [
                "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
                    + ".matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or "
                    + "'NotIn'",
                "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: "
                    + "must be in the range 1-100",
            ]
        ),
        Refused(
            "spreading",
            spec([
                "topologySpreadConstraints": [["maxSkew": 0, "topologyKey": "", "whenUnsatisfiable": "X"]]
            ]),
            [
                "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
                "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
                "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"X\": supported values: "
                    + "\"DoNotSchedule\", \"ScheduleAnyway\"",
            ]
        ),
        Refused(
            "tolerations",
            spec([
                "tolerations": [
                    ["key": "a", "operator": "Exists", "value": "x"],
                    ["key": "a", "effect": "NoSchedule", "tolerationSeconds": 5],
                ]
            ]),
            [
                "spec.tolerations[0].operator: Invalid value: \"x\": value must be empty when `operator` is 'Exists'",
                "spec.tolerations[1].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when "
                    + "`tolerationSeconds` is set",
            ]
        ),
        Refused(
            "names and addresses",
            spec([
                "dnsPolicy": "None", "hostAliases": [["ip": "x", "hostnames": ["a"]]],
                "runtimeClassName": "X",
            ]),
            [
                "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
                "spec.hostAliases[0].ip: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or "
                    + "2001:db8::ffff)",
                "spec.runtimeClassName: Invalid value: \"X\": a lowercase RFC 1123 subdomain must consist of lower "
                    + "case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
                    + "character (e.g. 'example.com', regex used for validation is "
                    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
            ]
        ),
        Refused(
            "ports of the node",
            spec([
                "hostNetwork": true,
                "containers": [
                    ["name": "a", "image": "x", "ports": [["containerPort": 80, "hostPort": 81]]]
                ],
            ]),
            [
                "\(first).ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true"
            ]
        ),
        Refused(
            "what a new pod can not have",
            spec([
                "ephemeralContainers": [["name": "d", "image": "e"]], "schedulingGates": [["name": "g"]],
                "nodeName": "n",
            ]),
            [
                "spec.ephemeralContainers: Forbidden: cannot be set on create",
                "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
            ]
        ),
    ]

    @Test(arguments: containers) func `a container that is refused`(_ bad: Refused) async throws {
        try await bad.check("/api/v1/namespaces/n/pods", ["spec": bad.object])
    }

    @Test(arguments: specs) func `a pod that is refused`(_ bad: Refused) async throws {
        try await bad.check("/api/v1/namespaces/n/pods", ["spec": bad.object])
    }

    @Test func `the account has two names and ports of the node one`() async throws {
        let server = try await TestServer.withNamespace()
        let spec: JSONValue = [
            "hostNetwork": true, "serviceAccount": "me",
            "containers": [["name": "a", "image": "x", "ports": [["containerPort": 80]]]],
        ]
        let answer = try await server.post(
            "/api/v1/namespaces/n/pods",
            ["metadata": ["name": "p"], "spec": spec]
        ).expect(201)
        #expect(answer["spec", "serviceAccountName"] == "me")
        #expect(answer["spec"]?["containers"]?[0]?["ports"]?[0]?["hostPort"] == 80)
    }

    @Test func `gates of a pod go and never come`() async throws {
        let server = try await TestServer.withNamespace()
        let path = "/api/v1/namespaces/n/pods"
        let spec: JSONValue = ["containers": [Self.container], "schedulingGates": [["name": "one"]]]
        try await server.post(path, ["metadata": ["name": "p"], "spec": spec]).expect(201)
        let patch: JSONValue = ["spec": ["schedulingGates": [["name": "two"]], "nodeSelector": ["a": "b"]]]
        let refused = try await server.merge("\(path)/p", patch).expect(422)
        #expect(
            refused.words == [
                "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'two'"
            ]
        )
        let gone: JSONValue = ["spec": ["schedulingGates": .null, "nodeSelector": ["a": "b"]]]
        try await server.merge("\(path)/p", gone).expect(200)
        let late: JSONValue = ["spec": ["nodeSelector": ["a": "c"]]]
        try await server.merge("\(path)/p", late).expect(422)
    }

    @Test func `a container to look into a pod is added and stays as it is`() async throws {
        let server = try await TestServer.withNamespace()
        let path = "/api/v1/namespaces/n/pods"
        try await server.post(path, ["metadata": ["name": "p"], "spec": Self.spec([:])]).expect(201)
        let debugger: JSONValue = ["name": "d", "image": "e", "targetContainerName": "a"]
        let patch: JSONValue = [
            "metadata": ["labels": ["a": "b"]],
            "spec": ["nodeName": "n", "ephemeralContainers": [debugger]],
        ]
        let answer = try await server.merge("\(path)/p/ephemeralcontainers", patch).expect(200)
        #expect(answer["spec"]?["ephemeralContainers"]?[0]?["terminationMessagePolicy"] == "File")
        #expect(answer["spec", "nodeName"] == nil)
        #expect(answer["metadata", "labels"] == nil)
        #expect(answer["metadata", "generation"] == 2)
        let bad: JSONValue = [
            "spec": ["ephemeralContainers": [["name": "a", "image": "e", "ports": [["containerPort": 1]]]]]
        ]
        let refused = try await server.merge("\(path)/p/ephemeralcontainers", bad).expect(422)
        #expect(
            refused.words == [
                "spec.ephemeralContainers[0].name: Duplicate value: \"a\"",
                "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
                "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be removed\n",
            ]
        )
    }

    @Test func `a pod's containers are resized within their quality`() async throws {
        let server = try await TestServer.withNamespace()
        let path = "/api/v1/namespaces/n/pods"
        let spec = Self.with(["resources": ["requests": ["cpu": "1"]]])
        try await server.post(path, ["metadata": ["name": "p"], "spec": spec]).expect(201)
        func sized(_ requests: JSONValue) -> JSONValue {
            ["spec": ["containers": [["name": "a", "image": "y", "resources": ["requests": requests]]]]]
        }
        let answer = try await server.merge("\(path)/p/resize", sized(["cpu": "2"])).expect(200)
        #expect(answer["spec"]?["containers"]?[0]?["resources"]?["requests"]?["cpu"] == "2")
        #expect(answer["spec"]?["containers"]?[0]?["image"] == "x")
        let refused = try await server.merge("\(path)/p/resize", sized(["memory": "1Gi"])).expect(422)
        #expect(
            refused.words == [
                "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed"
            ]
        )
    }
}
