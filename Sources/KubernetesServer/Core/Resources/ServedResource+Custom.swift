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
            shape: .custom(
                CustomShape(
                    schema: schema,
                    hasStatus: hasStatus,
                    scale: scale,
                    document: version["schema"]?["openAPIV3Schema"] ?? [:],
                    printerColumns: version["additionalPrinterColumns"]?.arrayValue ?? []
                )
            ),
            rules: rules(schema, type, hasStatus: hasStatus),
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

    /// Asks the rules of a schema, unless the object is so wrong that they would make no sense.
    private static func ask(
        _ schema: StructuralSchema,
        _ type: ResourceType,
        _ object: ResourceObject,
        old: ResourceObject?,
        _ errors: inout FieldErrors
    ) {
        guard schema.hasRules else { return }
        let blocking = ["NotSupported", "Required", "TooLong", "TooMany", "TypeInvalid"]
        if errors.causes.contains(where: { blocking.contains(String($0.reason.dropFirst(10))) }) {
            return errors.invalid(
                .root("<nil>"),
                .null,
                "some validation rules were not checked because the object was invalid; correct the existing "
                    + "errors to complete validation"
            )
        }
        func whole(_ object: ResourceObject) -> JSONValue {
            var content = object.content
            content["apiVersion"] = .string(type.apiVersion)
            content["kind"] = .string(type.kind)
            content["metadata"] = [
                "name": .string(object.metadata.name), "generateName": .string(object.metadata.generateName),
            ]
            return .object(content)
        }
        schema.checkRules(whole(object), old: old.map(whole), nil, &errors)
    }

    private static func checkContent(
        _ schema: StructuralSchema,
        _ object: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        schema.check(.object(object.content), nil, &errors)
        schema.checkListTypes(.object(object.content), nil, &errors)
    }

    private static func rules(
        _ schema: StructuralSchema,
        _ type: ResourceType,
        hasStatus: Bool
    ) -> KindRules {
        KindRules(
            hasStatus: hasStatus,
            statusMetadata: .fixed,
            generation: .custom(hasStatus: hasStatus),
            allowsUnconditionalUpdate: false,
            prepareForCreate: { object in
                object.metadata.generation = 1
                if hasStatus { object.content["status"] = nil }
            },
            check: { object, errors in checkContent(schema, object, &errors) },
            checkCreate: { object, errors in ask(schema, type, object, old: nil, &errors) },
            checkUpdate: { new, old, errors in ask(schema, type, new, old: old, &errors) },
            checkStatusUpdate: { new, old, errors in
                checkContent(schema, new, &errors)
                ask(schema, type, new, old: old, &errors)
            }
        )
    }
}
