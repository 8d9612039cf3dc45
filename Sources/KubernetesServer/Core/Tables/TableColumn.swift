// SPDX-License-Identifier: Apache-2.0
import JSON

/// A column of a table.
struct TableColumn: Sendable {
    let name: String
    var type = "string"
    var format = ""
    var description: String
    /// 0 for columns that are always shown, 1 for those of `-o wide`.
    var priority = 0

    var json: JSONValue {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(description), "priority": .integer(Int64(priority)),
        ]
    }

    static let name = TableColumn(name: "Name", format: "name", description: "The object's name.")
    static let age = TableColumn(name: "Age", description: "How long ago the object was made.")
    static let created = TableColumn(
        name: "Created At",
        type: "date",
        description: "When the object was made."
    )

    /// Reads `Name|description`; `+` before the name for a column of `-o wide`, `#` for whole numbers, `?` for
    /// truth values.
    static func list(_ text: String) -> [TableColumn] {
        text.split(separator: "\n").map { line in
            var words = line.drop { $0 == " " }
            let isWide = words.first == "+"
            if isWide { words = words.dropFirst() }
            let isNumber = words.first == "#"
            let isTruth = words.first == "?"
            if isNumber || isTruth { words = words.dropFirst() }
            let parts = words.split(separator: "|", maxSplits: 1)
            let name = String(parts[0])
            if name == "Name", !isWide { return .name }
            if name == "Age" { return .age }
            return TableColumn(
                name: name,
                type: isNumber ? "integer" : isTruth ? "boolean" : "string",
                format: name == "Name" ? "name" : "",
                description: parts.count > 1 ? String(parts[1]) : "",
                priority: isWide ? 1 : 0
            )
        }
    }
}
