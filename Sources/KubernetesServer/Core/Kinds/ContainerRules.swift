// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks what a container opens, mounts, asks for and answers.
///
/// - Source: the container validation of Kubernetes 1.36 (seen upstream).
enum ContainerRules {
    static func check(
        _ container: JSONValue,
        _ volumes: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            if let value = container[probe] { checkProbe(value, path[probe], &errors) }
        }
        checkPorts(container["ports"]?.arrayValue ?? [], path["ports"], &errors)
        for (index, variable) in (container["env"]?.arrayValue ?? []).enumerated() {
            let name = variable["name"]?.stringValue ?? ""
            if name.isEmpty { errors.required(path["env"][index]["name"]) }
            if variable["valueFrom"] != nil, variable["value"] != nil {
                errors.invalid(
                    path["env"][index]["valueFrom"],
                    "",
                    "may not be specified when `value` is not empty"
                )
            }
        }
        for (index, mount) in (container["volumeMounts"]?.arrayValue ?? []).enumerated() {
            let place = path["volumeMounts"][index]
            let name = mount["name"]?.stringValue ?? ""
            if name.isEmpty {
                errors.required(place["name"])
            } else if !volumes.contains(name) {
                errors.notFound(place["name"], .string(name))
            }
            if (mount["mountPath"]?.stringValue ?? "").isEmpty { errors.required(place["mountPath"]) }
        }
        checkResources(container["resources"] ?? [:], path["resources"], &errors)
        for hook in ["postStart", "preStop"] {
            guard let handler = container["lifecycle"]?[hook] else { continue }
            checkHandler(
                handler,
                ["exec", "httpGet", "tcpSocket", "sleep"],
                path["lifecycle"][hook],
                &errors
            )
        }
    }

    private static func checkPorts(_ ports: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors) {
        var names: [String] = []
        for (index, port) in ports.enumerated() {
            if let name = port["name"]?.stringValue, !name.isEmpty {
                let messages = NameRules.portName(name)
                for message in messages { errors.invalid(path[index]["name"], .string(name), message) }
                if messages.isEmpty {
                    if names.contains(name) { errors.duplicate(path[index]["name"], .string(name)) }
                    names.append(name)
                }
            }
            let number = port["containerPort"]?.intValue ?? 0
            if number == 0 {
                errors.required(path[index]["containerPort"])
            } else {
                for message in NameRules.portNumber(number) {
                    errors.invalid(path[index]["containerPort"], .integer(Int64(number)), message)
                }
            }
            if let host = port["hostPort"]?.intValue {
                for message in NameRules.portNumber(host) {
                    errors.invalid(path[index]["hostPort"], .integer(Int64(host)), message)
                }
            }
            let kind = port["protocol"]?.stringValue ?? ""
            if !["SCTP", "TCP", "UDP"].contains(kind) {
                errors.unsupported(path[index]["protocol"], .string(kind), ["SCTP", "TCP", "UDP"])
            }
        }
    }

    private static func checkProbe(_ probe: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        checkHandler(probe, ["exec", "httpGet", "tcpSocket", "grpc"], path, &errors)
        for field in [
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        ] {
            if let number = probe[field]?.intValue, number < 0 {
                errors.invalid(path[field], .integer(Int64(number)), "must be greater than or equal to 0")
            }
        }
    }

    private static func checkHandler(
        _ handler: JSONValue,
        _ kinds: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let given = kinds.filter { handler[$0] != nil }
        if given.isEmpty { errors.required(path, "must specify a handler type") }
        for kind in given.dropFirst() {
            errors.forbidden(path[kind], "may not specify more than 1 handler type")
        }
        if let get = handler["httpGet"] {
            if (get["path"]?.stringValue ?? "").isEmpty { errors.required(path["httpGet"]["path"]) }
            checkPortReference(get["port"], path["httpGet"]["port"], &errors)
            if let scheme = get["scheme"], scheme != "HTTP", scheme != "HTTPS" {
                errors.unsupported(path["httpGet"]["scheme"], scheme, ["HTTP", "HTTPS"])
            }
        }
        if let socket = handler["tcpSocket"] {
            checkPortReference(socket["port"], path["tcpSocket"]["port"], &errors)
        }
        if let exec = handler["exec"], (exec["command"]?.arrayValue ?? []).isEmpty {
            errors.required(path["exec"]["command"])
        }
    }

    private static func checkPortReference(_ port: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors)
    {
        switch port {
        case .string(let name)?:
            for message in NameRules.portName(name) { errors.invalid(path, .string(name), message) }
        case .integer(let number)?:
            for message in NameRules.portNumber(Int(number)) {
                errors.invalid(path, .integer(number), message)
            }
        default: break
        }
    }

    private static func checkResources(_ resources: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors)
    {
        for request in resources["requests"]?.objectValue ?? [:] {
            guard let amount = Quantity(request.value.stringValue ?? "") else { continue }
            if amount.thousandths < 0 {
                errors.invalid(
                    path["requests"].key(request.key),
                    request.value,
                    "must be greater than or equal to 0"
                )
            }
            guard let limit = resources["limits"]?[request.key],
                let bound = Quantity(limit.stringValue ?? "")
            else { continue }
            if amount.thousandths > bound.thousandths {
                errors.invalid(
                    path["requests"],
                    request.value,
                    "must be less than or equal to \(request.key) limit of \(limit.stringValue ?? "")"
                )
            }
        }
        for limit in resources["limits"]?.objectValue ?? [:] {
            if let amount = Quantity(limit.value.stringValue ?? ""), amount.thousandths < 0 {
                errors.invalid(
                    path["limits"].key(limit.key),
                    limit.value,
                    "must be greater than or equal to 0"
                )
            }
        }
    }
}
