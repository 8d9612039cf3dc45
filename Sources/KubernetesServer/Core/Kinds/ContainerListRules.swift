// SPDX-License-Identifier: Apache-2.0
import JSON

/// The three lists of containers of a pod.
///
/// - Source: `validateContainers`, `validateInitContainers` and `validateEphemeralContainers` of Kubernetes 1.36 (seen
///   upstream).
enum ContainerListRules {
    static func check(
        _ spec: JSONValue,
        _ pod: PodContext,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let containers = spec["containers"]?.arrayValue ?? []
        checkRegular(containers, pod, path["containers"], &errors)
        var names = containers.map { $0["name"]?.stringValue ?? "" }
        if let inits = spec["initContainers"]?.arrayValue {
            checkInits(inits, pod, &names, path["initContainers"], &errors)
        }
        if let debuggers = spec["ephemeralContainers"]?.arrayValue {
            checkEphemeral(debuggers, pod, names, path["ephemeralContainers"], &errors)
        }
    }

    private static func checkRegular(
        _ containers: [JSONValue],
        _ pod: PodContext,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if containers.isEmpty { return errors.required(path) }
        var ports: [String] = []
        for (index, container) in containers.enumerated() {
            let place = path[index]
            ContainerRules.check(container, pod, place, &errors)
            let name = container["name"] ?? ""
            if containers[..<index].contains(where: { ($0["name"] ?? "") == name }) {
                errors.duplicate(place["name"], name)
            }
            ProbeRules.check(container, grace: pod.grace, place, &errors)
            ContainerRules.checkRestarts(container, place, &errors)
        }
        for (index, container) in containers.enumerated() {
            checkHostPorts(container, path[index], &ports, &errors)
        }
    }

    private static func checkHostPorts(
        _ container: JSONValue,
        _ path: @autoclosure () -> FieldPath,
        _ seen: inout [String],
        _ errors: inout FieldErrors
    ) {
        for (index, port) in (container["ports"]?.arrayValue ?? []).enumerated() {
            guard let number = port["hostPort"]?.intValue, number != 0 else { continue }
            let key = "\(port["protocol"]?.stringValue ?? "")/\(port["hostIP"]?.stringValue ?? "")/\(number)"
            if seen.contains(key) {
                errors.duplicate(path()["ports"][index]["hostPort"], .string(key))
            } else {
                seen.append(key)
            }
        }
    }

    private static func checkInits(
        _ containers: [JSONValue],
        _ pod: PodContext,
        _ names: inout [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        for (index, container) in containers.enumerated() {
            let place = path[index]
            ContainerRules.check(container, pod, place, &errors)
            ContainerRules.checkRestarts(container, place, &errors)
            let name = container["name"]?.stringValue ?? ""
            if names.contains(name) {
                errors.duplicate(place["name"], .string(name))
            } else if !name.isEmpty {
                names.append(name)
            }
            // Containers that run one after the other may use the same port.
            var ports: [String] = []
            checkHostPorts(container, path[0], &ports, &errors)
            if container["restartPolicy"] == "Always" {
                ProbeRules.check(container, grace: pod.grace, place, &errors)
            } else {
                for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
                where container[field] != nil {
                    errors.forbidden(
                        place[field],
                        "may not be set for init containers without restartPolicy=Always"
                    )
                }
            }
        }
    }

    /// The fields that a container for looking into a pod may not have, in the real server's order.
    private static let forbidden = [
        "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe",
        "readinessProbe", "startupProbe", "lifecycle",
    ]

    private static func checkEphemeral(
        _ containers: [JSONValue],
        _ pod: PodContext,
        _ others: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let message = "cannot be set for an Ephemeral Container"
        var names = others
        for (index, container) in containers.enumerated() {
            let place = path[index]
            ContainerRules.check(container, pod, place, &errors)
            checkImage(container, place, &errors)
            let name = container["name"]?.stringValue ?? ""
            if names.contains(name) { errors.duplicate(place["name"], .string(name)) }
            names.append(name)
            if let target = container["targetContainerName"]?.stringValue, !others.contains(target) {
                errors.notFound(place["targetContainerName"], .string(target))
            }
            for field in forbidden {
                guard let value = container[field], value != [:] else { continue }
                errors.forbidden(place[field], message)
            }
            for (slot, mount) in (container["volumeMounts"]?.arrayValue ?? []).enumerated() {
                for field in ["subPath", "subPathExpr"] where mount[field] != nil {
                    errors.forbidden(place["volumeMounts"][slot][field], message)
                }
            }
        }
    }

    /// Checks what templates may have for the sake of old ones, and pods may not.
    static func checkImage(
        _ container: JSONValue,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let image = container["image"]?.stringValue, let first = image.first, let last = image.last
        else { return }
        if first.isWhitespace || last.isWhitespace {
            errors.invalid(path()["image"], .string(image), "must not have leading or trailing whitespace")
        }
    }
}
