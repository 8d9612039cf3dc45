// SPDX-License-Identifier: Apache-2.0
import JSON

/// As whom, and with which rights, a pod and its containers run.
///
/// - Source: `validatePodSpecSecurityContext` and `ValidateSecurityContext` of Kubernetes 1.36 (seen upstream); the
///   server allows privileged containers.
enum PodSecurityRules {
    private static let ids = 0...2_147_483_647

    private static func checkID(
        _ value: JSONValue?,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let number = value?.intValue, !ids.contains(number) else { return }
        errors.invalid(
            path(),
            .integer(Int64(number)),
            "must be between 0 and 2147483647, inclusive"
        )
    }

    /// Checks the context of a pod.
    static func check(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let context = spec["securityContext"] ?? [:]
        let path = path["securityContext"]
        for field in ["fsGroup", "runAsUser", "runAsGroup"] { checkID(context[field], path[field], &errors) }
        for (index, group) in (context["supplementalGroups"]?.arrayValue ?? []).enumerated() {
            checkID(group, path["supplementalGroups"][index], &errors)
        }
        if spec["hostPID"] == true, spec["shareProcessNamespace"] == true {
            errors.invalid(
                path["shareProcessNamespace"],
                true,
                "ShareProcessNamespace and HostPID cannot both be enabled"
            )
        }
        if let sysctls = context["sysctls"]?.arrayValue {
            checkSysctls(sysctls, spec, path["sysctls"], &errors)
        }
        errors.option(
            context["fsGroupChangePolicy"],
            ["Always", "OnRootMismatch"],
            path["fsGroupChangePolicy"]
        )
        checkProfiles(context, path, &errors)
        errors.option(
            context["supplementalGroupsPolicy"],
            ["Merge", "Strict"],
            path["supplementalGroupsPolicy"]
        )
        errors.option(
            context["seLinuxChangePolicy"],
            ["MountOption", "Recursive"],
            path["seLinuxChangePolicy"]
        )
    }

    /// Checks that a pod with users of its own shares nothing else with the node.
    static func checkUsers(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard spec["hostUsers"] == false else { return }
        let fields = [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")]
        for (field, shown) in fields where spec[field] == true {
            errors.forbidden(path[shown], "when `pod.Spec.HostUsers` is false")
        }
    }

    // MARK: Containers

    static func checkContainer(
        _ context: JSONValue,
        sharesUsers: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        for field in ["runAsUser", "runAsGroup"] { checkID(context[field], path[field], &errors) }
        if let mount = context["procMount"] {
            errors.option(mount, ["Default", "Unmasked"], path["procMount"])
            if sharesUsers, mount == "Unmasked" {
                let message = "`hostUsers` must be false to use `Unmasked`"
                errors.invalid(path["procMount"], mount, message)
            }
        }
        checkSeccomp(context["seccompProfile"], path["seccompProfile"], &errors)
        if context["allowPrivilegeEscalation"] == false {
            if context["privileged"] == true {
                errors.invalid(
                    path,
                    internalView(context),
                    "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
                )
            }
            if (context["capabilities"]?["add"]?.arrayValue ?? []).contains("CAP_SYS_ADMIN") {
                errors.invalid(
                    path,
                    internalView(context),
                    "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
                )
            }
        }
        checkWindows(context["windowsOptions"], path["windowsOptions"], &errors)
        checkAppArmor(context["appArmorProfile"], path["appArmorProfile"], &errors)
    }

    /// A container's context as the real server's messages show it: by the names of Go's fields.
    private static func internalView(_ context: JSONValue) -> JSONValue {
        func view(_ name: String, _ fields: [String]) -> JSONValue {
            context[name].map { GoView.structure($0, fields) } ?? .null
        }
        var shown = GoView.structure(
            context,
            [
                "capabilities", "privileged", "seLinuxOptions=SELinuxOptions", "windowsOptions", "runAsUser",
                "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation",
                "procMount", "seccompProfile", "appArmorProfile",
            ]
        )
        shown["Capabilities"] = view("capabilities", ["add", "drop"])
        shown["SELinuxOptions"] = view("seLinuxOptions", ["user", "role", "type", "level"])
        shown["SeccompProfile"] = view("seccompProfile", ["type", "localhostProfile"])
        shown["AppArmorProfile"] = view("appArmorProfile", ["type", "localhostProfile"])
        return shown
    }

    // MARK: Parts of both

    private static func checkProfiles(_ context: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        checkSeccomp(context["seccompProfile"], path["seccompProfile"], &errors)
        checkWindows(context["windowsOptions"], path["windowsOptions"], &errors)
        checkAppArmor(context["appArmorProfile"], path["appArmorProfile"], &errors)
    }

    private static let profiles = ["Localhost", "RuntimeDefault", "Unconfined"]

    private static func checkSeccomp(
        _ profile: JSONValue?,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let profile else { return }
        let type = profile["type"]?.stringValue ?? ""
        if type.isEmpty {
            errors.required(path()["type"], "type is required when seccompProfile is set")
        } else {
            errors.option(profile["type"], profiles, path()["type"])
        }
        let local = profile["localhostProfile"]?.stringValue
        if type == "Localhost" {
            if let local {
                errors.checkDescending(local, path()["localhostProfile"])
            } else {
                let message = "must be set when seccomp type is Localhost"
                errors.required(path()["localhostProfile"], message)
            }
        } else if local != nil {
            errors.invalid(
                path()["localhostProfile"],
                GoView.structure(profile, ["type", "localhostProfile"]),
                "can only be set when seccomp type is Localhost"
            )
        }
    }

    private static func checkAppArmor(
        _ profile: JSONValue?,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let profile else { return }
        let local = profile["localhostProfile"]?.stringValue
        let place = path()["localhostProfile"]
        switch profile["type"]?.stringValue ?? "" {
        case "Localhost":
            let isPadded = local.map { $0.first?.isWhitespace ?? false || $0.last?.isWhitespace ?? false }
            if let local, isPadded ?? false {
                errors.invalid(place, .string(local), "must not be padded with whitespace")
            } else if (local ?? "").isEmpty {
                errors.required(place, "must be set when AppArmor type is Localhost")
            }
            if local?.utf8.count ?? 0 > 4095 { errors.tooLong(place, limit: 4095) }
        case "RuntimeDefault", "Unconfined":
            if let local {
                let message = "can only be set when AppArmor type is Localhost"
                errors.invalid(place, .string(local), message)
            }
        case "": errors.required(path()["type"], "type is required when appArmorProfile is set")
        default: errors.unsupported(path()["type"], profile["type"] ?? "", profiles)
        }
    }

    private static func checkWindows(
        _ options: JSONValue?,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let options else { return }
        if let name = options["gmsaCredentialSpecName"]?.stringValue {
            errors.check(name, NameRules.dnsSubdomain, path()["gmsaCredentialSpecName"])
        }
        for field in ["gmsaCredentialSpec", "runAsUserName"] where options[field] == "" {
            errors.invalid(path()[field], "", "\(field) cannot be an empty string")
        }
    }

    // MARK: Kernel parameters

    private static func checkSysctls(
        _ sysctls: [JSONValue],
        _ spec: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        var names: [String] = []
        for (index, sysctl) in sysctls.enumerated() {
            let name = sysctl["name"]?.stringValue ?? ""
            let place = path[index]["name"]
            if name.isEmpty {
                errors.required(place)
            } else if !isSysctl(name) {
                errors.invalid(
                    place,
                    .string(name),
                    "must have at most 253 characters and match regex "
                        + "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
                )
            } else if names.contains(name) {
                errors.duplicate(place, .string(name))
            }
            names.append(name)
            let dotted = name.split(separator: "/").joined(separator: ".")
            let isIPC =
                ["kernel.shm", "kernel.msg", "fs.mqueue."].contains { dotted.hasPrefix($0) }
                || dotted == "kernel.sem"
            if spec["hostNetwork"] == true, dotted.hasPrefix("net.") {
                let message = "may not be specified when 'hostNetwork' is true"
                errors.invalid(place, .string(name), message)
            } else if spec["hostIPC"] == true, isIPC {
                errors.invalid(place, .string(name), "may not be specified when 'hostIPC' is true")
            }
        }
    }

    private static func isSysctl(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "." || $0 == "/" })
                .allSatisfy { part in
                    guard let first = part.utf8.first, let last = part.utf8.last else { return false }
                    return NameRules.isLowerOrDigit(first) && NameRules.isLowerOrDigit(last)
                        && part.utf8.allSatisfy { NameRules.isLowerOrDigit($0) || "-_".utf8.contains($0) }
                }
    }
}
