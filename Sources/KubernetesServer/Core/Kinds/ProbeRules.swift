// SPDX-License-Identifier: Apache-2.0
import JSON

/// Probes of containers, and what containers do at their beginning and end.
///
/// - Source: `validateProbe`, `validateHandler` and `validateLifecycle` of Kubernetes 1.36 (seen upstream).
enum ProbeRules {
    private static let probeHandlers = ["exec", "httpGet", "tcpSocket", "grpc"]
    private static let lifecycleHandlers = ["exec", "httpGet", "tcpSocket", "sleep"]
    private static let periods = [
        "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
    ]

    /// Checks the hooks and probes of a container that runs beside others.
    static func check(
        _ container: JSONValue,
        grace: Int?,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if let lifecycle = container["lifecycle"] {
            for hook in ["postStart", "preStop"] {
                guard let handler = lifecycle[hook] else { continue }
                checkHandler(handler, lifecycleHandlers, grace, path["lifecycle"][hook], &errors)
            }
        }
        for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
            if let probe = container[name] {
                checkProbe(probe, isReadiness: name == "readinessProbe", path[name], &errors)
            }
        }
    }

    private static func checkProbe(
        _ probe: JSONValue,
        isReadiness: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        checkHandler(probe, probeHandlers, nil, path, &errors)
        errors.notNegative(probe, periods, path)
        let grace = probe["terminationGracePeriodSeconds"]
        if let seconds = grace?.intValue, seconds <= 0 {
            errors.invalid(
                path["terminationGracePeriodSeconds"],
                .integer(Int64(seconds)),
                "must be greater than 0"
            )
        }
        if isReadiness {
            if let grace {
                let message = "must not be set for readinessProbes"
                errors.invalid(path["terminationGracePeriodSeconds"], grace, message)
            }
        } else if let threshold = probe["successThreshold"], threshold != 1 {
            errors.invalid(path["successThreshold"], threshold, "must be 1")
        }
    }

    private static func checkHandler(
        _ handler: JSONValue,
        _ kinds: [String],
        _ grace: Int?,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        var isFirst = true
        for kind in kinds {
            guard let action = handler[kind] else { continue }
            if isFirst {
                checkAction(action, kind, grace, path[kind], &errors)
            } else {
                errors.forbidden(path[kind], "may not specify more than 1 handler type")
            }
            isFirst = false
        }
        if isFirst { errors.required(path, "must specify a handler type") }
    }

    private static func checkAction(
        _ action: JSONValue,
        _ kind: String,
        _ grace: Int?,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        switch kind {
        case "exec":
            if (action["command"]?.arrayValue ?? []).isEmpty { errors.required(path["command"]) }
        case "httpGet":
            errors.needs(action["path"], path["path"])
            errors.checkPort(action["port"], path["port"])
            errors.option(action["scheme"], ["HTTP", "HTTPS"], path["scheme"])
            for header in action["httpHeaders"]?.arrayValue ?? [] {
                errors.check(
                    header["name"]?.stringValue ?? "",
                    NameRules.headerField,
                    path["httpHeaders"]
                )
            }
        case "sleep":
            let seconds = action["seconds"]?.intValue ?? 0
            if let grace, !(0...max(grace, 0)).contains(seconds) {
                errors.invalid(
                    path,
                    .integer(Int64(seconds)),
                    "must be non-negative and less than terminationGracePeriodSeconds (\(grace))"
                )
            }
        default: errors.checkPort(action["port"] ?? 0, path["port"])
        }
    }
}
