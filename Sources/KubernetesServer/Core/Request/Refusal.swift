// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// The refusals of the API server, in its words.
///
/// - Source: a real server's answers.
enum Refusal {
    static func notFound(_ type: ResourceType, _ name: String) -> KubernetesStatus {
        KubernetesStatus(
            code: 404,
            reason: "NotFound",
            message: "\(type.qualifiedName) \"\(name)\" not found",
            name: name,
            group: type.group,
            kind: type.plural
        )
    }

    static func noResource() -> KubernetesStatus {
        KubernetesStatus(
            code: 404,
            reason: "NotFound",
            message: "the server could not find the requested resource"
        )
    }

    static func methodNotAllowed() -> KubernetesStatus {
        KubernetesStatus(
            code: 405,
            reason: "MethodNotAllowed",
            message: "the server does not allow this method on the requested resource"
        )
    }

    static func alreadyExists(_ type: ResourceType, _ name: String, isTerminating: Bool) -> KubernetesStatus {
        let beginning = isTerminating ? "object is being deleted: " : ""
        return KubernetesStatus(
            code: 409,
            reason: "AlreadyExists",
            message: "\(beginning)\(type.qualifiedName) \"\(name)\" already exists",
            name: name,
            group: type.group,
            kind: type.plural
        )
    }

    static func conflict(_ type: ResourceType, _ name: String, _ why: String) -> KubernetesStatus {
        KubernetesStatus(
            code: 409,
            reason: "Conflict",
            message: "Operation cannot be fulfilled on \(type.qualifiedName) \"\(name)\": \(why)",
            name: name,
            group: type.group,
            kind: type.plural
        )
    }

    static func modified(_ type: ResourceType, _ name: String) -> KubernetesStatus {
        conflict(
            type,
            name,
            "the object has been modified; please apply your changes to the latest version and try again"
        )
    }

    /// Others own what an apply would change.
    static func applyConflict(_ conflicts: [FieldManager.Conflict]) -> KubernetesStatus {
        let words: String
        if conflicts.count == 1 {
            words = "1 conflict: conflict with \(conflicts[0].manager): \(conflicts[0].path)"
        } else {
            var managers: [String] = []
            for conflict in conflicts where !managers.contains(conflict.manager) {
                managers.append(conflict.manager)
            }
            let groups = managers.sorted().map { manager in
                let paths = conflicts.filter { $0.manager == manager }.map { "- \($0.path)" }
                return "conflicts with \(manager):\n\(paths.joined(separator: "\n"))"
            }
            words = "\(conflicts.count) conflicts: \(groups.joined(separator: "\n"))"
        }
        return KubernetesStatus(
            code: 409,
            reason: "Conflict",
            message: "Apply failed with \(words)",
            causes: conflicts.map {
                .init(
                    reason: "FieldManagerConflict",
                    message: "conflict with \($0.manager)",
                    field: $0.path
                )
            }
        )
    }

    static func badRequest(_ message: String) -> KubernetesStatus {
        KubernetesStatus(code: 400, reason: "BadRequest", message: message)
    }

    static func internalError(_ message: String) -> KubernetesStatus {
        KubernetesStatus(code: 500, reason: "", message: message)
    }

    static func notBuilt(_ what: String) -> KubernetesStatus {
        KubernetesStatus(code: 501, reason: "NotImplemented", message: "\(what) is not built here yet")
    }

    static func tooLarge(limit: Int) -> KubernetesStatus {
        KubernetesStatus(
            code: 413,
            reason: "RequestEntityTooLarge",
            message: "Request entity too large: limit is \(limit)"
        )
    }

    static func forbidden(_ type: ResourceType, _ name: String, _ why: String) -> KubernetesStatus {
        KubernetesStatus(
            code: 403,
            reason: "Forbidden",
            message: "\(type.qualifiedName) \"\(name)\" is forbidden: \(why)",
            name: name,
            group: type.group,
            kind: type.plural
        )
    }

    static func terminating(_ type: ResourceType, _ name: String, namespace: String) -> KubernetesStatus {
        KubernetesStatus(
            code: 403,
            reason: "Forbidden",
            message:
                "\(type.qualifiedName) \"\(name)\" is forbidden: unable to create new content in namespace "
                + "\(namespace) because it is being terminated",
            name: name,
            group: type.group,
            kind: type.plural,
            causes: [
                .init(
                    reason: "NamespaceTerminating",
                    message: "namespace \(namespace) is being terminated",
                    field: "metadata.namespace"
                )
            ]
        )
    }

    static func unsupportedMedia(_ accepted: [String]) -> KubernetesStatus {
        KubernetesStatus(
            code: 415,
            reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format - accepted media types include: "
                + accepted.joined(separator: ", ")
        )
    }

    static func unsupportedPatch() -> KubernetesStatus {
        KubernetesStatus(code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type")
    }

    static func notAcceptable(isForm: Bool, isCustom: Bool = false) -> KubernetesStatus {
        let types =
            "application/json, application/yaml" + (isCustom ? "" : ", application/vnd.kubernetes.protobuf")
        let message =
            isForm
            ? "only the following media types are accepted: \(types)"
            : "406: Not Acceptable\n\nAvailable representations: \(types)"
        return KubernetesStatus(code: 406, reason: "NotAcceptable", message: message)
    }

    /// An object that a patch has made is none of its kind.
    static func badPatch(_ shown: String, _ why: String) -> KubernetesStatus {
        var errors = FieldErrors()
        errors.invalid(FieldPath("patch"), .string(shown), why)
        var status = errors.status(kind: "", group: "", name: "")
        status.message = " \"\" is invalid: patch: \(errors.causes.first?.message ?? "")"
        return status
    }

    static func expired(_ message: String) -> KubernetesStatus {
        KubernetesStatus(code: 410, reason: "Expired", message: message)
    }

    /// A page of a list that is forgotten; the client may go on with the present state.
    ///
    /// - Source: k8s.io/apiserver, storage/etcd3 (seen upstream).
    static func inconsistentList(_ continuation: String) -> KubernetesStatus {
        var status = expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list "
                + "without the continue parameter, or use the continue token in this response to retrieve the remainder "
                + "of the results. Continuing with the provided token results in an inconsistent list - objects that "
                + "were created, modified, or deleted between the time the first chunk was returned and now may show up "
                + "in the list."
        )
        status.continuation = continuation
        return status
    }

    static func tooLargeVersion(_ asked: Int64, current: Int64) -> KubernetesStatus {
        KubernetesStatus(
            code: 504,
            reason: "Timeout",
            message: "Timeout: Too large resource version: \(asked), current: \(current)",
            causes: [
                .init(reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")
            ],
            retryAfterSeconds: 1
        )
    }
}
