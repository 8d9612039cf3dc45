// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// The schemas of resources and of what they are made of.
struct OpenAPISchemas {
    /// What stands before a name in a reference.
    let reference: String
    private let schema = Schema.builtIn

    init(reference: String) {
        self.reference = reference
    }

    /// The name of a resource's schema.
    static func name(_ resource: ServedResource) -> String {
        switch resource.shape {
        case .builtIn(let place): name(Schema.builtIn.structures[place].name)
        case .custom:
            resource.type.group.split(separator: ".").reversed().joined(separator: ".")
                + ".\(resource.type.version).\(resource.type.kind)"
        }
    }

    private static func name(_ structure: String) -> String { "io.k8s.\(structure)" }

    static func groupVersionKind(_ type: ResourceType) -> JSONValue {
        ["group": .string(type.group), "kind": .string(type.kind), "version": .string(type.version)]
    }

    /// All schemas that the resources need, in the order of their names.
    func document(_ resources: [ServedResource]) -> JSONObject {
        var found: [String: JSONValue] = [:]
        var open: [Int] = [schema.place("ObjectMeta"), schema.place("ListMeta")].compactMap { $0 }
        var done: Set<Int> = []
        for resource in resources {
            let kind = resource.type.kind
            if case .builtIn(let place) = resource.shape { open.append(place) }
            if case .custom(let shape) = resource.shape {
                found[Self.name(resource)] = custom(shape.document, resource.type)
            }
            found[Self.name(resource) + "List"] = [
                "type": "object", "description": .string("A list of \(kind) objects."),
                "properties": [
                    "apiVersion": Self.apiVersion, "kind": Self.kind,
                    "items": ["type": "array", "items": link(Self.name(resource))],
                    "metadata": link(Self.name("ListMeta")),
                ],
                "required": ["items"],
            ]
        }
        while let place = open.popLast() {
            guard done.insert(place).inserted else { continue }
            let structure = schema.structures[place]
            for field in structure.fields {
                if let inner = Self.structure(in: field.value) { open.append(inner) }
            }
            found[Self.name(structure.name)] = self.structure(place)
        }
        for resource in resources {
            guard case .builtIn = resource.shape else { continue }
            found[Self.name(resource)]?["x-kubernetes-group-version-kind"] = [
                Self.groupVersionKind(resource.type)
            ]
        }
        return JSONObject(found.keys.sorted().map { ($0, found[$0] ?? .null) })
    }

    private static let apiVersion: JSONValue = [
        "type": "string", "description": "The group and version of the object's schema.",
    ]
    private static let kind: JSONValue = ["type": "string", "description": "What the object is."]

    private func link(_ name: String) -> JSONValue { ["allOf": [["$ref": .string(reference + name)]]] }

    private static func structure(in value: SchemaValue) -> Int? {
        switch value {
        case .structure(let place): place
        case .list(let inner), .map(let inner): structure(in: inner)
        default: nil
        }
    }

    private func structure(_ place: Int) -> JSONValue {
        let structure = schema.structures[place]
        var properties = JSONObject()
        for field in structure.fields {
            var value = self.value(field.value)
            if field.name == "apiVersion" { value = Self.apiVersion }
            if field.name == "kind" { value = Self.kind }
            if value["description"] == nil, let text = FieldDescriptions.text(structure.name, field.name) {
                value["description"] = .string(text)
            }
            if let given = field.defaultValue { value["default"] = given }
            switch field.merge {
            case .replace: break
            case .byKey(let key):
                value["x-kubernetes-patch-merge-key"] = .string(key)
                value["x-kubernetes-patch-strategy"] = "merge"
            case .set: value["x-kubernetes-patch-strategy"] = "merge"
            }
            properties[field.name] = value
        }
        var document: JSONObject = ["type": "object"]
        if let text = FieldDescriptions.text(structure.name, "") { document["description"] = .string(text) }
        if !properties.isEmpty { document["properties"] = .object(properties) }
        return .object(document)
    }

    private func value(_ value: SchemaValue) -> JSONValue {
        switch value {
        case .string: ["type": "string"]
        case .int32: ["type": "integer", "format": "int32"]
        case .int64: ["type": "integer", "format": "int64"]
        case .bool: ["type": "boolean"]
        case .double: ["type": "number", "format": "double"]
        case .bytes: ["type": "string", "format": "byte"]
        case .time, .microTime: ["type": "string", "format": "date-time"]
        case .quantity: ["type": "string"]
        case .intOrString: ["type": "string", "format": "int-or-string"]
        case .any: ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        case .structure(let place): link(Self.name(schema.structures[place].name))
        case .list(let inner): ["type": "array", "items": self.value(inner)]
        case .map(let inner): ["type": "object", "additionalProperties": self.value(inner)]
        }
    }

    private func custom(_ document: JSONValue, _ type: ResourceType) -> JSONValue {
        var schema = document.objectValue ?? [:]
        if schema["type"] == nil { schema["type"] = "object" }
        var properties = schema["properties"]?.objectValue ?? [:]
        properties["apiVersion"] = Self.apiVersion
        properties["kind"] = Self.kind
        properties["metadata"] = link(Self.name("ObjectMeta"))
        schema["properties"] = .object(properties)
        schema["x-kubernetes-group-version-kind"] = [Self.groupVersionKind(type)]
        return .object(schema)
    }
}
