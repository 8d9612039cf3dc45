// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What reviews must say.
///
/// - Source: the authorization validation of Kubernetes 1.36 (seen in a real server's answers).
enum ReviewRules {
    /// Checks a review of what somebody may do.
    ///
    /// - Throws: `KubernetesStatus` with every complaint.
    static func check(_ review: ResourceObject, _ type: ResourceType) throws(KubernetesStatus) {
        var errors = FieldErrors()
        let spec = review.content["spec"] ?? [:]
        let path = FieldPath("spec")
        let attributes = spec["resourceAttributes"]
        switch (attributes, spec["nonResourceAttributes"]) {
        case (nil, nil):
            errors.invalid(
                path["resourceAttributes"],
                .null,
                "exactly one of nonResourceAttributes or resourceAttributes must be specified"
            )
        case (_?, let other?):
            errors.invalid(
                path["nonResourceAttributes"],
                ["Path": other["path"] ?? "", "Verb": other["verb"] ?? ""],
                "cannot be specified in combination with resourceAttributes"
            )
        default: break
        }
        if type.kind != "SelfSubjectAccessReview", spec["user"] == nil, spec["groups"] == nil {
            errors.invalid(path["user"], "", "at least one of user or group must be specified")
        }
        if type.isNamespaced { checkLocal(review, spec, path, &errors) }
        if !errors.isEmpty { throw errors.status(kind: "", group: type.group, name: "") }
    }

    private static func checkLocal(
        _ review: ResourceObject,
        _ spec: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if let attributes = spec["resourceAttributes"] {
            let namespace = attributes["namespace"] ?? ""
            if namespace != .string(review.metadata.namespace) {
                errors.invalid(
                    path["resourceAttributes"]["namespace"],
                    namespace,
                    "must match metadata.namespace"
                )
            }
        }
        if let other = spec["nonResourceAttributes"] {
            errors.invalid(path["nonResourceAttributes"], other, "disallowed on this kind of request")
        }
    }

    /// Checks how long a token may live.
    ///
    /// - Throws: `KubernetesStatus` for less than ten minutes, or more than fits.
    static func checkToken(seconds: Int64) throws(KubernetesStatus) {
        var errors = FieldErrors()
        let path = FieldPath("spec")["expirationSeconds"]
        if seconds < 600 {
            errors.invalid(path, .integer(seconds), "may not specify a duration less than 10 minutes")
        }
        if seconds > 1 << 32 {
            errors.invalid(path, .integer(seconds), "may not specify a duration larger than 2^32 seconds")
        }
        if !errors.isEmpty {
            throw errors.status(kind: "TokenRequest", group: "authentication.k8s.io", name: "")
        }
    }
}
