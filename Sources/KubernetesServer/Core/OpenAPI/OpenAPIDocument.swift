// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// The OpenAPI documents, made of the schema that also reads objects.
///
/// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented); our types have short names of their own.
struct OpenAPIDocument {
    let resources: [ServedResource]

    /// The path of a group version below `/openapi/v3`.
    static func path(_ type: ResourceType) -> String {
        type.group.isEmpty ? "api/\(type.version)" : "apis/\(type.group)/\(type.version)"
    }

    /// The list of documents; each address changes with what it names.
    func index(hash: (String) -> String?) -> JSONValue {
        var paths = JSONObject()
        for path in Set(resources.map { Self.path($0.type) }).sorted() {
            guard let hash = hash(path) else { continue }
            paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
        }
        return ["paths": .object(paths)]
    }

    /// The document of a group version; nil when it is not served.
    func groupVersion(_ path: String) -> JSONValue? {
        let served = resources.filter { Self.path($0.type) == path }
        if served.isEmpty { return nil }
        let schemas = OpenAPISchemas(reference: "#/components/schemas/")
        return [
            "openapi": "3.0.0", "info": Self.info, "paths": .object(Self.paths(served, version: 3)),
            "components": ["schemas": .object(schemas.document(served))],
        ]
    }

    /// The one document of version 2.
    var swagger: JSONValue {
        let schemas = OpenAPISchemas(reference: "#/definitions/")
        return [
            "swagger": "2.0", "info": Self.info, "paths": .object(Self.paths(resources, version: 2)),
            "definitions": .object(schemas.document(resources)),
        ]
    }

    private static let info: JSONValue = ["title": "Kubernetes", "version": "v1.36.2"]

    // MARK: Paths

    private static func paths(_ resources: [ServedResource], version: Int) -> JSONObject {
        var paths = JSONObject()
        for resource in resources {
            let type = resource.type
            let base =
                "/" + path(type) + (type.isNamespaced ? "/namespaces/{namespace}" : "") + "/" + type.plural
            let verbs = resource.verbs
            var collection = JSONObject()
            if verbs.contains("list") { collection["get"] = operation("list", resource, version) }
            if verbs.contains("create") { collection["post"] = operation("post", resource, version) }
            if verbs.contains("deletecollection") {
                collection["delete"] = operation("deletecollection", resource, version)
            }
            if !collection.isEmpty { paths[base] = .object(collection) }
            var item = JSONObject()
            for (verb, method) in [
                ("get", "get"), ("update", "put"), ("patch", "patch"), ("delete", "delete"),
            ]
            where verbs.contains(verb) {
                item[method] = operation(method, resource, version)
            }
            if !item.isEmpty { paths["\(base)/{name}"] = .object(item) }
        }
        return paths
    }

    private static func operation(_ action: String, _ resource: ServedResource, _ version: Int) -> JSONValue {
        let type = resource.type
        let reference: JSONValue = [
            "$ref": .string(
                (version == 3 ? "#/components/schemas/" : "#/definitions/") + OpenAPISchemas.name(resource)
            )
        ]
        var operation: JSONObject = [
            "tags": [.string(type.group.isEmpty ? "core_\(type.version)" : "\(type.group)_\(type.version)")],
            "operationId": .string("\(action)\(type.kind)"),
        ]
        var names = ["pretty"]
        if ["post", "put", "patch"].contains(action) {
            names += ["dryRun", "fieldManager", "fieldValidation"]
        }
        if action == "patch" { names.append("force") }
        if action == "list" { names += ["labelSelector", "fieldSelector", "limit", "continue", "watch"] }
        operation["parameters"] = .array(
            names.map { name in
                var parameter: JSONObject = ["name": .string(name), "in": "query"]
                let kind: JSONValue = [
                    "type": .string(["force", "watch"].contains(name) ? "boolean" : "string")
                ]
                if version == 3 { parameter["schema"] = kind } else { parameter["type"] = kind["type"] }
                return .object(parameter)
            }
        )
        if version == 3, ["post", "put"].contains(action) {
            operation["requestBody"] = ["content": ["*/*": ["schema": reference]], "required": true]
        }
        if version == 3, action == "patch" {
            var content = JSONObject()
            let forms =
                ["application/json-patch+json", "application/merge-patch+json"]
                + (resource.isCustom ? [] : ["application/strategic-merge-patch+json"])
                + ["application/apply-patch+yaml"]
            for form in forms { content[form] = ["schema": ["type": "object"]] }
            operation["requestBody"] = ["content": .object(content), "required": true]
        }
        var answer: JSONObject = ["description": "OK"]
        if version == 3 {
            answer["content"] = ["application/json": ["schema": reference]]
        } else {
            answer["schema"] = reference
        }
        operation["responses"] = ["200": .object(answer)]
        operation["x-kubernetes-action"] = .string(action)
        operation["x-kubernetes-group-version-kind"] = OpenAPISchemas.groupVersionKind(type)
        return .object(operation)
    }
}
