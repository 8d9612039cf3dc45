// SPDX-License-Identifier: Apache-2.0
import JSON

/// DaemonSets.
///
/// - Source: `ValidateDaemonSetSpec` of Kubernetes 1.36 (seen upstream).
enum DaemonSetRules {
    static let daemonSet = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: check,
        checkUpdate: WorkloadRules.checkSelectorChange,
        checkStatusUpdate: { new, old, errors in
            errors.notNegative(new.content["status"], counts, FieldPath("status"))
            WorkloadRules.checkCollisions(new, old, &errors)
        },
        warnings: WorkloadRules.templateWarnings
    )

    private static let path = FieldPath("spec")
    private static let counts = [
        "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady",
        "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable",
        "collisionCount",
    ]

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let spec = object.content["spec"] ?? [:]
        let selector = spec["selector"]
        let template = spec["template"] ?? [:]
        SelectorRules.check(selector, path["selector"], &errors)
        PodTemplateRules.checkSelected(template, by: selector, path["template"], &errors)
        if let selector, SelectorRules.isEmpty(selector) {
            errors.invalid(path["selector"], selector, "empty selector is invalid for daemonset")
        }
        PodTemplateRules.check(template, path["template"], &errors)
        PodTemplateRules.checkLasting(template, kind: "DaemonSet", path["template"], &errors)
        errors.notNegative(spec["minReadySeconds"], path["minReadySeconds"])
        checkStrategy(spec["updateStrategy"] ?? [:], path["updateStrategy"], &errors)
        errors.notNegative(spec["revisionHistoryLimit"], path["revisionHistoryLimit"])
    }

    private static func checkStrategy(_ strategy: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let update = strategy["rollingUpdate"]
        let place = path["rollingUpdate"]
        switch strategy["type"]?.stringValue ?? "" {
        case "OnDelete": break
        case "RollingUpdate":
            guard let update else { return errors.required(place) }
            let bounds = ["maxUnavailable", "maxSurge"]
            for bound in bounds { BoundRules.check(update[bound], place[bound], &errors) }
            for bound in bounds { BoundRules.checkShare(update[bound], place[bound], &errors) }
            let isZero = bounds.map { BoundRules.isZero(update[$0]) }
            if isZero == [true, true] {
                errors.required(place["maxUnavailable"], "cannot be 0 when maxSurge is 0")
            } else if isZero == [false, false] {
                errors.invalid(
                    place["maxSurge"],
                    update["maxSurge"] ?? 0,
                    "may not be set when maxUnavailable is non-zero"
                )
            }
        default:
            var shown = GoView.structure(strategy, ["type", "rollingUpdate"])
            if let update {
                shown["RollingUpdate"] = GoView.structure(update, ["maxUnavailable", "maxSurge"])
            }
            errors.unsupported(path, shown, ["RollingUpdate", "OnDelete"])
        }
    }
}
