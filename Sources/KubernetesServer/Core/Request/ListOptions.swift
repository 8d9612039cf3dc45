// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// The options of a list or watch, checked.
///
/// - Source: `ValidateListOptions` of the Kubernetes API machinery (seen upstream, and in a real server's
///   answers).
struct ListOptions {
    /// nil when there is none.
    let version: Int64?
    /// `Exact` or `NotOlderThan`; nil when it is not said.
    let match: String?
    let limit: Int?
    let continuation: Continuation?
    let sendsInitialEvents: Bool?
    let allowsBookmarks: Bool
    let timeoutSeconds: Int?

    init(_ target: RequestTarget, isWatch: Bool) throws(KubernetesStatus) {
        let version = target["resourceVersion"] ?? ""
        let match = target["resourceVersionMatch"] ?? ""
        let token = target["continue"] ?? ""
        sendsInitialEvents = target.truth("sendInitialEvents")
        try Self.check(
            version: version,
            match: match,
            token: token,
            initial: sendsInitialEvents,
            isWatch: isWatch
        )
        if version.isEmpty {
            self.version = nil
        } else {
            guard let number = Int64(version), number >= 0 else {
                var errors = FieldErrors()
                errors.invalid(
                    FieldPath("resourceVersion"),
                    .string(version),
                    "strconv.ParseUint: parsing \"\(version)\": invalid syntax"
                )
                throw errors.status(kind: "ListOptions", group: "meta.k8s.io", name: "")
            }
            self.version = number
        }
        self.match = match.isEmpty ? nil : match
        limit = target["limit"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
        if token.isEmpty || isWatch {
            continuation = nil
        } else {
            guard let parsed = Continuation(token) else {
                throw Refusal.badRequest("continue key is not valid: encoded value is not understood")
            }
            continuation = parsed
        }
        allowsBookmarks = target.truth("allowWatchBookmarks") ?? false
        timeoutSeconds = target["timeoutSeconds"].flatMap(Int.init)
    }

    private static func check(
        version: String,
        match: String,
        token: String,
        initial: Bool?,
        isWatch: Bool
    ) throws(KubernetesStatus) {
        var errors = FieldErrors()
        let path = FieldPath("resourceVersionMatch")
        if isWatch {
            checkWatch(match: match, initial: initial, path, &errors)
        } else {
            if !match.isEmpty {
                if version.isEmpty {
                    errors.forbidden(
                        path,
                        "resourceVersionMatch is forbidden unless resourceVersion is provided"
                    )
                }
                if !token.isEmpty {
                    errors.forbidden(path, "resourceVersionMatch is forbidden when continue is provided")
                }
                if match != "Exact", match != "NotOlderThan" {
                    errors.unsupported(path, .string(match), ["Exact", "NotOlderThan", ""])
                }
                if match == "Exact", version == "0" {
                    errors.forbidden(
                        path,
                        "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\""
                    )
                }
            }
            if initial != nil {
                errors.forbidden(FieldPath("sendInitialEvents"), "sendInitialEvents is forbidden for list")
            }
        }
        if !errors.isEmpty { throw errors.status(kind: "ListOptions", group: "meta.k8s.io", name: "") }
    }

    private static func checkWatch(
        match: String,
        initial: Bool?,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if initial != nil {
            if match != "NotOlderThan" {
                errors.forbidden(
                    path,
                    "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
                )
            }
            if !match.isEmpty, match != "NotOlderThan" {
                errors.unsupported(path, .string(match), ["NotOlderThan"])
            }
        } else if !match.isEmpty {
            errors.forbidden(
                path,
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
            )
        }
    }
}

/// Where a list goes on: at which state, behind which key.
struct Continuation: Equatable {
    /// Negative for the present state, whatever it is.
    let revision: Int64
    let key: String

    init(revision: Int64, key: String) {
        self.revision = revision
        self.key = key
    }

    /// Reads a token.
    init?(_ text: String) {
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let standard = String(padded.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        guard let bytes = try? Base64.decode(standard), let json = try? JSONValue(parsing: bytes),
            json["v"] == "meta.k8s.io/v1", let revision = json["rv"]?.intValue,
            let key = json["start"]?.stringValue, key.hasSuffix("\0")
        else { return nil }
        self.init(revision: Int64(revision), key: String(key.dropLast()))
    }

    /// The token, in the form of the real server: URL-safe Base64 of a small document.
    var text: String {
        let json: JSONValue = ["v": "meta.k8s.io/v1", "rv": .integer(revision), "start": .string(key + "\0")]
        return String(
            Base64.encode(json.bytes).compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 }
        )
    }
}
