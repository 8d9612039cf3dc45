// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Ports

/// A refusal as the API server words it: the `Status` object.
public struct KubernetesStatus: Error, Sendable, Hashable, CustomStringConvertible {
    /// One reason of several why an object is refused.
    public struct Cause: Sendable, Hashable {
        /// `FieldValueInvalid`, `FieldValueRequired` and the like.
        public var reason: String
        /// What is wrong, in words.
        public var message: String
        /// Where: `spec.rules[0].host`.
        public var field: String

        /// Makes a cause.
        public init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// The HTTP status code.
    public var code: Int
    /// `NotFound`, `Conflict`, `Invalid`, …; empty when there is none.
    public var reason: String
    /// What happened, in words.
    public var message: String
    /// The object's name, in details.
    public var name: String
    /// The API group, in details.
    public var group: String
    /// The resource or kind, in details.
    public var kind: String
    /// The object's uid, in details.
    public var uid: String
    /// Why an object is refused, in details.
    public var causes: [Cause]
    /// When to try again, in details; 0 for none.
    public var retryAfterSeconds: Int
    /// With what a list can go on after all; empty for none.
    public var continuation = ""

    /// Makes a status.
    public init(
        code: Int,
        reason: String,
        message: String,
        name: String = "",
        group: String = "",
        kind: String = "",
        uid: String = "",
        causes: [Cause] = [],
        retryAfterSeconds: Int = 0
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.name = name
        self.group = group
        self.kind = kind
        self.uid = uid
        self.causes = causes
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Reads a `Status` object; nil when it is none.
    public init?(_ json: JSONValue) {
        guard json["kind"]?.stringValue == "Status" else { return nil }
        let details = json["details"]
        self.init(
            code: json["code"]?.intValue ?? 0,
            reason: json["reason"]?.stringValue ?? "",
            message: json["message"]?.stringValue ?? "",
            name: details?["name"]?.stringValue ?? "",
            group: details?["group"]?.stringValue ?? "",
            kind: details?["kind"]?.stringValue ?? "",
            uid: details?["uid"]?.stringValue ?? "",
            causes: (details?["causes"]?.arrayValue ?? []).map {
                Cause(
                    reason: $0["reason"]?.stringValue ?? "",
                    message: $0["message"]?.stringValue ?? "",
                    field: $0["field"]?.stringValue ?? ""
                )
            },
            retryAfterSeconds: details?["retryAfterSeconds"]?.intValue ?? 0
        )
    }

    /// The `Status` object of a failure.
    public var json: JSONValue {
        var details: JSONObject = [:]
        if !name.isEmpty { details["name"] = .string(name) }
        if !group.isEmpty { details["group"] = .string(group) }
        if !kind.isEmpty { details["kind"] = .string(kind) }
        if !uid.isEmpty { details["uid"] = .string(uid) }
        if !causes.isEmpty {
            details["causes"] = .array(
                causes.map { cause in
                    var object: JSONObject = [:]
                    if !cause.reason.isEmpty { object["reason"] = .string(cause.reason) }
                    if !cause.message.isEmpty { object["message"] = .string(cause.message) }
                    if !cause.field.isEmpty { object["field"] = .string(cause.field) }
                    return .object(object)
                }
            )
        }
        if retryAfterSeconds > 0 { details["retryAfterSeconds"] = .integer(Int64(retryAfterSeconds)) }
        var object: JSONObject = [
            "kind": "Status", "apiVersion": "v1",
            "metadata": continuation.isEmpty ? [:] : ["continue": .string(continuation)],
            "status": "Failure", "message": .string(message),
        ]
        if !reason.isEmpty { object["reason"] = .string(reason) }
        if !details.isEmpty { object["details"] = .object(details) }
        object["code"] = .integer(Int64(code))
        return .object(object)
    }

    /// `NotFound (404): ingresses.networking.k8s.io "a" not found`.
    public var description: String { "\(reason) (\(code)): \(message)" }
}

/// Why a call of the API server failed, as its caller sees it.
public enum KubernetesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The server refused it.
    case refused(KubernetesStatus)
    /// No whole answer came; the call may have had its effect all the same.
    case lost(NetworkFailure)
    /// The answer was not what the API describes.
    case malformed(String)

    /// The status, when the server gave one.
    public var status: KubernetesStatus? {
        if case .refused(let status) = self { status } else { nil }
    }

    /// True for 404.
    public var isNotFound: Bool { status?.code == 404 }
    /// True for 409 with reason Conflict: somebody else changed the object.
    public var isConflict: Bool { status?.reason == "Conflict" }
    /// True for 409 with reason AlreadyExists.
    public var isAlreadyExists: Bool { status?.reason == "AlreadyExists" }
    /// True when the server no longer has the history that was asked for.
    public var isGone: Bool { status?.code == 410 }

    /// One line that says what happened.
    public var description: String {
        switch self {
        case .refused(let status): status.description
        case .lost(let failure): "no answer from the API server: \(failure)"
        case .malformed(let what): "the API server's answer could not be read: \(what)"
        }
    }
}
