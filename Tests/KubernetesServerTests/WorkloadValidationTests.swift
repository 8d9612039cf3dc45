// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct WorkloadValidationTests {
    private static let template: JSONValue = [
        "metadata": ["labels": ["a": "b"]], "spec": ["containers": [["name": "c", "image": "i"]]],
    ]

    /// The spec of a set of pods with some more fields.
    private static func spec(_ fields: JSONObject, selects: Bool = true) -> JSONValue {
        var spec: JSONValue = ["template": template]
        if selects { spec["selector"] = ["matchLabels": ["a": "b"]] }
        for field in fields { spec[field.key] = field.value }
        return spec
    }

    private static func job(_ fields: JSONObject, restarts: JSONValue = "Never") -> JSONValue {
        var template = template
        template.set(["spec", "restartPolicy"], restarts)
        var spec: JSONValue = ["template": template]
        for field in fields { spec[field.key] = field.value }
        return spec
    }

    private static let negative = "must be greater than or equal to 0"
    private static let percent =
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used "
        + "for validation is '[0-9]+%')"

    private static let deployments: [Refused] = [
        Refused(
            "no selector",
            spec([:], selects: false),
            [
                "spec.selector: Required value",
                "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template "
                    + "`labels`",
            ]
        ),
        Refused(
            "numbers",
            spec([
                "replicas": -1, "minReadySeconds": -1, "revisionHistoryLimit": -2,
                "progressDeadlineSeconds": -3,
            ]),
            [
                "spec.replicas: Invalid value: -1: \(negative)",
                "spec.minReadySeconds: Invalid value: -1: \(negative)",
                "spec.revisionHistoryLimit: Invalid value: -2: \(negative)",
                "spec.progressDeadlineSeconds: Invalid value: -3: \(negative)",
                "spec.progressDeadlineSeconds: Invalid value: -3: must be greater than minReadySeconds",
            ]
        ),
        Refused(
            "an unknown strategy",
            spec(["strategy": ["type": "Foo"]]),
            [
                "spec.strategy: Unsupported value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: supported values: "
                    + "\"Recreate\", \"RollingUpdate\""
            ]
        ),
        Refused(
            "shares",
            spec(["strategy": ["rollingUpdate": ["maxSurge": "abc%", "maxUnavailable": "120%"]]]),
            [
                "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"abc%\": \(percent)",
                "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"120%\": must not be greater than 100%",
            ]
        ),
        Refused(
            "a selector that is none",
            spec(["selector": ["matchExpressions": [["key": "a", "operator": "In"]]]]),
            [
                "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' "
                    + "or 'NotIn'",
                "spec.selector: Invalid value: {\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}: invalid "
                    + "label selector",
            ]
        ),
    ]

    private static let statefulSets: [Refused] = [
        Refused(
            "policies",
            spec([
                "podManagementPolicy": "X", "updateStrategy": ["type": "Y"],
                "persistentVolumeClaimRetentionPolicy": ["whenDeleted": "Z", "whenScaled": "Retain"],
                "replicas": -1,
            ]),
            [
                "spec.podManagementPolicy: Invalid value: \"X\": must be 'OrderedReady' or 'Parallel'",
                "spec.updateStrategy: Invalid value: {\"Type\":\"Y\",\"RollingUpdate\":null}: must be 'RollingUpdate' "
                    + "or 'OnDelete'",
                "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: \"Z\": supported values: "
                    + "\"Retain\", \"Delete\"",
                "spec.replicas: Invalid value: -1: \(negative)",
            ]
        ),
        Refused(
            "bounds",
            spec(["updateStrategy": ["rollingUpdate": ["partition": -1, "maxUnavailable": 0]]]),
            [
                "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: \(negative)",
                "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0",
            ]
        ),
    ]

    /// A pod that mounts something.
    private static let mounting: JSONValue = [
        "metadata": ["labels": ["a": "b"]],
        "spec": [
            "containers": [
                ["name": "c", "image": "i", "volumeMounts": [["name": "data", "mountPath": "/d"]]]
            ]
        ],
    ]

    private static let mounts: [Refused] = [
        Refused(
            "nothing to mount",
            spec(["template": mounting]),
            ["spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"data\""]
        ),
        Refused(
            "a volume from a claim",
            spec([
                "template": mounting,
                "volumeClaimTemplates": [
                    [
                        "metadata": ["name": "data"],
                        "spec": [
                            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                        ],
                    ]
                ],
            ]),
            []
        ),
    ]

    private static let daemonSets: [Refused] = [
        Refused(
            "nothing may be away and nothing more may be there",
            spec(["updateStrategy": ["rollingUpdate": ["maxUnavailable": 0]]]),
            [
                "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"
            ]
        ),
        Refused(
            "both",
            spec(["updateStrategy": ["rollingUpdate": ["maxUnavailable": 1, "maxSurge": 1]]]),
            [
                "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is "
                    + "non-zero"
            ]
        ),
        Refused(
            "pods that end",
            spec([
                "template": [
                    "metadata": ["labels": ["a": "b"]],
                    "spec": [
                        "containers": [["name": "c", "image": "i"]], "restartPolicy": "Never",
                        "activeDeadlineSeconds": 5,
                    ],
                ]
            ]),
            [
                "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
                "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not "
                    + "Supported",
            ]
        ),
    ]

    private static let jobs: [Refused] = [
        Refused(
            "numbers and restarts",
            job(["parallelism": -1, "completions": -2, "ttlSecondsAfterFinished": -3], restarts: "Always"),
            [
                "spec.parallelism: Invalid value: -1: \(negative)",
                "spec.completions: Invalid value: -2: \(negative)",
                "spec.ttlSecondsAfterFinished: Invalid value: -3: \(negative)",
                "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"",
            ]
        ),
        Refused(
            "an unknown mode",
            job(["completionMode": "Foo"]),
            [
                "spec.completionMode: Unsupported value: \"Foo\": supported values: \"NonIndexed\", \"Indexed\""
            ]
        ),
        Refused(
            "indexes without a count",
            job(["completionMode": "Indexed", "parallelism": 2]),
            ["spec.completions: Required value: when completion mode is Indexed"]
        ),
        Refused(
            "rules for failures",
            job(["podFailurePolicy": ["rules": [["action": "Odd"]]]]),
            [
                "spec.podFailurePolicy.rules[0].action: Unsupported value: \"Odd\": supported values: \"Count\", "
                    + "\"FailIndex\", \"FailJob\", \"Ignore\"",
                "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is "
                    + "required",
            ]
        ),
    ]

    @Test(arguments: deployments) func `a Deployment that is refused`(_ bad: Refused) async throws {
        try await bad.check("/apis/apps/v1/namespaces/n/deployments", ["spec": bad.object])
    }

    @Test(arguments: statefulSets + mounts) func `a StatefulSet that is refused`(_ bad: Refused) async throws
    {
        try await bad.check("/apis/apps/v1/namespaces/n/statefulsets", ["spec": bad.object])
    }

    @Test(arguments: daemonSets) func `a DaemonSet that is refused`(_ bad: Refused) async throws {
        try await bad.check("/apis/apps/v1/namespaces/n/daemonsets", ["spec": bad.object])
    }

    @Test(arguments: jobs) func `a Job that is refused`(_ bad: Refused) async throws {
        try await bad.check("/apis/batch/v1/namespaces/n/jobs", ["spec": bad.object])
    }

    @Test func `a job's template is fixed but for where a suspended one runs`() async throws {
        let server = try await TestServer.withNamespace()
        let path = "/apis/batch/v1/namespaces/n/jobs"
        try await server.post(path, ["metadata": ["name": "j"], "spec": Self.job(["suspend": true])]).expect(
            201
        )
        let place: JSONValue = ["spec": ["template": ["spec": ["nodeSelector": ["disk": "ssd"]]]]]
        try await server.merge("\(path)/j", place).expect(200)
        let other: JSONValue = ["spec": ["template": ["spec": ["hostNetwork": true]]]]
        let refused = try await server.merge("\(path)/j", other).expect(422)
        #expect(refused.causes == ["spec.template FieldValueInvalid"])
    }
}
