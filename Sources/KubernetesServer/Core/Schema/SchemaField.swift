// SPDX-License-Identifier: Apache-2.0
import JSON

/// The type of a field of a built-in type.
indirect enum SchemaValue: Sendable, Equatable {
    case string, int32, int64, bool, double, bytes, time, microTime, quantity, intOrString, any
    /// The number of another type in the schema.
    case structure(Int)
    case list(SchemaValue)
    case map(SchemaValue)
}

/// A field of a built-in type.
struct SchemaField: Sendable {
    /// How a strategic merge patch treats a list.
    enum Merge: Sendable, Equatable {
        /// The patch's list replaces the present one.
        case replace
        /// Items with the same key are merged.
        case byKey(String)
        /// The list is a set of scalars.
        case set
    }

    let name: String
    let value: SchemaValue
    /// True when a zero value that a client gives is kept.
    let keepsZero: Bool
    /// True when the field is written even when it is missing.
    let isAlways: Bool
    var defaultValue: JSONValue?
    let merge: Merge
}

/// A built-in type: its fields in the order in which they are written.
struct SchemaStructure: Sendable {
    let name: String
    var fields: [SchemaField]
    /// Places of fields by name.
    let places: [String: Int]
    /// Places of fields that are written even when they are missing.
    let always: [Int]
    /// Places of fields with defaults.
    var defaulted: [Int] = []

    init(name: String, fields: [SchemaField]) {
        self.name = name
        self.fields = fields
        var places = [String: Int](minimumCapacity: fields.count)
        for (place, field) in fields.enumerated() { places[field.name] = place }
        self.places = places
        always = fields.indices.filter { fields[$0].isAlways }
        defaulted = fields.indices.filter { fields[$0].defaultValue != nil }
    }

    mutating func setDefault(_ value: JSONValue, of name: String) -> Bool {
        guard let place = places[name] else { return false }
        fields[place].defaultValue = value
        if !defaulted.contains(place) { defaulted.append(place) }
        return true
    }

    func field(_ name: String) -> SchemaField? {
        places[name].map { fields[$0] }
    }
}
