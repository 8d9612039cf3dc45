// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// How objects of one kind become rows.
struct TablePrinter: Sendable {
    /// Makes the cells of an object, one for each column.
    typealias Cells = @Sendable (TableObject) -> [JSONValue]

    let columns: [TableColumn]
    let cells: Cells

    init(_ columns: String, _ cells: @escaping Cells) {
        self.columns = TableColumn.list(columns)
        self.cells = cells
    }

    init(columns: [TableColumn], cells: @escaping Cells) {
        self.columns = columns
        self.cells = cells
    }

    /// What kinds without columns of their own show.
    static let plain = TablePrinter(columns: [.name, .created]) {
        [.string($0.name), $0.metadata["creationTimestamp"] ?? .null]
    }

    private static let builtIn: [String: TablePrinter] = {
        var all: [String: TablePrinter] = [:]
        for table in [pods, workloads, network, others] {
            for entry in table { all[entry.kind] = entry.printer }
        }
        return all
    }()

    /// The printer of a resource.
    static func of(_ resource: ServedResource) -> TablePrinter {
        switch resource.shape {
        case .builtIn: builtIn[resource.type.kind] ?? plain
        case .custom: custom(resource.printerColumns)
        }
    }

    /// The printer of a custom resource: its name, then what its definition names.
    ///
    /// - Source: apiextensions-apiserver, pkg/registry/customresource/tableconvertor; seen upstream.
    static func custom(_ definitions: [JSONValue]) -> TablePrinter {
        let given = definitions.map { definition -> (TableColumn, JSONPath?) in
            let path = definition["jsonPath"]?.stringValue ?? ""
            let column = TableColumn(
                name: definition["name"]?.stringValue ?? "",
                type: definition["type"]?.stringValue ?? "string",
                format: definition["format"]?.stringValue ?? "",
                description: definition["description"]?.stringValue
                    ?? "Custom resource definition column (in JSONPath format): \(path)",
                priority: definition["priority"]?.intValue ?? 0
            )
            return (column, JSONPath(path))
        }
        if given.isEmpty {
            var age = TableColumn.age
            age.type = "date"
            return TablePrinter(columns: [.name, age]) { [.string($0.name), .string($0.age)] }
        }
        return TablePrinter(columns: [.name] + given.map(\.0)) { object in
            [.string(object.name)]
                + given.map { column, path in
                    let found = path?.values(in: object.json).first
                    return cell(found, column.type, now: object.now)
                }
        }
    }

    private static func cell(_ value: JSONValue?, _ type: String, now: Instant) -> JSONValue {
        guard let value, !value.isNull else { return .null }
        switch type {
        case "integer":
            return value.doubleValue.flatMap { Int64(exactly: $0.rounded(.towardZero)) }.map { .integer($0) }
                ?? .null
        case "number": return value.doubleValue == nil ? .null : value
        case "boolean": return value.boolValue == nil ? .null : value
        case "date":
            guard let text = value.stringValue else { return .null }
            return .string(Instant(rfc3339: text) == nil ? "<invalid>" : HumanAge.since(value, now: now))
        default: return .string(value.stringValue ?? value.text)
        }
    }
}

/// An object that becomes a row.
struct TableObject {
    let json: JSONValue
    let now: Instant

    var metadata: JSONValue { json["metadata"] ?? [:] }
    var name: String { metadata["name"]?.stringValue ?? "" }
    var age: String { HumanAge.since(metadata["creationTimestamp"], now: now) }

    /// The value at a path such as `spec.replicas`.
    func value(_ path: String) -> JSONValue? {
        var value: JSONValue? = json
        for name in path.split(separator: ".") { value = value?[String(name)] }
        return value.flatMap { $0.isNull ? nil : $0 }
    }

    func text(_ path: String) -> String { value(path)?.stringValue ?? "" }

    func number(_ path: String) -> Int64 { value(path)?.intValue.map(Int64.init) ?? 0 }

    func list(_ path: String) -> [JSONValue] { value(path)?.arrayValue ?? [] }

    /// The text, or `<none>`.
    static func orNone(_ text: String) -> JSONValue { .string(text.isEmpty ? "<none>" : text) }

    /// Labels as `a=1,b=2`.
    static func labels(_ value: JSONValue?) -> JSONValue {
        let pairs = (value?.objectValue ?? [:]).members.map { "\($0.key)=\($0.value.stringValue ?? "")" }
        return orNone(pairs.sorted().joined(separator: ","))
    }

    /// A label selector as kubectl writes it.
    static func selector(_ value: JSONValue?) -> JSONValue {
        var parts = (value?["matchLabels"]?.objectValue ?? [:]).members.map {
            "\($0.key)=\($0.value.stringValue ?? "")"
        }
        for item in value?["matchExpressions"]?.arrayValue ?? [] {
            let key = item["key"]?.stringValue ?? ""
            let values = (item["values"]?.arrayValue ?? []).compactMap(\.stringValue).sorted().joined(
                separator: ","
            )
            switch item["operator"]?.stringValue {
            case "In"?: parts.append("\(key) in (\(values))")
            case "NotIn"?: parts.append("\(key) notin (\(values))")
            case "Exists"?: parts.append(key)
            default: parts.append("!\(key)")
            }
        }
        return orNone(parts.sorted().joined(separator: ","))
    }

    /// Names and images of the containers of a pod template.
    func containers(_ path: String = "spec.template.spec.containers") -> [JSONValue] {
        ["name", "image"].map { key in
            .string(list(path).map { $0[key]?.stringValue ?? "" }.joined(separator: ","))
        }
    }
}
