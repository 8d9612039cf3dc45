// SPDX-License-Identifier: Apache-2.0
import JSON

/// A definition as the real server looks at it: what all its versions have alike stands once above them, so that
/// complaints of a definition with one version are about `spec.validation`.
///
/// - Source: the conversion of apiextensions.k8s.io/v1 to the internal version in Kubernetes 1.36 (seen upstream).
struct HubDefinition {
    let versions: [JSONValue]
    /// What all versions have alike; nil where they differ.
    let schema: JSONValue?
    let subresources: JSONValue?
    let columns: JSONValue?
    let fields: JSONValue?

    init(_ spec: JSONValue) {
        let versions = spec["versions"]?.arrayValue ?? []
        func shared(_ name: String) -> JSONValue? {
            guard let first = versions.first, versions.allSatisfy({ $0[name] == first[name] }) else {
                return nil
            }
            return first[name] ?? .null
        }
        self.versions = versions
        schema = shared("schema")
        subresources = shared("subresources")
        columns = shared("additionalPrinterColumns")
        fields = schema == nil ? nil : shared("selectableFields")
    }

    /// Checks the versions one by one, and all together.
    func check(_ path: FieldPath, _ errors: inout FieldErrors) {
        let place = path["versions"]
        for (index, version) in versions.enumerated()
        where version["schema"]?["openAPIV3Schema"]?.objectValue == nil {
            errors.required(place[index]["schema"]["openAPIV3Schema"], "schemas are required")
        }
        var names: [String] = []
        for (index, version) in versions.enumerated() {
            let name = version["name"]?.stringValue ?? ""
            DefinitionRules.joined(NameRules.dnsLabel1035(name), place[index]["name"], name, &errors)
            names.append(name)
            check(version, place[index], &errors)
        }
        let list = JSONValue.array(versions.map(shown))
        if Set(names).count < names.count { errors.invalid(place, list, "must contain unique version names") }
        if versions.filter({ $0["storage"] == true }).count != 1 {
            errors.invalid(
                place,
                versions.isEmpty ? nil : list,
                "must have exactly one version marked as storage version"
            )
        }
        if let first = names.first {
            DefinitionRules.joined(NameRules.dnsLabel1035(first), path["version"], first, &errors)
        }
    }

    private func check(_ version: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let place = path["deprecationWarning"]
        if let warning = version["deprecationWarning"]?.stringValue {
            if version["deprecated"] != true {
                errors.invalid(place, .string(warning), "can only be set for deprecated versions")
            } else {
                if warning.utf8.count > 256 {
                    errors.invalid(place, .string(warning), "must be <= 256 characters long")
                }
                if warning.isEmpty {
                    errors.invalid(place, .string(warning), "must not be an empty string")
                }
                checkPrintable(warning, place, &errors)
            }
        }
        let hasStatus = version["subresources"]?["status"] != nil
        if schema == nil {
            SchemaRules.check(version["schema"], path["schema"], hasStatus: hasStatus, &errors)
        }
        if subresources == nil {
            Self.checkSubresources(version["subresources"], path["subresources"], &errors)
        }
        if columns == nil {
            Self.checkColumns(version["additionalPrinterColumns"], path["additionalPrinterColumns"], &errors)
        }
        guard fields == nil, let fields = version["selectableFields"]?.arrayValue, !fields.isEmpty else {
            return
        }
        if let root = version["schema"]?["openAPIV3Schema"] {
            Self.checkFields(fields, root, path["selectableFields"], &errors)
        } else {
            errors.invalid(
                path["selectableFields"],
                "",
                "may only be set when `version.schema.openAPIV3Schema` is not included"
            )
        }
    }

    private func checkPrintable(_ text: String, _ path: FieldPath, _ errors: inout FieldErrors) {
        var place = 0
        for scalar in text.unicodeScalars {
            let category = scalar.properties.generalCategory
            let isPrintable =
                scalar == " "
                || ![.control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned]
                    .contains(category)
            if !isPrintable {
                let words =
                    "must only contain printable UTF-8 characters; non-printable character found at index"
                return errors.invalid(path, .string(text), "\(words) \(place)")
            }
            place += scalar.utf8.count
        }
    }

    /// Checks what all versions have alike.
    func checkShared(_ path: FieldPath, _ errors: inout FieldErrors) {
        if let schema {
            let hasStatus = versions.contains { $0["subresources"]?["status"] != nil }
            SchemaRules.check(schema, path["validation"], hasStatus: hasStatus, &errors)
        }
        if let subresources { Self.checkSubresources(subresources, path["subresources"], &errors) }
        if let columns { Self.checkColumns(columns, path["additionalPrinterColumns"], &errors) }
        guard let fields = fields?.arrayValue, !fields.isEmpty else { return }
        if let root = schema?["openAPIV3Schema"] {
            Self.checkFields(fields, root, path["selectableFields"], &errors)
        } else {
            errors.invalid(
                path["selectableFields"],
                "",
                "may only be set when validations.schema is included"
            )
        }
    }

    /// A version as messages show it.
    private func shown(_ version: JSONValue) -> JSONValue {
        var shown = GoView.structure(
            version,
            [
                "name", "served", "storage", "deprecated", "deprecationWarning", "schema", "subresources",
                "additionalPrinterColumns", "selectableFields",
            ]
        )
        if version["deprecated"] == nil { shown["Deprecated"] = false }
        if schema != nil { shown["Schema"] = .null }
        if subresources != nil { shown["Subresources"] = .null }
        if columns != nil { shown["AdditionalPrinterColumns"] = .null }
        if fields != nil { shown["SelectableFields"] = .null }
        return shown
    }
}
