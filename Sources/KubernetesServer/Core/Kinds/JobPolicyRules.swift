// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a job makes of pods that end: its policies for failure, success and replacement.
///
/// - Source: the batch validation of Kubernetes 1.36 (seen upstream).
enum JobPolicyRules {
    private static let actions = ["Count", "FailIndex", "FailJob", "Ignore"]

    static func check(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let failure = spec["podFailurePolicy"]
        if let failure { checkFailure(failure, spec, path["podFailurePolicy"]["rules"], &errors) }
        if let success = spec["successPolicy"] {
            if spec["completionMode"] == "Indexed" {
                checkSuccess(success, spec, path["successPolicy"]["rules"], &errors)
            } else {
                let view = GoView.structure(success, ["rules"])
                errors.invalid(path["successPolicy"], view, "requires indexed completion mode")
            }
        }
        errors.option(
            spec["podReplacementPolicy"],
            failure == nil ? ["Failed", "TerminatingOrFailed"] : ["Failed"],
            path["podReplacementPolicy"]
        )
    }

    // MARK: Failure

    private static func checkFailure(
        _ policy: JSONValue,
        _ spec: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let rules = policy["rules"]?.arrayValue ?? []
        if rules.count > 20 { errors.tooMany(path, rules.count, limit: 20) }
        let pod = spec["template"]?["spec"]
        let names = ["containers", "initContainers"].flatMap {
            (pod?[$0]?.arrayValue ?? []).map { $0["name"] ?? "" }
        }
        for (index, rule) in rules.enumerated() {
            checkAction(rule, spec, path[index]["action"], &errors)
            let conditions = rule["onPodConditions"]?.arrayValue ?? []
            if let codes = rule["onExitCodes"] {
                checkCodes(codes, names, path[index]["onExitCodes"], &errors)
                checkConditions(conditions, path[index]["onPodConditions"], &errors)
                if !conditions.isEmpty {
                    let message = "specifying both OnExitCodes and OnPodConditions is not supported"
                    errors.add("Invalid", path[index], "Invalid value: \(message)")
                }
            } else {
                checkConditions(conditions, path[index]["onPodConditions"], &errors)
                if conditions.isEmpty {
                    let message = "specifying one of OnExitCodes and OnPodConditions is required"
                    errors.add("Invalid", path[index], "Invalid value: \(message)")
                }
            }
        }
    }

    private static func checkAction(
        _ rule: JSONValue,
        _ spec: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let action = rule["action"] ?? ""
        if action == "" {
            errors.required(path, valid(actions))
        } else if action == "FailIndex" {
            if spec["backoffLimitPerIndex"] == nil {
                errors.invalid(path, action, "requires the backoffLimitPerIndex to be set")
            }
        } else {
            errors.option(action, actions, path)
        }
    }

    private static func valid(_ values: [String]) -> String {
        "valid values: [\(values.map { "\"\($0)\"" }.joined(separator: " "))]"
    }

    private static func checkConditions(
        _ patterns: [JSONValue],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if patterns.count > 20 { errors.tooMany(path, patterns.count, limit: 20) }
        let statuses = ["False", "True", "Unknown"]
        for (index, pattern) in patterns.enumerated() {
            errors.check(
                pattern["type"]?.stringValue ?? "",
                NameRules.qualifiedName,
                path[index]["type"]
            )
            let status = pattern["status"] ?? ""
            if status == "" {
                errors.required(path[index]["status"], valid(statuses))
            } else {
                errors.option(status, statuses, path[index]["status"])
            }
        }
    }

    private static func checkCodes(
        _ rule: JSONValue,
        _ names: [JSONValue],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let operation = rule["operator"] ?? ""
        if operation == "" {
            errors.required(path["operator"], valid(["In", "NotIn"]))
        } else {
            errors.option(operation, ["In", "NotIn"], path["operator"])
        }
        if let name = rule["containerName"], !names.contains(name) {
            errors.invalid(
                path["containerName"],
                name,
                "must be one of the container or initContainer names in the pod template"
            )
        }
        let codes = rule["values"]?.arrayValue ?? []
        if codes.isEmpty {
            errors.invalid(path["values"], rule["values"] ?? .null, "at least one value is required")
        } else if codes.count > 255 {
            errors.tooMany(path["values"], codes.count, limit: 255)
        }
        for (index, code) in codes.enumerated() {
            if operation == "In", code == 0 {
                errors.invalid(path["values"][index], code, "must not be 0 for the In operator")
            }
            if codes[..<index].contains(code) { errors.duplicate(path["values"][index], code) }
        }
        let numbers = codes.compactMap(\.intValue)
        if zip(numbers, numbers.dropFirst()).contains(where: { $0 > $1 }) {
            errors.invalid(path["values"], .array(codes), "must be ordered")
        }
    }

    // MARK: Success

    private static func checkSuccess(
        _ policy: JSONValue,
        _ spec: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let rules = policy["rules"]?.arrayValue ?? []
        if rules.isEmpty {
            let message = "at least one rules must be specified when the successPolicy is specified"
            errors.required(path, message)
        }
        if rules.count > 20 { errors.tooMany(path, rules.count, limit: 20) }
        guard let completions = spec["completions"]?.intValue else { return }
        for (index, rule) in rules.enumerated() {
            let place = path[index]
            let count = rule["succeededCount"]
            if count == nil, rule["succeededIndexes"] == nil {
                errors.required(
                    place,
                    "at least one of succeededCount or succeededIndexes must be specified"
                )
            }
            var total: Int?
            if let text = rule["succeededIndexes"]?.stringValue {
                if text.utf8.count > 65_536 { errors.tooLong(place["succeededIndexes"], limit: 65_536) }
                switch JobIndexes.count(text, below: completions) {
                case .success(let number): total = number
                case .failure(let mistake):
                    total = 0
                    errors.invalid(
                        place["succeededIndexes"],
                        .string(text),
                        "error parsing succeededIndexes: \(mistake.message)"
                    )
                }
            }
            guard let count, let number = count.intValue else { continue }
            errors.notNegative(count, place["succeededCount"])
            for (bound, words) in [
                (completions, "specified completions"),
                (total ?? .max, "indexes in the specified succeededIndexes field"),
            ] where number > bound {
                errors.invalid(
                    place["succeededCount"],
                    count,
                    "must be less than or equal to \(bound) (the number of \(words))"
                )
            }
        }
    }
}

/// Lists of indexes such as `1,3-5,7`.
enum JobIndexes {
    /// Why a text is no list of indexes.
    struct Mistake: Error {
        let message: String
    }

    /// Counts the indexes that a text names.
    static func count(_ text: String, below completions: Int) -> Result<Int, Mistake> {
        if text.isEmpty { return .success(0) }
        var total = 0
        var last: Int?
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            if ends.count > 2 {
                return .failure(
                    .init(
                        message:
                            "the fragment \"\(part)\" violates the requirement that an index interval can have at most two parts separated by '-'"
                    )
                )
            }
            var numbers: [Int] = []
            for end in ends {
                guard let number = Int(end) else {
                    return .failure(
                        .init(
                            message: "cannot convert string to integer for index: \"\(end)\""
                        )
                    )
                }
                if number >= completions {
                    return .failure(.init(message: "too large index: \"\(end)\""))
                }
                numbers.append(number)
            }
            let (first, final) = (numbers[0], numbers[numbers.count - 1])
            if numbers.count == 2, first >= final {
                return .failure(
                    .init(message: "non-increasing order, previous: \(first), current: \(final)")
                )
            }
            if let last, last >= first {
                return .failure(
                    .init(message: "non-increasing order, previous: \(last), current: \(first)")
                )
            }
            total += final - first + 1
            last = final
        }
        return .success(total)
    }
}
