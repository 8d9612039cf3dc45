// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// Makes tables of objects and lists.
struct TableWriter {
    let resource: ServedResource
    let printer: TablePrinter
    /// The version of `meta.k8s.io`.
    let version: String
    /// What each row holds besides its cells: `Metadata`, `Object` or `None`.
    let included: String
    let now: Instant

    /// Reads what the client wants of each object.
    ///
    /// - Throws: `KubernetesStatus` for a word that is none of the three.
    static func included(_ target: RequestTarget) throws(KubernetesStatus) -> String {
        let text = target["includeObject"] ?? ""
        if text.isEmpty { return "Metadata" }
        guard ["Metadata", "Object", "None"].contains(text) else {
            throw Refusal.badRequest(
                "Unable to convert to Table as requested: includeObject: Invalid value: \"\(text)\": must be "
                    + "'Metadata', 'Object', 'None', or empty"
            )
        }
        return text
    }

    /// The table of an object or list; a Status stays what it is.
    func table(_ value: JSONValue, withColumns: Bool = true) -> JSONValue {
        guard value["kind"] != "Status" else { return value }
        let items = value["items"]?.arrayValue
        var metadata: JSONObject = [:]
        for key in ["resourceVersion", "continue", "remainingItemCount"] {
            if let found = value["metadata"]?[key] { metadata[key] = found }
        }
        if metadata["continue"] == "" { metadata["continue"] = nil }
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": .object(metadata),
            "columnDefinitions": withColumns ? .array(printer.columns.map(\.json)) : .null,
            "rows": .array((items ?? [value]).map(row)),
        ]
    }

    private func row(_ object: JSONValue) -> JSONValue {
        let cells = printer.cells(TableObject(json: object, now: now))
        return ["cells": .array(cells), "object": included(object)]
    }

    private func included(_ object: JSONValue) -> JSONValue {
        switch included {
        case "None": return .null
        case "Object":
            if object["kind"] != nil { return object }
            let head: JSONObject = [
                "kind": .string(resource.type.kind), "apiVersion": .string(resource.type.apiVersion),
            ]
            return .object(JSONObject(distinct: head.members + (object.objectValue ?? [:]).members))
        default:
            return [
                "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": object["metadata"] ?? [:],
            ]
        }
    }
}
