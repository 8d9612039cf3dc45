// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubernetesAPI

/// A Kubernetes object as somebody wrote it, with the place of each of its fields.
public struct ManifestObject: Sendable {
    /// The object as it goes to the API server.
    public internal(set) var json: JSONValue
    /// Where it begins.
    public let place: SourcePlace
    private let source: SourceText
    /// The tree that it was made from; nil when its fields have no places.
    private let node: YAMLNode?

    init(json: JSONValue, place: SourcePlace, source: SourceText, node: YAMLNode?) {
        self.json = json
        self.place = place
        self.source = source
        self.node = node
    }

    /// The object with its metadata.
    public var object: KubernetesObject { KubernetesObject(json) }

    /// The same without what only an API server sets, as manifests that were exported from a cluster have it: it
    /// would refuse them.
    var asNew: ManifestObject {
        guard case .object(var members) = json, case .object(var metadata)? = members["metadata"] else {
            return self
        }
        for key in ["resourceVersion", "uid", "selfLink", "generation", "managedFields"] {
            metadata[key] = nil
        }
        members["metadata"] = .object(metadata)
        // The address of a Service is of the range of the cluster that it was in; without one it is headless.
        if members["kind"] == "Service", case .object(var spec)? = members["spec"],
            spec["clusterIP"] != "None"
        {
            spec["clusterIP"] = nil
            spec["clusterIPs"] = nil
            members["spec"] = .object(spec)
        }
        var copy = self
        copy.json = .object(members)
        return copy
    }

    /// A mistake of this object.
    ///
    /// - Parameters:
    ///   - message: What is wrong.
    ///   - field: The path of the field that is wrong, `spec.rules[0].host`; empty for the whole object.
    ///   - suggestion: What to do.
    /// - Returns: The mistake at the field's place.
    public func mistake(_ message: String, field: String = "", suggestion: String? = nil) -> SourceMistake {
        let place = place(ofField: field)
        // The line of a Secret's value would show the value.
        let isSecret = object.kind == "Secret" && !field.hasPrefix("metadata") && !field.isEmpty
        return SourceMistake(
            place: place,
            message: message,
            suggestion: suggestion,
            sourceLine: isSecret ? nil : source.line(place.line) ?? ""
        )
    }

    /// The mistakes that a refusal of the API server stands for: one for each field that it names.
    public func mistakes(of status: KubernetesStatus) -> Mistakes {
        let causes = status.causes.filter { !$0.field.isEmpty }
        let strange = causes.isEmpty ? Self.strangeFields(status.message) : []
        if causes.isEmpty, strange.isEmpty {
            return Mistakes([mistake("the API server refuses this object: \(status.message)")])
        }
        let subject = "\(object.kind) \"\(object.name)\""
        return Mistakes(
            strange.map {
                mistake(
                    "\(subject) has a field that there is not: \($0)",
                    field: $0,
                    suggestion: "check how it is spelled and where it stands"
                )
            }
                + causes.map {
                    mistake("the API server refuses \(subject): \($0.field): \($0.message)", field: $0.field)
                }
        )
    }

    /// The fields that a strict server does not know: `… unknown field "spec.rulez"`, all that it tells of them.
    private static func strangeFields(_ message: String) -> [String] {
        message.split(separator: "unknown field \"", omittingEmptySubsequences: false).dropFirst().map {
            String($0.prefix { $0 != "\"" })
        }
    }

    /// Where a field is, or the nearest one around it that was written.
    public func place(ofField path: String) -> SourcePlace {
        guard var current = node else { return place }
        var mark = current.mark
        for step in Self.steps(of: path) {
            if let index = Int(step), let items = current.items {
                guard items.indices.contains(index) else { break }
                current = items[index]
                mark = current.mark
            } else if let entry = current.entries?.first(where: { $0.key.keyText == step }) {
                current = entry.value
                mark = entry.key.mark
            } else {
                break
            }
        }
        return source.place(mark)
    }

    /// The steps of `spec.rules[0].host` and `metadata.annotations[a.b/c]`.
    private static func steps(of path: String) -> [String] {
        var steps: [String] = []
        var current = ""
        var isBracketed = false
        for character in path {
            switch character {
            case "[":
                if !current.isEmpty { steps.append(current) }
                (current, isBracketed) = ("", true)
            case "]" where isBracketed:
                steps.append(current)
                (current, isBracketed) = ("", false)
            case "." where !isBracketed:
                if !current.isEmpty { steps.append(current) }
                current = ""
            default: current.append(character)
            }
        }
        if !current.isEmpty { steps.append(current) }
        return steps
    }
}
