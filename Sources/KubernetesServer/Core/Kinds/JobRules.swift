// SPDX-License-Identifier: Apache-2.0
import JSON

/// Jobs, as stored objects: nothing runs them.
///
/// - Source: the batch validation of Kubernetes 1.36 (seen upstream).
enum JobRules {
    static let uidLabels = ["batch.kubernetes.io/controller-uid", "controller-uid"]
    static let nameLabels = ["batch.kubernetes.io/job-name", "job-name"]

    static let job = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: prepare,
        check: { object, errors in
            checkGenerated(object, &errors)
            let spec = object.content["spec"] ?? [:]
            check(spec, path, &errors)
            checkSelector(spec, &errors)
        },
        checkCreate: checkNames,
        checkUpdate: checkChange,
        checkStatusUpdate: JobStatusRules.check,
        warnings: WorkloadRules.templateWarnings
    )

    private static let path = FieldPath("spec")

    /// Gives a job its selector, and its pods the labels that it selects.
    private static func prepare(_ object: inout ResourceObject) {
        object.metadata.generation = 1
        if object["spec", "manualSelector"] == true { return }
        var labels = object["spec", "template", "metadata", "labels"]?.objectValue ?? [:]
        for label in uidLabels where labels[label] == nil { labels[label] = .string(object.metadata.uid) }
        for label in nameLabels where labels[label] == nil { labels[label] = .string(object.metadata.name) }
        labels.sortKeys()
        object.set(["spec", "template", "metadata", "labels"], .object(labels))
        let selector: JSONValue = ["matchLabels": [uidLabels[0]: .string(object.metadata.uid)]]
        if object["spec", "selector"] == nil { object.set(["spec", "selector"], selector) }
    }

    /// Checks that a selector which the server makes is the one that it would make.
    private static func checkGenerated(_ object: ResourceObject, _ errors: inout FieldErrors) {
        guard object["spec", "manualSelector"] != true, let selector = object["spec", "selector"] else {
            return
        }
        let labels = object["spec", "template", "metadata", "labels"] ?? [:]
        var expected: JSONObject = [:]
        let wanted = [
            (uidLabels[1], object.metadata.uid), (nameLabels[1], object.metadata.name),
            (uidLabels[0], object.metadata.uid), (nameLabels[0], object.metadata.name),
        ]
        let place = path["template"]["metadata"]["labels"]
        for (label, value) in wanted {
            expected[label] = .string(value)
            guard let present = labels[label] else {
                errors.required(place.key(label), "must be '\(value)'")
                continue
            }
            if present != .string(value) { errors.invalid(place.key(label), labels, "must be '\(value)'") }
        }
        if SelectorRules.verdict(selector, .object(expected)) == .differs {
            errors.invalid(path["selector"], selector, "`selector` not auto-generated")
        }
    }

    private static func checkSelector(_ spec: JSONValue, _ errors: inout FieldErrors) {
        if spec["selector"] == nil { errors.required(path["selector"]) }
        SelectorRules.check(spec["selector"], path["selector"], &errors)
        let template = spec["template"] ?? [:]
        PodTemplateRules.checkSelected(template, by: spec["selector"], path["template"], &errors)
    }

    private static func checkNames(_ object: ResourceObject, _ errors: inout FieldErrors) {
        guard object["spec", "completionMode"] == "Indexed",
            let count = object["spec", "completions"]?.intValue, count > 0
        else { return }
        let host = "\(object.metadata.name)-\(count - 1)"
        if !NameRules.dnsLabel(host).isEmpty {
            errors.invalid(
                FieldPath("metadata")["name"],
                .string(object.metadata.name),
                "will not able to create pod with invalid DNS label: \(host)"
            )
        }
    }

    private static let numbers = [
        "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
        "backoffLimitPerIndex", "maxFailedIndexes",
    ]

    /// Checks the spec of a job, without its selector.
    static func check(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.notNegative(spec, numbers, path)
        if spec["maxFailedIndexes"] != nil, spec["backoffLimitPerIndex"] == nil {
            errors.required(path["backoffLimitPerIndex"], "when maxFailedIndexes is specified")
        }
        if let manager = spec["managedBy"]?.stringValue {
            errors.checkPrefixedPath(manager, path["managedBy"])
            if manager.utf8.count > 63 { errors.tooLong(path["managedBy"], limit: 63) }
        }
        errors.option(spec["completionMode"], ["NonIndexed", "Indexed"], path["completionMode"])
        let isIndexed = spec["completionMode"] == "Indexed"
        if isIndexed { checkIndexed(spec, path, &errors) }
        if spec["completionMode"] == nil || spec["completionMode"] == "NonIndexed" {
            for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                guard let value = spec[field] else { continue }
                errors.invalid(path[field], value, "requires indexed completion mode")
            }
        }
        JobPolicyRules.check(spec, path, &errors)
        PodTemplateRules.check(spec["template"] ?? [:], path["template"], &errors)
        checkRestarts(spec, path["template"]["spec"]["restartPolicy"], &errors)
    }

    private static func checkIndexed(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        func limit(_ field: String, _ most: Int, _ words: String) {
            guard let value = spec[field], let number = value.intValue, number > most else { return }
            errors.invalid(path[field], value, "must be less than or equal to \(words)")
        }
        let completions = spec["completions"]?.intValue
        if completions == nil { errors.required(path["completions"], "when completion mode is Indexed") }
        limit("parallelism", 100_000, "100000 when completion mode is Indexed")
        if let completions { limit("maxFailedIndexes", completions, "completions") }
        limit("maxFailedIndexes", 100_000, "100000")
        guard completions ?? 0 > 100_000, spec["backoffLimitPerIndex"] != nil else { return }
        if spec["maxFailedIndexes"] == nil {
            let message = "must be specified when completions is above 100000"
            errors.required(path["maxFailedIndexes"], message)
        }
        let words = "10000 when completions are above 100000 and used with backoff limit per index"
        limit("parallelism", 10_000, words)
        limit("maxFailedIndexes", 10_000, words)
    }

    private static func checkRestarts(
        _ spec: JSONValue,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        let policy = spec["template"]?["spec"]?["restartPolicy"] ?? ""
        if policy == "Always" || policy == "" {
            errors.required(path(), "valid values: \"OnFailure\", \"Never\"")
        } else if policy != "OnFailure", policy != "Never" {
            errors.unsupported(path(), policy, ["OnFailure", "Never"])
        } else if spec["podFailurePolicy"] != nil, policy != "Never" {
            let message = "only \"Never\" is supported when podFailurePolicy is specified"
            errors.invalid(path(), policy, message)
        }
    }

    // MARK: Changes

    private static func checkChange(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let (before, after) = (old.content["spec"] ?? [:], new.content["spec"] ?? [:])
        func fixed(_ field: String) {
            guard before[field] != after[field] else { return }
            errors.invalid(path[field], after[field] ?? .null, "field is immutable")
        }
        if after["completionMode"] != "Indexed" {
            fixed("completions")
        } else if before["completions"] != after["completions"], let count = after["completions"],
            count != after["parallelism"]
        {
            let message = "can only be modified in tandem with spec.parallelism"
            errors.invalid(path["completions"], count, message)
        }
        fixed("selector")
        if comparable(before, before) != comparable(after, before) {
            errors.invalid(path["template"], after["template"] ?? .null, "field is immutable")
        }
        for field in [
            "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy",
        ] {
            fixed(field)
        }
    }

    /// The template without what may change while a job that never ran is suspended.
    private static func comparable(_ spec: JSONValue, _ old: JSONValue) -> JSONValue {
        var template = spec["template"] ?? [:]
        guard old["suspend"] == true else { return template }
        for field in ["annotations", "labels"] { template.set(["metadata", field], nil) }
        for field in ["nodeSelector", "tolerations", "schedulingGates"] {
            template.set(["spec", field], nil)
        }
        template.set(["spec", "affinity", "nodeAffinity"], nil)
        if template["spec"]?["affinity"] == [:] { template.set(["spec", "affinity"], nil) }
        return template
    }
}
