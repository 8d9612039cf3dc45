// SPDX-License-Identifier: Apache-2.0
import JSON

/// What may change in a pod.
///
/// - Source: `ValidatePodUpdate` and `ValidatePodStatusUpdate` of Kubernetes 1.36 (seen upstream, and in a real
///   server's answers).
enum PodUpdateRules {
    private static let path = FieldPath("spec")
    private static let longest = 2_147_483_647

    @Sendable static func check(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        checkAnnotations(new, old, &errors)
        for list in ["containers", "initContainers"] {
            let before = old["spec", list]?.arrayValue ?? []
            let after = new["spec", list]?.arrayValue ?? []
            if before.count != after.count {
                return errors.forbidden(path[list], "pod updates may not add or remove containers")
            }
            for (index, container) in after.enumerated() {
                errors.needs(container["image"], path[list][index]["image"])
                ContainerListRules.checkImage(container, path[list][index], &errors)
            }
        }
        guard checkDeadline(new, old, &errors) else { return }
        checkTolerations(new, old, &errors)
        checkGates(new, old, &errors)
        if new.content["spec"] == old.content["spec"] { return }
        var (before, after) = (old.content["spec"] ?? [:], new.content["spec"] ?? [:])
        if before["schedulingGates"] != nil { checkGated(&before, &after, &errors) }
        if comparable(before, before) != comparable(after, before) {
            let shown = GoPodView.difference(before, munged(after, before)).map { "\n\($0)" } ?? ""
            errors.forbidden(
                path,
                "pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions "
                    + "to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it "
                    + "was previously negative)\(shown)"
            )
        }
    }

    private static func checkAnnotations(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let (before, after) = (old.metadata.annotations, new.metadata.annotations)
        if before == after { return }
        let place = FieldPath("metadata")["annotations"]
        let kinds = [
            ("container.apparmor.security.beta.kubernetes.io/", "AppArmor annotations"),
            ("kubernetes.io/config.mirror", "mirror pod annotation"),
        ]
        for annotation in before where after[annotation.key] != annotation.value {
            for (prefix, name) in kinds where annotation.key.hasPrefix(prefix) {
                errors.forbidden(place.key(annotation.key), "may not remove or update \(name)")
            }
        }
        for annotation in after where before[annotation.key] == nil {
            for (prefix, name) in kinds where annotation.key.hasPrefix(prefix) {
                errors.forbidden(place.key(annotation.key), "may not add \(name)")
            }
        }
    }

    /// - Returns: False when nothing else is looked at.
    private static func checkDeadline(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) -> Bool {
        let place = path["activeDeadlineSeconds"]
        let before = old["spec", "activeDeadlineSeconds"]?.intValue
        guard let after = new["spec", "activeDeadlineSeconds"]?.intValue else {
            if before != nil {
                errors.invalid(place, .null, "must not update from a positive integer to nil value")
            }
            return true
        }
        if !(0...longest).contains(after) {
            errors.invalid(place, .integer(Int64(after)), "must be between 0 and 2147483647, inclusive")
            return false
        }
        if let before, after > before {
            let message = "must be less than or equal to previous value"
            errors.invalid(place, .integer(Int64(after)), message)
            return false
        }
        return true
    }

    private static func checkTolerations(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        func bare(_ pod: ResourceObject) -> [JSONValue] {
            (pod["spec", "tolerations"]?.arrayValue ?? []).map { toleration in
                var toleration = toleration
                toleration["tolerationSeconds"] = nil
                return toleration
            }
        }
        if new["spec", "tolerations"] != old["spec", "tolerations"] {
            let present = bare(new)
            if bare(old).contains(where: { !present.contains($0) }) {
                return errors.forbidden(
                    path["tolerations"],
                    "existing toleration can not be modified except its tolerationSeconds"
                )
            }
        }
        let tolerations = new["spec", "tolerations"]?.arrayValue ?? []
        TolerationRules.check(tolerations, path["tolerations"], &errors)
    }

    private static func checkGates(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let before = old["spec", "schedulingGates"]?.arrayValue ?? []
        for (index, gate) in (new["spec", "schedulingGates"]?.arrayValue ?? []).enumerated()
        where !before.contains(where: { $0["name"] == gate["name"] }) {
            errors.forbidden(
                path["schedulingGates"][index]["name"],
                "only deletion is allowed, but found new scheduling gate '\(gate["name"]?.stringValue ?? "")'"
            )
        }
    }

    /// Checks what a pod that waits at its gates may still ask of its node, and takes it out of the comparison.
    private static func checkGated(
        _ before: inout JSONValue,
        _ after: inout JSONValue,
        _ errors: inout FieldErrors
    ) {
        let wanted = before["nodeSelector"]?.objectValue ?? [:]
        let asked = after["nodeSelector"]?.objectValue ?? [:]
        if wanted.contains(where: { asked[$0.key] != $0.value }) {
            errors.invalid(
                path["nodeSelector"],
                after["nodeSelector"] ?? .null,
                "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
            )
        }
        checkGatedTerms(before, after, &errors)
        for side in 0...1 {
            var spec = side == 0 ? before : after
            spec["nodeSelector"] = nil
            if var affinity = spec["affinity"] {
                affinity["nodeAffinity"] = nil
                spec["affinity"] = affinity == [:] ? nil : affinity
            }
            if side == 0 { before = spec } else { after = spec }
        }
    }

    private static func checkGatedTerms(
        _ before: JSONValue,
        _ after: JSONValue,
        _ errors: inout FieldErrors
    ) {
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        func terms(_ spec: JSONValue) -> [JSONValue] {
            spec["affinity"]?["nodeAffinity"]?[required]?["nodeSelectorTerms"]?.arrayValue ?? []
        }
        let (known, given) = (terms(before), terms(after))
        if known.isEmpty { return }
        let place = path["affinity"]["nodeAffinity"][required]["nodeSelectorTerms"]
        if known.count != given.count {
            return errors.invalid(
                place,
                .array(given),
                "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
            )
        }
        for (index, pair) in zip(known, given).enumerated() where !onlyAdds(pair.1, to: pair.0) {
            errors.invalid(
                place[index],
                pair.1,
                "only additions are allowed (no mutations or deletions)"
            )
        }
    }

    private static func onlyAdds(_ new: JSONValue, to old: JSONValue) -> Bool {
        let lists = ["matchExpressions", "matchFields"].map {
            (old[$0]?.arrayValue ?? [], new[$0]?.arrayValue ?? [])
        }
        if lists.allSatisfy({ $0.0.isEmpty }) { return lists.allSatisfy { $0.1.isEmpty } }
        return lists.allSatisfy { $0.1.starts(with: $0.0) }
    }

    /// The spec without what may change.
    private static func comparable(_ spec: JSONValue, _ old: JSONValue) -> JSONValue {
        var spec = spec
        for list in ["containers", "initContainers"] {
            guard let items = spec[list]?.arrayValue else { continue }
            spec[list] = .array(
                items.map { item in
                    var item = item
                    item["image"] = nil
                    return item
                }
            )
        }
        for field in ["activeDeadlineSeconds", "tolerations", "schedulingGates"] { spec[field] = nil }
        if (old["terminationGracePeriodSeconds"]?.intValue ?? 0) < 0,
            spec["terminationGracePeriodSeconds"] == 1
        {
            spec["terminationGracePeriodSeconds"] = old["terminationGracePeriodSeconds"]
        }
        return spec
    }

    /// The spec with what may change as it was.
    private static func munged(_ spec: JSONValue, _ old: JSONValue) -> JSONValue {
        var spec = spec
        for list in ["containers", "initContainers"] {
            guard let items = spec[list]?.arrayValue, let known = old[list]?.arrayValue else { continue }
            spec[list] = .array(
                zip(items, known).map { item, known in
                    var item = item
                    item["image"] = known["image"]
                    return item
                }
            )
        }
        for field in ["activeDeadlineSeconds", "tolerations", "schedulingGates"] { spec[field] = old[field] }
        return spec
    }

    // MARK: Status

    @Sendable static func checkStatus(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        checkAnnotations(new, old, &errors)
        let status = FieldPath("status")
        let known = ["PodScheduled", "Ready", "Initialized"]
        for (index, condition) in (new["status", "conditions"]?.arrayValue ?? []).enumerated() {
            let type = condition["type"]?.stringValue ?? ""
            if known.contains(type) { continue }
            // The real server looks for them in the metadata.
            let place = FieldPath("metadata")["conditions"]
            errors.check(type, NameRules.qualifiedName, place[index]["Type"])
        }
        if let node = new["status", "nominatedNodeName"], node != old["status", "nominatedNodeName"] {
            errors.checkGiven(node, NameRules.dnsSubdomain, status["nominatedNodeName"])
        }
        if let quality = new["status", "qosClass"], let known = old["status", "qosClass"], quality != known {
            errors.invalid(status["qosClass"], quality, "field is immutable")
        }
        let policy = old["spec", "restartPolicy"]?.stringValue ?? ""
        let inits = old["spec", "initContainers"]?.arrayValue ?? []
        let sidecars = inits.filter { $0["restartPolicy"] == "Always" }.map { $0["name"] ?? "" }
        for (list, policy, skipped) in [
            ("containerStatuses", policy, []), ("initContainerStatuses", policy, sidecars),
            ("ephemeralContainerStatuses", "Never", []),
        ] {
            checkRestarts(new, old, list, policy, skipped, &errors)
        }
        checkAddresses(new, &errors)
    }

    private static func checkRestarts(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ list: String,
        _ policy: String,
        _ skipped: [JSONValue],
        _ errors: inout FieldErrors
    ) {
        if policy == "Always" { return }
        let after = new["status", list]?.arrayValue ?? []
        for (index, container) in (old["status", list]?.arrayValue ?? []).enumerated() {
            guard let end = container["state"]?["terminated"],
                !skipped.contains(container["name"] ?? ""),
                !(policy == "OnFailure" && end["exitCode"]?.intValue ?? 0 != 0)
            else { continue }
            for state in after
            where state["name"] == container["name"] && state["state"]?["terminated"] == nil {
                errors.forbidden(
                    FieldPath("status")[list][index]["state"],
                    "may not be transitioned to non-terminated state"
                )
            }
        }
    }

    private static func checkAddresses(_ pod: ResourceObject, _ errors: inout FieldErrors) {
        let status = FieldPath("status")
        let hosts = pod["status", "hostIPs"]?.arrayValue ?? []
        for (list, entries) in [("podIPs", pod["status", "podIPs"]?.arrayValue ?? []), ("hostIPs", hosts)] {
            if list == "hostIPs", let first = hosts.first?["ip"], first != pod["status", "hostIP"] {
                errors.invalid(status[list][0]["ip"], first, "must be equal to `hostIP`")
            }
            for (index, entry) in entries.enumerated() {
                _ = errors.checkIP(entry["ip"]?.stringValue ?? "", status[list][index])
            }
            if entries.count < 2 { continue }
            let families = entries.map { ($0["ip"]?.stringValue ?? "").contains(":") }
            if entries.count > 2 || families[0] == families[1] {
                let message = "may specify no more than one IP for each IP family"
                errors.invalid(status[list], .array(entries), message)
            }
        }
    }
}
