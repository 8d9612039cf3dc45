// SPDX-License-Identifier: Apache-2.0
import JSON

/// StatefulSets.
///
/// - Source: `ValidateStatefulSetSpec` of Kubernetes 1.36 (seen upstream, and in a real server's answers); where it
///   looks at the template and at the Service's name is assumed.
enum StatefulSetRules {
    static let statefulSet = KindRules(
        nameRule: NameRules.dnsLabel,
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: check,
        checkCreate: { object, errors in
            errors.checkGiven(object["spec", "serviceName"], NameRules.dnsLabel, path["serviceName"])
        },
        checkUpdate: checkChange,
        checkStatusUpdate: { new, old, errors in
            let parts = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"]
            WorkloadRules.checkCounts(
                new,
                ["replicas"] + parts + ["observedGeneration", "collisionCount"],
                parts,
                readyName: "status.readyReplicas",
                &errors
            )
            WorkloadRules.checkCollisions(new, old, &errors)
        },
        warnings: WorkloadRules.templateWarnings
    )

    private static let path = FieldPath("spec")

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let spec = object.content["spec"] ?? [:]
        let management = spec["podManagementPolicy"]?.stringValue ?? ""
        if management.isEmpty {
            errors.required(path["podManagementPolicy"])
        } else if management != "OrderedReady", management != "Parallel" {
            let message = "must be 'OrderedReady' or 'Parallel'"
            errors.invalid(path["podManagementPolicy"], .string(management), message)
        }
        checkStrategy(spec["updateStrategy"] ?? [:], path["updateStrategy"], &errors)
        if let retention = spec["persistentVolumeClaimRetentionPolicy"] {
            for field in ["whenDeleted", "whenScaled"] {
                errors.option(
                    retention[field] ?? "",
                    ["Retain", "Delete"],
                    path["persistentVolumeClaimRetentionPolicy"][field]
                )
            }
        }
        errors.notNegative(spec, ["replicas", "minReadySeconds"], path)
        errors.notNegative(spec["ordinals"]?["start"], path["ordinals.start"])
        WorkloadRules.checkSelector(spec["selector"], kind: "statefulset", &errors)
        let template = spec["template"] ?? [:]
        if let selector = spec["selector"], SelectorRules.verdict(selector, nil) == .isInvalid {
            errors.invalid(path["selector"], selector, "")
        } else {
            PodTemplateRules.checkSelected(template, by: spec["selector"], path["template"], &errors)
            let claims = spec["volumeClaimTemplates"]?.arrayValue ?? []
            PodTemplateRules.check(mounting(claims, template), path["template"], &errors)
        }
        PodTemplateRules.checkLasting(template, kind: "StatefulSet", path["template"], &errors)
    }

    /// A template whose pods have the volumes that they will get from claims.
    private static func mounting(_ claims: [JSONValue], _ template: JSONValue) -> JSONValue {
        if claims.isEmpty { return template }
        let names = claims.map { $0["metadata"]?["name"] ?? "" }
        let own = (template["spec"]?["volumes"]?.arrayValue ?? []).filter {
            !names.contains($0["name"] ?? "")
        }
        var template = template
        let claimed = names.map { name -> JSONValue in
            ["name": name, "persistentVolumeClaim": ["claimName": name]]
        }
        template.set(["spec", "volumes"], .array(own + claimed))
        return template
    }

    private static func checkStrategy(_ strategy: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let update = strategy["rollingUpdate"]
        let shown = update.map { GoView.structure($0, ["partition", "maxUnavailable"]) }
        switch strategy["type"]?.stringValue ?? "" {
        case "": errors.required(path)
        case "OnDelete":
            if let shown {
                let message = "only allowed for updateStrategy 'RollingUpdate'"
                errors.invalid(path["rollingUpdate"], shown, message)
            }
        case "RollingUpdate":
            guard let update else { return }
            errors.notNegative(update["partition"], path["rollingUpdate"]["partition"])
            guard let bound = update["maxUnavailable"] else { return }
            let place = path["rollingUpdate"]["maxUnavailable"]
            BoundRules.check(bound, place, &errors)
            if BoundRules.isZero(bound) { errors.invalid(place, bound, "cannot be 0") }
            BoundRules.checkShare(bound, place, &errors)
        default:
            var view = GoView.structure(strategy, ["type", "rollingUpdate"])
            view["RollingUpdate"] = shown ?? .null
            errors.invalid(path, view, "must be 'RollingUpdate' or 'OnDelete'")
        }
    }

    private static let changeable = [
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
    ]

    private static func checkChange(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        var (before, after) = (old.content["spec"] ?? [:], new.content["spec"] ?? [:])
        for field in changeable {
            before[field] = nil
            after[field] = nil
        }
        guard before != after else { return }
        errors.forbidden(
            path,
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                + "'minReadySeconds' are forbidden"
        )
    }
}
