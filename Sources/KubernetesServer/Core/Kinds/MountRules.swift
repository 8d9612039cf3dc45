// SPDX-License-Identifier: Apache-2.0
import JSON

/// Where a container mounts the volumes of its pod.
///
/// - Source: `ValidateVolumeMounts` and `ValidateVolumeDevices` of Kubernetes 1.36 (seen upstream), which names the
///   list where a part of one of its items is wrong.
enum MountRules {
    private static let propagations = ["Bidirectional", "HostToContainer", "None"]

    static func check(
        _ container: JSONValue,
        _ volumes: PodVolumes,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let mounts = container["volumeMounts"]?.arrayValue ?? []
        let devices = container["volumeDevices"]?.arrayValue ?? []
        var places: [String] = []
        for (index, mount) in mounts.enumerated() {
            let place = path["volumeMounts"][index]
            let name = mount["name"]?.stringValue ?? ""
            let target = mount["mountPath"]?.stringValue ?? ""
            if name.isEmpty { errors.required(place["name"]) }
            let source = volumes[name]
            if source == nil { errors.notFound(place["name"], .string(name)) }
            if target.isEmpty { errors.required(place["mountPath"]) }
            if places.contains(target) {
                errors.invalid(place["mountPath"], .string(target), "must be unique")
            }
            places.append(target)
            for device in devices {
                if device["name"] == .string(name) {
                    let message = "must not already exist in volumeDevices"
                    errors.invalid(place["name"], .string(name), message)
                }
                if device["devicePath"] == .string(target) {
                    let message = "must not already exist as a path in volumeDevices"
                    errors.invalid(place["mountPath"], .string(target), message)
                }
            }
            checkSubpath(mount, isImage: source?["image"] != nil, place, path["volumeMounts"], &errors)
            checkSharing(mount, container, path["volumeMounts"], &errors)
        }
        checkDevices(devices, mounts, volumes, path["volumeDevices"], &errors)
    }

    private static func checkSubpath(
        _ mount: JSONValue,
        isImage: Bool,
        _ place: FieldPath,
        _ list: FieldPath,
        _ errors: inout FieldErrors
    ) {
        for field in ["subPath", "subPathExpr"] where isImage {
            guard let text = mount[field] else { continue }
            errors.invalid(place[field], text, "not allowed in image volume sources")
        }
        if let text = mount["subPath"]?.stringValue { errors.checkDescending(text, list["subPath"]) }
        guard let text = mount["subPathExpr"]?.stringValue, !text.isEmpty else { return }
        if mount["subPath"] != nil {
            errors.invalid(
                place["subPathExpr"],
                .string(text),
                "subPathExpr and subPath are mutually exclusive"
            )
        }
        errors.checkDescending(text, list["subPathExpr"])
    }

    private static func checkSharing(
        _ mount: JSONValue,
        _ container: JSONValue,
        _ list: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let propagation = mount["mountPropagation"]
        errors.option(propagation, propagations, list["mountPropagation"])
        if propagation == "Bidirectional", container["securityContext"]?["privileged"] != true {
            errors.forbidden(
                list["mountPropagation"],
                "Bidirectional mount propagation is available only to privileged containers"
            )
        }
        guard let recursion = mount["recursiveReadOnly"], recursion != "Disabled" else { return }
        let path = list["recursiveReadOnly"]
        errors.option(recursion, ["Disabled", "Enabled", "IfPossible"], path)
        guard recursion == "Enabled" || recursion == "IfPossible" else { return }
        if mount["readOnly"] != true {
            errors.forbidden(path, "may only be specified when readOnly is true")
        }
        if let propagation, propagation != "None" {
            errors.forbidden(path, "may only be specified when mountPropagation is None or not specified")
        }
    }

    private static func checkDevices(
        _ devices: [JSONValue],
        _ mounts: [JSONValue],
        _ volumes: PodVolumes,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        var names: [String] = []
        var places: [String] = []
        for (index, device) in devices.enumerated() {
            let name = device["name"]?.stringValue ?? ""
            let target = device["devicePath"]?.stringValue ?? ""
            let (value, place) = (JSONValue.string(name), path[index])
            if name.isEmpty { errors.required(place["name"]) }
            if names.contains(name) { errors.invalid(place["name"], value, "must be unique") }
            if let source = volumes[name] {
                if source["persistentVolumeClaim"] == nil, source["ephemeral"] == nil {
                    errors.invalid(
                        place["name"],
                        value,
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
                    )
                }
            } else {
                errors.notFound(place["name"], value)
            }
            if target.isEmpty { errors.required(place["devicePath"]) }
            if places.contains(target) {
                errors.invalid(place["devicePath"], .string(target), "must be unique")
            }
            if target.split(separator: "/").contains("..") {
                errors.invalid(place["devicePath"], .string(target), "can not contain backsteps ('..')")
            } else {
                places.append(target)
            }
            for mount in mounts {
                if mount["name"] == value {
                    errors.invalid(place["name"], value, "must not already exist in volumeMounts")
                }
                if mount["mountPath"] == .string(target) {
                    let message = "must not already exist as a path in volumeMounts"
                    errors.invalid(place["devicePath"], .string(target), message)
                }
            }
            if !name.isEmpty { names.append(name) }
        }
    }
}
