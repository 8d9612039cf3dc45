// SPDX-License-Identifier: Apache-2.0
import JSON

/// The parts of a pod that are written by subresources of their own: containers to look into it, and what its
/// containers may use.
///
/// - Source: `ValidatePodEphemeralContainersUpdate` and `ValidatePodResize` of Kubernetes 1.36 (seen upstream).
enum PodPartRules {
    private static let path = FieldPath("spec")

    /// A pod with the part that a client gave, and nothing else of it.
    static func taken(
        _ given: ResourceObject,
        into old: ResourceObject,
        _ subresource: ServedResource.Subresource
    ) -> ResourceObject {
        var new = old
        if subresource == .ephemeralcontainers {
            guard var spec = old.content["spec"]?.objectValue else { return new }
            spec["ephemeralContainers"] = nil
            if let containers = given["spec", "ephemeralContainers"] {
                DefaultRules.insert("ephemeralContainers", containers, into: &spec)
            }
            new.content["spec"] = .object(spec)
            return new
        }
        for list in ["containers", "initContainers"] {
            guard let present = old["spec", list]?.arrayValue,
                let wanted = given["spec", list]?.arrayValue, wanted.count == present.count
            else { continue }
            let containers = zip(present, wanted).map { container, other -> JSONValue in
                guard container["name"] == other["name"], var object = container.objectValue else {
                    return container
                }
                for field in ["resizePolicy", "resources"] {
                    object[field] = nil
                    if let value = other[field] { DefaultRules.insert(field, value, into: &object) }
                }
                return .object(object)
            }
            new.set(["spec", list], .array(containers))
        }
        return new
    }

    /// Checks what changed.
    static func check(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ subresource: ServedResource.Subresource,
        _ errors: inout FieldErrors
    ) {
        if subresource == .ephemeralcontainers {
            checkContainers(new, old, &errors)
        } else {
            checkSizes(new, old, &errors)
        }
    }

    private static func checkContainers(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let given = new["spec", "ephemeralContainers"]?.arrayValue ?? []
        for container in old["spec", "ephemeralContainers"]?.arrayValue ?? [] {
            let name = container["name"] ?? ""
            let beginning = "existing ephemeral containers \(FieldErrors.show(name)) may not be"
            guard let present = given.first(where: { $0["name"] == name }) else {
                errors.forbidden(path["ephemeralContainers"], "\(beginning) removed\n")
                continue
            }
            if present != container {
                errors.forbidden(path["ephemeralContainers"], "\(beginning) changed\n")
            }
        }
    }

    private static func checkSizes(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let quality = new["status", "qosClass"] ?? ""
        if PodRules.qualityOfService(new.content["spec"] ?? [:]) != quality.stringValue {
            errors.invalid(path, quality, "Pod QOS Class may not change as a result of resizing")
        }
        for list in ["initContainers", "containers"] {
            let before = old["spec", list]?.arrayValue ?? []
            let after = new["spec", list]?.arrayValue ?? []
            for (index, pair) in zip(before, after).enumerated() {
                let isInit = list == "initContainers" && pair.0["restartPolicy"] != "Always"
                if isInit {
                    if pair.0 != pair.1 {
                        let message = "resources for non-sidecar init containers are immutable"
                        errors.forbidden(path, message)
                    }
                    continue
                }
                checkSize(pair.1, pair.0, path[list][index]["resources"], &errors)
            }
        }
    }

    private static func checkSize(
        _ new: JSONValue,
        _ old: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        for list in ["requests", "limits"] {
            let before = old["resources"]?[list]?.objectValue ?? [:]
            let after = new["resources"]?[list]?.objectValue ?? [:]
            if before.contains(where: { after[$0.key] == nil }) {
                errors.forbidden(path[list], "resource \(list) cannot be removed")
            }
        }
        func fixed(_ container: JSONValue) -> JSONValue {
            var container = container
            for list in ["requests", "limits"] {
                for name in ["cpu", "memory"] { container.set(["resources", list, name], nil) }
                if container["resources"]?[list] == [:] { container.set(["resources", list], nil) }
            }
            return container
        }
        if fixed(new) != fixed(old) {
            errors.forbidden(Self.path, "only cpu and memory resources are mutable")
        }
    }
}
