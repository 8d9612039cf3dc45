// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// An object that a client sent, in form.
struct DecodedObject {
    var object: ResourceObject
    var warnings: [String]
}

extension Registry {
    /// What to do about fields that the schema does not know.
    enum FieldValidation: String {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"

        init(_ target: RequestTarget) throws(KubernetesStatus) {
            guard let text = target["fieldValidation"], !text.isEmpty else {
                self = .warn
                return
            }
            guard let value = FieldValidation(rawValue: text) else {
                var errors = FieldErrors()
                errors.unsupported(
                    FieldPath("fieldValidation"),
                    .string(text),
                    ["", "Ignore", "Strict", "Warn"]
                )
                throw errors.status(kind: "CreateOptions", group: "meta.k8s.io", name: "")
            }
            self = value
        }
    }

    /// The media types in which a resource's objects can be sent.
    private func readable(_ resource: ServedResource) -> [String] {
        ["application/json", RequestBody.yaml] + (resource.isCustom ? [] : [ProtobufEnvelope.mediaType])
    }

    /// The object of a request's body.
    func json(_ call: Call) throws(KubernetesStatus) -> JSONValue {
        // Most bodies are JSON, which every resource takes.
        if case .json(let value, "application/json", _) = call.body { return value }
        let readable = readable(call.resource)
        switch call.body {
        case .json(let value, let type, _):
            guard readable.contains(type) else { throw Refusal.unsupportedMedia(readable) }
            return value
        case .none:
            throw Refusal.badRequest(
                "the object provided is unrecognized (must be of type \(call.resource.type.kind)): couldn't get "
                    + "version/kind; json parse error: unexpected end of JSON input (<empty>)"
            )
        case .broken(let mistake, let type):
            guard readable.contains(type) else { throw Refusal.unsupportedMedia(readable) }
            throw Refusal.badRequest(mistake.refusal(call.resource.type.kind))
        case .unread: throw Refusal.unsupportedMedia(readable)
        }
    }

    /// Brings an object that was created or replaced into form.
    func decodeBody(_ call: Call) throws(KubernetesStatus) -> DecodedObject {
        let json = try json(call)
        try checkType(json, call.resource)
        let validation = try FieldValidation(call.target)
        let type = call.resource.type
        let (object, unknown): (ResourceObject, [String])
        do {
            (object, unknown) = try decode(json, call.resource)
        } catch {
            throw Refusal.badRequest(
                "\(type.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): \(error.message)"
            )
        }
        let warnings =
            call.body.duplicates.map { "duplicate field \"\($0)\"" }
            + unknown.map { "unknown field \"\($0)\"" }
        if validation == .strict, !warnings.isEmpty {
            throw Refusal.badRequest(
                "\(type.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): strict decoding "
                    + "error: \(warnings.joined(separator: ", "))"
            )
        }
        return DecodedObject(object: object, warnings: validation == .warn ? warnings : [])
    }

    private func checkType(_ json: JSONValue, _ resource: ServedResource) throws(KubernetesStatus) {
        let type = resource.type
        let kind = json["kind"]?.stringValue ?? ""
        let version = json["apiVersion"]?.stringValue ?? ""
        if !version.isEmpty, version != type.apiVersion {
            throw Refusal.badRequest(
                "the API version in the data (\(version)) does not match the expected API version "
                    + "(\(type.apiVersion))"
            )
        }
        if resource.isCustom {
            if kind == type.kind { return }
            var errors = FieldErrors()
            errors.invalid(FieldPath("kind"), .string(kind), "must be \(type.kind)")
            throw errors.status(
                kind: kind,
                group: type.group,
                name: json["metadata"]?["name"]?.stringValue ?? ""
            )
        }
        if kind.isEmpty || kind == type.kind { return }
        throw Refusal.badRequest(
            "\(type.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): converting "
                + "(v1.\(kind)) to (\(type.group.isEmpty ? "core" : type.group).\(type.kind)): unknown conversion"
        )
    }

    /// Brings JSON into the form of a resource; of events of the new group into that of the store.
    ///
    /// - Returns: The object, and the paths of fields that its schema does not know.
    func decode(
        _ json: JSONValue,
        _ resource: ServedResource
    ) throws(DecodingMistake) -> (ResourceObject, [String]) {
        switch resource.shape {
        case .builtIn(let place):
            var decoder = SchemaDecoder()
            var object = ResourceObject(try decoder.object(json, as: place))
            if resource.isNewEvents { object.content = EventRules.asCore(object.content) }
            return (object, decoder.unknownFields)
        case .custom(let shape): return try decode(json, shape)
        }
    }

    private func decode(
        _ json: JSONValue,
        _ shape: CustomShape
    ) throws(DecodingMistake) -> (ResourceObject, [String]) {
        guard var object = json.objectValue else {
            throw DecodingMistake(
                message: "json: cannot unmarshal into Go value of type map[string]interface {}"
            )
        }
        var decoder = SchemaDecoder()
        guard let place = Schema.builtIn.place("ObjectMeta") else { preconditionFailure("no ObjectMeta") }
        let metadata = try decoder.object(object["metadata"] ?? [:], as: place)
        var unknown = decoder.unknownFields.map { "metadata.\($0)" }
        for member in ["kind", "apiVersion", "metadata"] { object[member] = nil }
        let pruned = shape.schema.prune(.object(object), at: "", isRoot: true, &unknown)
        let content = shape.schema.fill(pruned).sorted.objectValue ?? [:]
        return (ResourceObject(metadata: ObjectMetadata(metadata), content: content), unknown)
    }
}
