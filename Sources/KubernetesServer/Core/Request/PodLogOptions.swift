// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// What a request for a pod's log asks for.
///
/// - Source: `ValidatePodLogOptions` and `LogLocation` of kube-apiserver (seen upstream).
struct PodLogOptions {
    /// The container asked for; empty when none is named.
    let container: String
    /// The query for the node, its parameters in the order of their names.
    let query: String
    /// True when what is printed later is wanted too.
    let follows: Bool

    /// Reads the query of a request.
    ///
    /// - Throws: `KubernetesStatus` for values that can not be.
    init(_ target: RequestTarget, pod: String) throws(KubernetesStatus) {
        var errors = FieldErrors()
        func number(_ name: String, atLeast least: Int, _ rule: String) throws(KubernetesStatus) -> Int? {
            guard let text = target[name], !text.isEmpty else { return nil }
            guard let value = Int(text) else {
                throw Refusal.badRequest(
                    "unable to decode query parameter \(name): strconv.ParseInt: parsing "
                        + "\(JSONValue.string(text).text): invalid syntax"
                )
            }
            if value < least { errors.invalid(FieldPath(name), .integer(Int64(value)), rule) }
            return value
        }
        let notNegative = "must be greater than or equal to 0"
        let positive = "must be greater than 0"
        let tail = try number("tailLines", atLeast: 0, notNegative)
        let limit = try number("limitBytes", atLeast: 1, positive)
        let seconds = try number("sinceSeconds", atLeast: 1, positive)
        let time = target["sinceTime"].flatMap { $0.isEmpty ? nil : $0 }
        if let time, Instant(rfc3339: time) == nil {
            throw Refusal.badRequest("unable to decode query parameter sinceTime: \(time) is no time")
        }
        if seconds != nil, time != nil {
            errors.forbidden(
                FieldPath(""),
                "at most one of `sinceTime` or `sinceSeconds` may be specified"
            )
        }
        if !errors.isEmpty { throw errors.status(kind: "PodLogOptions", group: "", name: pod) }
        container = target["container"] ?? ""
        follows = target.truth("follow") ?? false
        var parts: [String] = []
        if follows { parts.append("follow=true") }
        if let limit { parts.append("limitBytes=\(limit)") }
        if target.truth("previous") ?? false { parts.append("previous=true") }
        if let seconds { parts.append("sinceSeconds=\(seconds)") }
        if let time { parts.append("sinceTime=\(time.replacing(":", with: "%3A"))") }
        if let tail { parts.append("tailLines=\(tail)") }
        if target.truth("timestamps") ?? false { parts.append("timestamps=true") }
        query = parts.joined(separator: "&")
    }

    /// The container that is meant: the one named, or the only one.
    ///
    /// - Throws: `KubernetesStatus` when it is not clear, or there is none of that name.
    static func container(_ name: String, of pod: ResourceObject) throws(KubernetesStatus) -> String {
        func names(_ list: String) -> [String] {
            (pod["spec", list]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        }
        let (main, first) = (names("containers"), names("initContainers"))
        if name.isEmpty {
            if main.count == 1 { return main[0] }
            var message = "a container name must be specified for pod \(pod.metadata.name)"
            if main.count > 1 { message += ", choose one of: [\(main.joined(separator: " "))]" }
            if !first.isEmpty {
                message += " or one of the init containers: [\(first.joined(separator: " "))]"
            }
            throw Refusal.badRequest(message)
        }
        guard (main + first + names("ephemeralContainers")).contains(name) else {
            throw Refusal.badRequest("container \(name) is not valid for pod \(pod.metadata.name)")
        }
        return name
    }
}
