// SPDX-License-Identifier: Apache-2.0
import JSON

/// The templates from which sets of pods are made.
///
/// - Source: `ValidatePodTemplateSpec` and what the apps validation of Kubernetes 1.36 adds (seen upstream); the
///   real server leaves `metadata` out of the paths of labels and annotations.
enum PodTemplateRules {
    /// Checks a template whose pods may do anything.
    static func check(_ template: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        checkMetadata(template, path, &errors)
        let spec = template["spec"] ?? [:]
        PodSpecRules.check(spec, path["spec"], isTemplate: true, &errors)
        if !(spec["ephemeralContainers"]?.arrayValue ?? []).isEmpty {
            let message = "ephemeral containers not allowed in pod template"
            errors.forbidden(path["spec"]["ephemeralContainers"], message)
        }
    }

    /// Checks a template's labels and annotations.
    static func checkMetadata(_ template: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard let metadata = template["metadata"] else { return }
        if let labels = metadata["labels"]?.objectValue {
            MetadataValidation.checkLabels(labels, path["labels"], &errors)
        }
        if let annotations = metadata["annotations"]?.objectValue {
            MetadataValidation.checkAnnotations(annotations, path["annotations"], &errors)
        }
    }

    /// Checks that the pods of a set always run.
    static func checkLasting(
        _ template: JSONValue,
        kind: String,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let spec = template["spec"]
        let policy = spec?["restartPolicy"] ?? ""
        if policy != "Always" {
            errors.unsupported(path["spec"]["restartPolicy"], policy, ["Always"])
        }
        if spec?["activeDeadlineSeconds"] != nil {
            let message = "activeDeadlineSeconds in \(kind) is not Supported"
            errors.forbidden(path["spec"]["activeDeadlineSeconds"], message)
        }
    }

    /// Complains that a set would not see its own pods.
    static func checkSelected(
        _ template: JSONValue,
        by selector: JSONValue?,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let labels = template["metadata"]?["labels"]
        guard SelectorRules.verdict(selector, labels) == .differs else { return }
        let message = "`selector` does not match template `labels`"
        errors.invalid(path["metadata"]["labels"], labels ?? .null, message)
    }
}
