// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Deployments, ReplicaSets, StatefulSets and DaemonSets.
///
/// - Source: the apps validation of Kubernetes 1.36 (seen upstream, and in a real server's answers).
enum WorkloadRules {
    static let deployment = KindRules(
        hasStatus: true,
        statusMetadata: .exceptLabels,
        generation: .specAndAnnotations,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: { object, errors in
            check(object, kind: "deployment", &errors)
            checkStrategy(object["spec", "strategy"] ?? [:], FieldPath("spec")["strategy"], &errors)
            checkNotNegative(object, ["minReadySeconds", "revisionHistoryLimit"], &errors)
            checkDeadline(object, &errors)
        },
        checkUpdate: checkSelector,
        checkStatusUpdate: { new, _, errors in
            checkCounts(new, ["updatedReplicas", "readyReplicas", "availableReplicas"], &errors)
        },
        warnings: templateWarnings
    )

    static let replicaSet = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: { object, errors in
            checkNotNegative(object, ["replicas", "minReadySeconds"], &errors)
            check(object, kind: "deployment", checksReplicas: false, &errors)
        },
        checkUpdate: checkSelector,
        checkStatusUpdate: { new, _, errors in
            checkCounts(new, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], &errors)
        },
        warnings: templateWarnings
    )

    static let statefulSet = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: { object, errors in check(object, kind: "statefulset", &errors) },
        checkUpdate: { new, old, errors in
            var (before, after) = (old.content["spec"] ?? [:], new.content["spec"] ?? [:])
            for field in [
                "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
                "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
            ] {
                before[field] = nil
                after[field] = nil
            }
            guard before != after else { return }
            errors.forbidden(
                FieldPath("spec"),
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                    + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                    + "'minReadySeconds' are forbidden"
            )
        },
        warnings: templateWarnings
    )

    static let daemonSet = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: { object, errors in check(object, kind: "daemonset", checksReplicas: false, &errors) },
        checkUpdate: checkSelector,
        warnings: templateWarnings
    )

    private static let path = FieldPath("spec")

    @Sendable private static func templateWarnings(_ object: ResourceObject) -> [String] {
        PodSpecRules.warnings(object["spec", "template", "spec"] ?? [:], path["template"]["spec"])
    }

    private static func checkNotNegative(
        _ object: ResourceObject,
        _ fields: [String],
        _ errors: inout FieldErrors
    ) {
        for field in fields {
            guard let number = object["spec", field]?.intValue, number < 0 else { continue }
            errors.invalid(path[field], .integer(Int64(number)), "must be greater than or equal to 0")
        }
    }

    private static func check(
        _ object: ResourceObject,
        kind: String,
        checksReplicas: Bool = true,
        _ errors: inout FieldErrors
    ) {
        if checksReplicas { checkNotNegative(object, ["replicas"], &errors) }
        guard let selector = object["spec", "selector"]?.objectValue else {
            return errors.required(path["selector"])
        }
        checkSelectorShape(.object(selector), path["selector"], &errors)
        if selector.isEmpty {
            errors.invalid(path["selector"], [:], "empty selector is invalid for \(kind)")
        }
        let template = object["spec", "template"] ?? [:]
        let labels = template["metadata"]?["labels"]
        if !selector.isEmpty, let parsed = LabelSelector(object: .object(selector)) {
            var texts: [String: String] = [:]
            for label in labels?.objectValue ?? [:] { texts[label.key] = label.value.stringValue ?? "" }
            if !parsed.matches(texts) {
                errors.invalid(
                    path["template"]["metadata"]["labels"],
                    labels ?? .null,
                    "`selector` does not match template `labels`"
                )
            }
        }
        let metadata = path["template"]
        MetadataValidation.checkLabels(labels?.objectValue ?? [:], metadata["metadata"]["labels"], &errors)
        MetadataValidation.checkAnnotations(
            template["metadata"]?["annotations"]?.objectValue ?? [:],
            metadata["metadata"]["annotations"],
            &errors
        )
        let spec = template["spec"] ?? [:]
        PodSpecRules.check(spec, metadata["spec"], isTemplate: true, &errors)
        if let policy = spec["restartPolicy"], policy != "Always" {
            errors.unsupported(metadata["spec"]["restartPolicy"], policy, ["Always"])
        }
    }

    private static func checkSelectorShape(
        _ selector: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        MetadataValidation.checkLabels(
            selector["matchLabels"]?.objectValue ?? [:],
            path["matchLabels"],
            &errors
        )
        for (index, expression) in (selector["matchExpressions"]?.arrayValue ?? []).enumerated() {
            let place = path["matchExpressions"][index]
            let values = expression["values"]?.arrayValue ?? []
            switch expression["operator"]?.stringValue ?? "" {
            case "In", "NotIn":
                if values.isEmpty {
                    errors.required(place["values"], "must be specified when `operator` is 'In' or 'NotIn'")
                }
            case "Exists", "DoesNotExist":
                if !values.isEmpty {
                    errors.forbidden(
                        place["values"],
                        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                    )
                }
            default:
                errors.invalid(
                    place["operator"],
                    expression["operator"] ?? "",
                    "not a valid selector operator"
                )
            }
            for message in NameRules.qualifiedName(expression["key"]?.stringValue ?? "") {
                errors.invalid(place["key"], expression["key"] ?? "", message)
            }
        }
    }

    private static func checkStrategy(_ strategy: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let update = strategy["rollingUpdate"]
        switch strategy["type"]?.stringValue ?? "" {
        case "Recreate":
            if update != nil {
                errors.forbidden(
                    path["rollingUpdate"],
                    "may not be specified when strategy `type` is 'Recreate'"
                )
            }
        case "RollingUpdate":
            for field in ["maxUnavailable", "maxSurge"] {
                checkBound(update?[field], path["rollingUpdate"][field], &errors)
            }
            if isZero(update?["maxUnavailable"]), isZero(update?["maxSurge"]) {
                errors.invalid(
                    path["rollingUpdate"]["maxUnavailable"],
                    update?["maxUnavailable"] ?? 0,
                    "may not be 0 when `maxSurge` is 0"
                )
            }
        default: errors.unsupported(path["type"], strategy["type"] ?? "", ["Recreate", "RollingUpdate"])
        }
    }

    private static func percentage(_ text: String) -> Int? {
        text.hasSuffix("%") ? Int(text.dropLast()) : nil
    }

    private static func isZero(_ bound: JSONValue?) -> Bool {
        switch bound {
        case .integer(0)?: true
        case .string(let text)?: percentage(text) == 0
        default: false
        }
    }

    private static func checkBound(_ bound: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        switch bound {
        case .integer(let number)? where number < 0:
            errors.invalid(path, .integer(number), "must be greater than or equal to 0")
        case .string(let text)? where percentage(text).map({ $0 < 0 }) ?? true:
            errors.invalid(
                path,
                .string(text),
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
                    + "regex used for validation is '[0-9]+%')"
            )
        default: break
        }
    }

    private static func checkDeadline(_ object: ResourceObject, _ errors: inout FieldErrors) {
        guard let deadline = object["spec", "progressDeadlineSeconds"]?.intValue else { return }
        if deadline <= object["spec", "minReadySeconds"]?.intValue ?? 0 {
            errors.invalid(
                path["progressDeadlineSeconds"],
                .integer(Int64(deadline)),
                "must be greater than minReadySeconds"
            )
        }
    }

    @Sendable private static func checkSelector(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        if new["spec", "selector"] != old["spec", "selector"] {
            errors.invalid(path["selector"], new["spec", "selector"] ?? .null, "field is immutable")
        }
    }

    private static func checkCounts(_ object: ResourceObject, _ fields: [String], _ errors: inout FieldErrors)
    {
        let status = FieldPath("status")
        func count(_ field: String) -> Int { object["status", field]?.intValue ?? 0 }
        for field in ["replicas"] + fields where count(field) < 0 {
            errors.invalid(status[field], .integer(Int64(count(field))), "must be greater than or equal to 0")
        }
        for field in fields where count(field) > count("replicas") {
            errors.invalid(
                status[field],
                .integer(Int64(count(field))),
                "cannot be greater than status.replicas"
            )
        }
        if count("availableReplicas") > count("readyReplicas") {
            errors.invalid(
                status["availableReplicas"],
                .integer(Int64(count("availableReplicas"))),
                "cannot be greater than readyReplicas"
            )
        }
    }
}
