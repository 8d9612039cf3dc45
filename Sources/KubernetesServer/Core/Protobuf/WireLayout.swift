// SPDX-License-Identifier: Apache-2.0

/// How the types of a schema lie in the Kubernetes protobuf encoding.
struct WireLayout: Sendable {
    /// What a number of a message stands for.
    indirect enum Entry: Sendable {
        /// A field of the JSON object, by its place in the schema's type.
        case field(Int)
        /// A message that JSON does not have: its fields stand in the object itself.
        case wrapper(Message)
    }

    /// The numbers of one message, the lowest first.
    struct Message: Sendable {
        var entries: [(number: Int, entry: Entry)] = []

        func entry(_ number: Int) -> Entry? { entries.first { $0.number == number }?.entry }
    }

    /// By the places of the schema's types; nil for types that have no numbers.
    let messages: [Message?]
    let schema: Schema
    /// The one type whose fields are not what the schema says: unions in JSON.
    let jsonSchema: Int?

    /// The layout of the built-in types.
    static let builtIn = WireLayout(schema: .builtIn, table: FieldNumbers.table)

    init(schema: Schema, table: String) {
        self.schema = schema
        jsonSchema = schema.place("JSONSchemaProps")
        var messages = [Message?](repeating: nil, count: schema.structures.count)
        var words = table.split { $0 == " " || $0 == "\n" }[...]
        while let name = words.popFirst() {
            guard words.popFirst() == "{", let end = words.firstIndex(of: "}") else {
                preconditionFailure("expected { … } after \(name) in the table of field numbers")
            }
            defer { words = words[(end + 1)...] }
            guard let place = schema.place(String(name)) else { continue }
            var message = Message()
            for word in words[..<end] {
                let parts = word.split(separator: ":")
                let numbers = parts.last?.split(separator: ".").compactMap { Int($0) } ?? []
                guard parts.count == 2, !numbers.isEmpty else {
                    preconditionFailure("expected field:number, found \(word) in \(name)")
                }
                guard let field = schema.structures[place].places[String(parts[0])] else { continue }
                Self.add(field, numbers[...], to: &message)
            }
            messages[place] = message
        }
        self.messages = messages
    }

    private static func add(_ field: Int, _ numbers: ArraySlice<Int>, to message: inout Message) {
        guard let number = numbers.first else { return }
        let rest = numbers.dropFirst()
        let place = message.entries.firstIndex { $0.number >= number } ?? message.entries.endIndex
        let isThere = place < message.entries.endIndex && message.entries[place].number == number
        if rest.isEmpty {
            if !isThere { message.entries.insert((number, .field(field)), at: place) }
            return
        }
        var inner = Message()
        if isThere, case .wrapper(let present) = message.entries[place].entry { inner = present }
        add(field, rest, to: &inner)
        if isThere {
            message.entries[place].entry = .wrapper(inner)
        } else {
            message.entries.insert((number, .wrapper(inner)), at: place)
        }
    }

    /// The type of a kind, and whether it is a list of it; nil for kinds without numbers.
    func type(_ kind: String, _ apiVersion: String) -> (place: Int, isList: Bool)? {
        let isNewEvents = apiVersion.hasPrefix("events.k8s.io/")
        func known(_ name: String) -> Int? {
            let name = isNewEvents && name == "Event" ? "EventsV1Event" : name
            guard let place = schema.place(name), messages[place] != nil else { return nil }
            return place
        }
        if let place = known(kind) { return (place, false) }
        if kind.hasSuffix("List"), let place = known(String(kind.dropLast(4))) { return (place, true) }
        return nil
    }
}
