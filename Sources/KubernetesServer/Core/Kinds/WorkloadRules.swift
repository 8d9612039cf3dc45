// SPDX-License-Identifier: Apache-2.0
import JSON

/// Deployments and ReplicaSets.
///
/// - Source: the apps validation of Kubernetes 1.36 (seen upstream, and in a real server's answers).
enum WorkloadRules {
    static let deployment = KindRules(
        hasStatus: true,
        statusMetadata: .exceptLabels,
        generation: .specAndAnnotations,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: checkDeployment,
        checkUpdate: checkSelectorChange,
        checkStatusUpdate: checkDeploymentStatus,
        warnings: templateWarnings
    )

    static let replicaSet = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: { object, errors in
            let spec = object.content["spec"] ?? [:]
            errors.notNegative(spec, ["replicas", "minReadySeconds"], path)
            checkSet(spec, kind: "deployment", &errors)
        },
        checkUpdate: checkSelectorChange,
        checkStatusUpdate: { new, _, errors in
            checkCounts(
                new,
                ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
                ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
                &errors
            )
        },
        warnings: templateWarnings
    )

    static let path = FieldPath("spec")

    @Sendable static func templateWarnings(_ object: ResourceObject) -> [String] {
        PodSpecRules.warnings(object["spec", "template", "spec"] ?? [:], path["template"]["spec"])
    }

    private static func checkDeployment(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let spec = object.content["spec"] ?? [:]
        errors.notNegative(spec["replicas"], path["replicas"])
        checkSet(spec, kind: "deployment", &errors)
        checkStrategy(spec["strategy"] ?? [:], path["strategy"], &errors)
        errors.notNegative(
            spec,
            ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"],
            path
        )
        guard let deadline = spec["progressDeadlineSeconds"], let seconds = deadline.intValue,
            seconds <= spec["minReadySeconds"]?.intValue ?? 0
        else { return }
        errors.invalid(path["progressDeadlineSeconds"], deadline, "must be greater than minReadySeconds")
    }

    /// Checks the selector and the template of a set of equal pods.
    private static func checkSet(_ spec: JSONValue, kind: String, _ errors: inout FieldErrors) {
        let selector = spec["selector"]
        checkSelector(selector, kind: kind, &errors)
        let template = spec["template"] ?? [:]
        if let selector, SelectorRules.verdict(selector, nil) == .isInvalid {
            return errors.invalid(path["selector"], selector, "invalid label selector")
        }
        PodTemplateRules.checkSelected(template, by: selector, path["template"], &errors)
        PodTemplateRules.check(template, path["template"], &errors)
        PodTemplateRules.checkLasting(template, kind: "ReplicaSet", path["template"], &errors)
    }

    /// Checks that a selector is there, in order and selects something.
    static func checkSelector(_ selector: JSONValue?, kind: String, _ errors: inout FieldErrors) {
        guard let selector else { return errors.required(path["selector"]) }
        SelectorRules.check(selector, path["selector"], &errors)
        if SelectorRules.isEmpty(selector) {
            errors.invalid(path["selector"], selector, "empty selector is invalid for \(kind)")
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
            let (unavailable, surge) = (update?["maxUnavailable"], update?["maxSurge"])
            let place = path["rollingUpdate"]
            BoundRules.check(unavailable, place["maxUnavailable"], &errors)
            BoundRules.check(surge, place["maxSurge"], &errors)
            if BoundRules.isZero(unavailable), BoundRules.isZero(surge) {
                let message = "may not be 0 when `maxSurge` is 0"
                errors.invalid(place["maxUnavailable"], unavailable ?? 0, message)
            }
            BoundRules.checkShare(unavailable, place["maxUnavailable"], &errors)
        default:
            var shown = GoView.structure(strategy, ["type", "rollingUpdate"])
            if let update {
                shown["RollingUpdate"] = GoView.structure(update, ["maxUnavailable", "maxSurge"])
            }
            errors.unsupported(path, shown, ["Recreate", "RollingUpdate"])
        }
    }

    // MARK: Changes

    @Sendable static func checkSelectorChange(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        if new["spec", "selector"] != old["spec", "selector"] {
            errors.invalid(path["selector"], new["spec", "selector"] ?? .null, "field is immutable")
        }
    }

    @Sendable private static func checkDeploymentStatus(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        checkCounts(
            new,
            [
                "observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas",
                "unavailableReplicas", "collisionCount",
            ],
            ["updatedReplicas", "readyReplicas", "availableReplicas"],
            &errors
        )
        checkCollisions(new, old, &errors)
    }

    /// Checks the numbers of a status.
    ///
    /// The parts can not be more than there are replicas.
    static func checkCounts(
        _ object: ResourceObject,
        _ fields: [String],
        _ parts: [String],
        readyName: String = "readyReplicas",
        _ errors: inout FieldErrors
    ) {
        let status = object.content["status"]
        let path = FieldPath("status")
        func count(_ field: String) -> Int { status?[field]?.intValue ?? 0 }
        errors.notNegative(status, fields, path)
        for field in parts where count(field) > count("replicas") {
            errors.invalid(
                path[field],
                .integer(Int64(count(field))),
                "cannot be greater than status.replicas"
            )
        }
        if count("availableReplicas") > count("readyReplicas") {
            errors.invalid(
                path["availableReplicas"],
                .integer(Int64(count("availableReplicas"))),
                "cannot be greater than \(readyName)"
            )
        }
    }

    /// Checks that the count of names that were taken only grows.
    static func checkCollisions(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        guard let before = old["status", "collisionCount"]?.intValue else { return }
        let after = new["status", "collisionCount"]?.intValue
        if after ?? -1 < before {
            let path = FieldPath("status")["collisionCount"]
            errors.invalid(path, .integer(Int64(after ?? 0)), "cannot be decremented")
        }
    }
}
