// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks the spec of a pod, on its own or in a template.
///
/// - Source: `ValidatePodSpec` of Kubernetes 1.36 (seen upstream); exotic volumes and security settings are not
///   looked into (assumed harmless here).
enum PodSpecRules {
    static func check(
        _ spec: JSONValue,
        _ path: FieldPath,
        isTemplate: Bool = false,
        _ errors: inout FieldErrors
    ) {
        let volumes = checkVolumes(spec["volumes"]?.arrayValue ?? [], path["volumes"], &errors)
        let containers = spec["containers"]?.arrayValue ?? []
        if containers.isEmpty { errors.required(path["containers"]) }
        var names: [String] = []
        for (index, container) in containers.enumerated() {
            checkContainer(container, volumes, &names, path["containers"][index], &errors)
        }
        for (index, container) in (spec["initContainers"]?.arrayValue ?? []).enumerated() {
            checkContainer(container, volumes, &names, path["initContainers"][index], &errors)
        }
        choice(spec["restartPolicy"], ["Always", "OnFailure", "Never"], path["restartPolicy"], &errors)
        choice(
            spec["dnsPolicy"],
            ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
            path["dnsPolicy"],
            &errors
        )
        if let selector = spec["nodeSelector"]?.objectValue {
            MetadataValidation.checkLabels(selector, path["nodeSelector"], &errors)
        }
        name(spec["serviceAccountName"], NameRules.dnsSubdomain, path["serviceAccountName"], &errors)
        name(spec["nodeName"], NameRules.dnsSubdomain, path["nodeName"], &errors)
        name(spec["hostname"], NameRules.dnsLabel, path["hostname"], &errors)
        name(spec["subdomain"], NameRules.dnsLabel, path["subdomain"], &errors)
        if let seconds = spec["activeDeadlineSeconds"]?.intValue, !(1...2_147_483_647).contains(seconds) {
            errors.invalid(
                path["activeDeadlineSeconds"],
                .integer(Int64(seconds)),
                "must be between 1 and 2147483647, inclusive"
            )
        }
        for (index, gate) in (spec["readinessGates"]?.arrayValue ?? []).enumerated() {
            for message in NameRules.qualifiedName(gate["conditionType"]?.stringValue ?? "") {
                errors.invalid(
                    path["readinessGates"][index]["conditionType"],
                    gate["conditionType"] ?? "",
                    message
                )
            }
        }
        for (index, toleration) in (spec["tolerations"]?.arrayValue ?? []).enumerated() {
            checkToleration(toleration, path["tolerations"][index], &errors)
        }
    }

    private static func choice(
        _ value: JSONValue?,
        _ choices: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let text = value?.stringValue, !text.isEmpty else { return errors.required(path) }
        if !choices.contains(text) { errors.unsupported(path, .string(text), choices) }
    }

    private static func name(
        _ value: JSONValue?,
        _ rule: (String) -> [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let text = value?.stringValue, !text.isEmpty else { return }
        for message in rule(text) { errors.invalid(path, .string(text), message) }
    }

    /// Checks volumes; gives their names.
    private static func checkVolumes(
        _ volumes: [JSONValue],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) -> [String] {
        var names: [String] = []
        for (index, volume) in volumes.enumerated() {
            let name = volume["name"]?.stringValue ?? ""
            if name.isEmpty {
                errors.required(path[index]["name"])
            } else {
                for message in NameRules.dnsLabel(name) {
                    errors.invalid(path[index]["name"], .string(name), message)
                }
                if names.contains(name) { errors.duplicate(path[index]["name"], .string(name)) }
            }
            names.append(name)
            let kinds = (volume.objectValue ?? [:]).keys.filter { $0 != "name" }
            for kind in kinds.dropFirst() {
                errors.forbidden(path[index][kind], "may not specify more than 1 volume type")
            }
            if volume["secret"] != nil, (volume["secret"]?["secretName"]?.stringValue ?? "").isEmpty {
                errors.required(path[index]["secret"]["secretName"])
            }
            if volume["configMap"] != nil, (volume["configMap"]?["name"]?.stringValue ?? "").isEmpty {
                errors.required(path[index]["configMap"]["name"])
            }
        }
        return names
    }

    private static func checkContainer(
        _ container: JSONValue,
        _ volumes: [String],
        _ names: inout [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let name = container["name"]?.stringValue ?? ""
        if name.isEmpty {
            errors.required(path["name"])
        } else {
            for message in NameRules.dnsLabel(name) { errors.invalid(path["name"], .string(name), message) }
        }
        if names.contains(name) { errors.duplicate(path["name"], .string(name)) }
        names.append(name)
        let image = container["image"]?.stringValue ?? ""
        if image.isEmpty {
            errors.required(path["image"])
        } else if image.first == " " || image.last == " " {
            errors.invalid(path["image"], .string(image), "must not have leading or trailing whitespace")
        }
        ContainerRules.check(container, volumes, path, &errors)
        choice(
            container["terminationMessagePolicy"],
            ["FallbackToLogsOnError", "File"],
            path["terminationMessagePolicy"],
            &errors
        )
        choice(
            container["imagePullPolicy"],
            ["Always", "IfNotPresent", "Never"],
            path["imagePullPolicy"],
            &errors
        )
    }

    private static func checkToleration(
        _ toleration: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let key = toleration["key"]?.stringValue ?? ""
        let operation = toleration["operator"]?.stringValue ?? ""
        if !key.isEmpty {
            for message in NameRules.qualifiedName(key) { errors.invalid(path["key"], .string(key), message) }
        } else if operation != "Exists" {
            errors.invalid(
                path["operator"],
                .string(operation),
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\""
            )
        }
        if !["", "Equal", "Exists"].contains(operation) {
            errors.unsupported(path["operator"], .string(operation), ["Equal", "Exists"])
        }
        if let effect = toleration["effect"]?.stringValue,
            !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(effect)
        {
            errors.unsupported(
                path["effect"],
                .string(effect),
                ["NoSchedule", "PreferNoSchedule", "NoExecute"]
            )
        }
    }

    /// What is allowed but probably not meant.
    static func warnings(_ spec: JSONValue, _ path: FieldPath) -> [String] {
        var warnings: [String] = []
        for list in ["initContainers", "containers"] {
            for (index, container) in (spec[list]?.arrayValue ?? []).enumerated() {
                var names: [String] = []
                for (place, variable) in (container["env"]?.arrayValue ?? []).enumerated() {
                    let name = variable["name"]?.stringValue ?? ""
                    if names.contains(name) {
                        warnings.append(
                            "\(path[list][index]["env"][place]): hides previous definition of \"\(name)\", "
                                + "which may be dropped when using apply"
                        )
                    }
                    names.append(name)
                }
            }
        }
        return warnings
    }
}
