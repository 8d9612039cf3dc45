// SPDX-License-Identifier: Apache-2.0
import JSON

/// Jobs, as stored objects: nothing runs them.
///
/// - Source: the batch API of Kubernetes 1.36 (documented), its refusals seen upstream.
enum JobRules {
    static let uidLabels = ["batch.kubernetes.io/controller-uid", "controller-uid"]
    static let nameLabels = ["batch.kubernetes.io/job-name", "job-name"]

    static let job = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: prepare,
        check: check,
        checkUpdate: { new, old, errors in
            let path = FieldPath("spec")
            for field in ["selector", "completionMode", "template"]
            where new["spec", field] != old["spec", field] {
                errors.invalid(path[field], new["spec", field] ?? .null, "field is immutable")
            }
            if new["spec", "completionMode"] != "Indexed",
                new["spec", "completions"] != old["spec", "completions"]
            {
                errors.invalid(path["completions"], new["spec", "completions"] ?? .null, "field is immutable")
            }
        }
    )

    /// Gives a job its selector, and its pods the labels that it selects.
    private static func prepare(_ object: inout ResourceObject) {
        object.metadata.generation = 1
        if object["spec", "manualSelector"] == true { return }
        var labels = object["spec", "template", "metadata", "labels"]?.objectValue ?? [:]
        for label in uidLabels { labels[label] = .string(object.metadata.uid) }
        for label in nameLabels { labels[label] = .string(object.metadata.name) }
        labels.sortKeys()
        object.set(["spec", "template", "metadata", "labels"], .object(labels))
        let selector: JSONValue = ["matchLabels": [uidLabels[0]: .string(object.metadata.uid)]]
        if object["spec", "selector"] == nil { object.set(["spec", "selector"], selector) }
    }

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        for field in ["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds"] {
            if let number = object["spec", field]?.intValue, number < 0 {
                errors.invalid(path[field], .integer(Int64(number)), "must be greater than or equal to 0")
            }
        }
        let restart = object["spec", "template", "spec", "restartPolicy"] ?? ""
        let place = path["template"]["spec"]["restartPolicy"]
        if restart == "Always" || restart == "" {
            errors.required(place, "valid values: \"OnFailure\", \"Never\"")
        }
        PodSpecRules.check(
            object["spec", "template", "spec"] ?? [:],
            path["template"]["spec"],
            isTemplate: true,
            &errors
        )
    }
}
