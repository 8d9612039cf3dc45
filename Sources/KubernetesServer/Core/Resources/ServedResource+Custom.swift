// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension ServedResource {
    /// The resources that a stored definition serves: one for each served version.
    static func custom(_ definition: ResourceObject) -> [ServedResource] {
        let spec = definition.content["spec"] ?? [:]
        return (spec["versions"]?.arrayValue ?? []).filter { $0["served"] == true }.map { make(spec, $0) }
    }

    private static func make(_ spec: JSONValue, _ version: JSONValue) -> ServedResource {
        let names = spec["names"]
        func texts(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }
        let type = ResourceType(
            group: spec["group"]?.stringValue ?? "",
            version: version["name"]?.stringValue ?? "",
            plural: names?["plural"]?.stringValue ?? "",
            singular: names?["singular"]?.stringValue ?? "",
            kind: names?["kind"]?.stringValue ?? "",
            isNamespaced: spec["scope"] == "Namespaced",
            shortNames: texts(names?["shortNames"]),
            categories: texts(names?["categories"])
        )
        let subresources = version["subresources"]
        let scale = subresources?["scale"].map { scale in
            ScalePaths(
                replicas: path(scale["specReplicasPath"]),
                statusReplicas: path(scale["statusReplicasPath"]),
                selector: scale["labelSelectorPath"].map(path),
                isSelectorObject: false
            )
        }
        let hasStatus = subresources?["status"] != nil
        let schema = version["schema"]?["openAPIV3Schema"].map { StructuralSchema($0) } ?? .anything
        let fields = (version["selectableFields"]?.arrayValue ?? []).map { field in
            SelectableField(
                name: path(field["jsonPath"]).joined(separator: "."),
                path: path(field["jsonPath"])
            )
        }
        return ServedResource(
            type,
            shape: .custom(CustomShape(schema: schema, hasStatus: hasStatus, scale: scale)),
            rules: rules(schema, hasStatus: hasStatus),
            subresources: (scale == nil ? [] : [.scale]) + (hasStatus ? [.status] : []),
            fields: fields,
            warning: version["deprecated"] == true
                ? version["deprecationWarning"]?.stringValue
                    ?? "\(type.apiVersion) \(type.kind) is deprecated" : nil
        )
    }

    /// `.spec.replicas` as names.
    private static func path(_ text: JSONValue?) -> [String] {
        (text?.stringValue ?? "").split(separator: ".").map(String.init)
    }

    private static func rules(_ schema: StructuralSchema, hasStatus: Bool) -> KindRules {
        KindRules(
            hasStatus: hasStatus,
            statusMetadata: .fixed,
            generation: .custom(hasStatus: hasStatus),
            allowsUnconditionalUpdate: false,
            prepareForCreate: { object in
                object.metadata.generation = 1
                if hasStatus { object.content["status"] = nil }
            },
            check: { object, errors in schema.check(.object(object.content), nil, &errors) },
            checkStatusUpdate: { new, _, errors in schema.check(.object(new.content), nil, &errors) }
        )
    }
}
