// SPDX-License-Identifier: Apache-2.0

/// A member of a mapping with the type of its value.
struct Field<Value: Sendable>: Sendable {
    let key: String
    let reader: Reader<Value>
    let summary: String
    var isRequired = false
    /// True for what nobody may write, nor read about.
    var isHidden = false

    init(_ key: String, _ reader: Reader<Value>, _ summary: String) {
        self.key = key
        self.reader = reader
        self.summary = summary
    }

    /// The same member, which must be there.
    var required: Field {
        var copy = self
        copy.isRequired = true
        return copy
    }

    /// The same member, which only the reader itself puts there.
    var hidden: Field {
        var copy = self
        copy.isHidden = true
        return copy
    }
}

/// A member of a mapping whose type only its owner knows.
struct AnyField: Sendable {
    let key: String
    let shape: ValueShape
    let summary: String
    let isRequired: Bool
    let isHidden: Bool
    let read: @Sendable (YAMLNode, Decoding) -> (any Sendable)?

    init<Value: Sendable>(_ field: Field<Value>) {
        key = field.key
        shape = field.reader.shape
        summary = field.summary
        isRequired = field.isRequired
        isHidden = field.isHidden
        read = { node, decoding in field.reader.read(node, decoding) }
    }

    var described: FieldShape {
        FieldShape(key: key, value: shape, isRequired: isRequired, summary: summary)
    }
}

/// What was read of a mapping.
struct Members {
    fileprivate var values: [String: any Sendable] = [:]
    fileprivate var marks: [String: (key: YAMLNode.Mark, value: YAMLNode.Mark)] = [:]
    /// Where the mapping begins.
    let mark: YAMLNode.Mark
    let decoding: Decoding

    init(mark: YAMLNode.Mark, decoding: Decoding) {
        self.mark = mark
        self.decoding = decoding
    }

    /// A member's value; nil when it is not there or could not be read.
    subscript<Value>(_ field: Field<Value>) -> Value? { values[field.key] as? Value }

    /// True when the key was written, whatever its value.
    func has(_ key: String) -> Bool { marks[key] != nil }

    /// Where the key stands; the mapping's beginning when it is not there.
    func mark(_ key: String) -> YAMLNode.Mark { marks[key]?.key ?? mark }

    /// Where the value stands; the mapping's beginning when it is not there.
    func valueMark(_ key: String) -> YAMLNode.Mark { marks[key]?.value ?? mark }

    /// Reports something about a member's value.
    func mistake(_ key: String, _ message: String, _ suggestion: String?) {
        decoding.mistake(valueMark(key), message, suggestion)
    }

    /// Reports a member that may not be there.
    func misplaced(_ key: String, _ message: String, _ suggestion: String?) {
        decoding.mistake(mark(key), message, suggestion)
    }

    /// The one key of several that was written; reports when it is none or more than one.
    func one(of keys: [String], in name: String) -> String? {
        let present = keys.filter(has).sorted {
            (mark($0).line, mark($0).column) < (mark($1).line, mark($1).column)
        }
        if present.count == 1 { return present[0] }
        let list = keys.joined(separator: ", ")
        if present.isEmpty {
            decoding.mistake(mark, "\(name) needs one of \(list)", "add `\(keys[0]): …`")
        } else {
            misplaced(
                present[1],
                "\(name) takes one of \(list), found \(present.joined(separator: " and "))",
                "keep one of them"
            )
        }
        return nil
    }
}

/// A mapping with known members: the members are data, and `build` makes the value of what was read.
struct Record<Value: Sendable>: Sendable {
    let name: String
    let fields: [AnyField]
    /// Reads what may stand in place of the mapping.
    let shorthand: Reader<Value>?
    let build: @Sendable (Members) -> Value?

    init(
        _ name: String,
        fields: [AnyField],
        shorthand: Reader<Value>? = nil,
        build: @escaping @Sendable (Members) -> Value?
    ) {
        self.name = name
        self.fields = fields
        self.shorthand = shorthand
        self.build = build
    }

    var shape: RecordShape {
        RecordShape(
            name: name,
            fields: fields.filter { !$0.isHidden }.map(\.described),
            shorthand: shorthand?.shape
        )
    }

    /// A reader of the whole mapping.
    var reader: Reader<Value> {
        let full = ValueShape.record(shape)
        return Reader(shorthand.map { .either([$0.shape, full]) } ?? full) { node, decoding in
            if let entries = node.entries { return decode(entries, at: node.mark, decoding) }
            if node.isNull, fields.allSatisfy({ !$0.isRequired }), shorthand == nil {
                return decode([], at: node.mark, decoding)
            }
            guard let shorthand else {
                decoding.wrongType(node, full)
                return nil
            }
            return shorthand.read(node, decoding)
        }
    }

    /// Reads members; every mistake in them is reported.
    func decode(_ entries: [YAMLNode.Entry], at mark: YAMLNode.Mark, _ decoding: Decoding) -> Value? {
        var members = Members(mark: mark, decoding: decoding)
        var isComplete = true
        var meant: [String] = []
        for entry in entries {
            let key = entry.key.keyText
            guard !fields.contains(where: { $0.key == key }) else { continue }
            if let nearest = NearMiss.nearest(to: key, in: fields.filter { !$0.isHidden }.map(\.key)) {
                meant.append(nearest)
            }
            decoding.mistake(
                entry.key.mark,
                "unknown key \"\(key)\" in \(name)",
                NearMiss.help(for: key, among: fields.filter { !$0.isHidden }.map(\.key))
            )
        }
        for field in fields {
            guard let entry = entries.first(where: { $0.key.keyText == field.key }) else {
                guard field.isRequired else { continue }
                isComplete = false
                // One mistake is told once: the key that is missing is there, mistyped.
                if meant.contains(field.key) { continue }
                decoding.mistake(
                    mark,
                    "\(name) needs \"\(field.key)\"",
                    "add `\(field.key): …` (\(field.shape.phrase))"
                )
                continue
            }
            members.marks[field.key] = (entry.key.mark, entry.value.mark)
            if let value = field.read(entry.value, decoding) {
                members.values[field.key] = value
            } else if field.isRequired {
                isComplete = false
            }
        }
        return isComplete ? build(members) : nil
    }
}
