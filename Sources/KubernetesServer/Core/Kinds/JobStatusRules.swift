// SPDX-License-Identifier: Apache-2.0
import JSON

/// What the status of a job may say.
///
/// - Source: `ValidateJobStatusUpdate` of Kubernetes 1.36 (seen upstream); what depends on lists of indexes is left
///   out.
enum JobStatusRules {
    private static let path = FieldPath("status")

    private static func has(_ job: ResourceObject, _ type: String) -> Bool {
        (job["status", "conditions"]?.arrayValue ?? []).contains {
            $0["type"] == .string(type) && $0["status"] == "True"
        }
    }

    private static func complain(_ message: String, _ errors: inout FieldErrors) {
        errors.add("Invalid", path["conditions"], "Invalid value: \(message)")
    }

    @Sendable static func check(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let status = new.content["status"] ?? [:]
        errors.notNegative(status, ["active", "succeeded", "failed", "ready", "terminating"], path)
        checkUncounted(status, &errors)
        let isComplete = has(new, "Complete")
        if isComplete, has(new, "Failed") {
            complain("cannot set Complete=True and Failed=true conditions", &errors)
        }
        if isComplete, has(new, "FailureTarget") {
            complain("cannot set Complete=True and FailureTarget=true conditions", &errors)
        }
        checkTimes(status, old, isComplete: isComplete, &errors)
        if has(new, "Failed"), !has(old, "Failed"), !has(new, "FailureTarget") {
            complain("cannot set Failed=True condition without the FailureTarget=true condition", &errors)
        }
        if isComplete, !has(old, "Complete"), !has(new, "SuccessCriteriaMet") {
            let message = "cannot set Complete=True condition without the SuccessCriteriaMet=true condition"
            complain(message, &errors)
        }
        if isComplete || has(new, "Failed") { checkFinished(status, &errors) }
        if let ready = status["ready"], ready.intValue ?? 0 > status["active"]?.intValue ?? 0 {
            errors.invalid(path["ready"], ready, "cannot set more ready pods than active")
        }
        for other in ["Failed", "FailureTarget"] where has(new, "SuccessCriteriaMet") && has(new, other) {
            complain("cannot set SuccessCriteriaMet=True and \(other)=true conditions", &errors)
        }
        checkChange(new, old, &errors)
    }

    private static func checkUncounted(_ status: JSONValue, _ errors: inout FieldErrors) {
        guard let pods = status["uncountedTerminatedPods"] else { return }
        var seen: [JSONValue] = []
        for list in ["succeeded", "failed"] {
            for (index, uid) in (pods[list]?.arrayValue ?? []).enumerated() {
                let place = path["uncountedTerminatedPods"][list][index]
                if uid == "" {
                    errors.invalid(place, uid, "must not be empty")
                } else if seen.contains(uid) {
                    errors.duplicate(place, uid)
                } else {
                    seen.append(uid)
                }
            }
        }
    }

    private static func checkTimes(
        _ status: JSONValue,
        _ old: ResourceObject,
        isComplete: Bool,
        _ errors: inout FieldErrors
    ) {
        guard let end = status["completionTime"], !end.isNull else {
            if isComplete {
                let message = "completionTime is required for Complete jobs"
                errors.required(path["completionTime"], message)
            }
            return
        }
        if !isComplete {
            errors.invalid(
                path["completionTime"],
                end,
                "cannot set completionTime when there is no Complete=True condition"
            )
        }
        if let start = status["startTime"]?.stringValue, end.stringValue ?? "" < start {
            errors.invalid(path["completionTime"], end, "completionTime cannot be set before startTime")
        }
    }

    private static func checkFinished(_ status: JSONValue, _ errors: inout FieldErrors) {
        for field in ["active", "terminating"] {
            guard let value = status[field], value.intValue ?? 0 > 0 else { continue }
            errors.invalid(path[field], value, "\(field)>0 is invalid for finished job")
        }
        if status["startTime"]?.isNull ?? true {
            errors.required(path["startTime"], "startTime is required for finished job")
        }
    }

    private static func checkChange(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        for type in ["Failed", "Complete", "FailureTarget"] where has(old, type) && !has(new, type) {
            complain("cannot disable the terminal \(type)=True condition", &errors)
        }
        for field in ["failed", "succeeded"] {
            let count = new["status", field]?.intValue ?? 0
            if count < old["status", field]?.intValue ?? 0 {
                let message = "cannot decrease the \(field) counter"
                errors.invalid(path[field], .integer(Int64(count)), message)
            }
        }
        if let before = old["status", "completionTime"], let after = new["status", "completionTime"],
            before != after
        {
            errors.invalid(path["completionTime"], after, "completionTime cannot be mutated")
        }
        if let start = old["status", "startTime"], start != new["status", "startTime"],
            new["spec", "suspend"] != true
        {
            let message = "startTime cannot be removed for unsuspended job"
            errors.required(path["startTime"], message)
        }
        if has(old, "SuccessCriteriaMet"), !has(new, "SuccessCriteriaMet") {
            complain("cannot disable the SuccessCriteriaMet=True condition", &errors)
        }
    }
}
