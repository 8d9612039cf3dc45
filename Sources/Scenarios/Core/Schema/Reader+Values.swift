// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension Reader where Value == String {
    /// A text; unquoted numbers are texts too.
    static var text: Reader {
        scalar(ScalarShape("a text")) { text throws(ValueProblem) in text }
    }

    /// A text with a look of its own.
    static func text(_ noun: String, example: String = "") -> Reader {
        scalar(ScalarShape(noun, example: example)) { text throws(ValueProblem) in text }
    }

    /// An IPv4 address.
    static var address: Reader {
        scalar(ScalarShape("an IP address", example: "198.51.100.7")) { text throws(ValueProblem) in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) else {
                throw ValueProblem("\"\(text)\" is no IP address", "write it as 198.51.100.7")
            }
            return text
        }
    }

    /// A name by which other parts of the scenario speak of this one.
    static var name: Reader {
        scalar(ScalarShape("a name", example: "first-rollout")) { text throws(ValueProblem) in
            let isValid =
                text.first?.isLetter == true
                && text.utf8.allSatisfy { byte in
                    (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == 45 || byte == 95
                        || byte == 46
                }
            guard isValid else {
                throw ValueProblem(
                    "\"\(text)\" is no name",
                    "begin with a letter and use letters, digits, '-', '_' and '.' only"
                )
            }
            return text
        }
    }

    /// One of a few words.
    static func choice(_ words: [String]) -> Reader {
        Reader(.choice(words)) { node, decoding in
            guard let scalar = node.scalar, !scalar.isNull else {
                decoding.wrongType(node, .choice(words))
                return nil
            }
            if words.contains(scalar.text) { return scalar.text }
            decoding.mistake(
                node.mark,
                "expected \(ValueShape.choice(words).phrase), found \"\(scalar.shown)\"",
                NearMiss.nearest(to: scalar.text, in: words).map { "did you mean \"\($0)\"?" }
                    ?? "write one of these words"
            )
            return nil
        }
    }
}

extension Reader where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases, by their raw values.
    static func cases() -> Reader {
        let all = Array(Value.allCases)
        return Reader<String>.choice(all.map(\.rawValue)).tryMap { word throws(ValueProblem) in
            guard let value = Value(rawValue: word) else {
                throw ValueProblem(
                    "unknown word \"\(word)\"",
                    NearMiss.help(for: word, among: all.map(\.rawValue))
                )
            }
            return value
        }
    }
}

extension Reader where Value == Int {
    /// A whole number.
    static func integer(_ range: ClosedRange<Int>) -> Reader {
        let shape = ScalarShape("a whole number", kind: .integer)
        return Reader(.scalar(shape)) { node, decoding in
            guard let scalar = node.scalar, scalar.isPlain, let value = try? scalar.json(),
                case .integer(let number) = value
            else {
                let isText = node.scalar.map { !$0.isPlain && Int($0.text) != nil } ?? false
                decoding.wrongType(node, .scalar(shape), isText ? "leave the quotes out" : nil)
                return nil
            }
            guard range.contains(Int(number)) else {
                let limits =
                    range.upperBound == .max
                    ? "at least \(range.lowerBound)" : "between \(range.lowerBound) and \(range.upperBound)"
                decoding.mistake(
                    node.mark,
                    "expected a whole number \(limits), found \(number)",
                    "write a number that is \(limits)"
                )
                return nil
            }
            return Int(number)
        }
    }
}

extension Reader where Value == UInt64 {
    /// A seed: a whole number of 64 bits.
    static var seed: Reader {
        scalar(ScalarShape("a whole number", example: "7", kind: .integer)) { text throws(ValueProblem) in
            guard let number = UInt64(text) else {
                throw ValueProblem(
                    "a seed is a whole number between 0 and \(UInt64.max), found \"\(text)\"",
                    "write a number such as 7"
                )
            }
            return number
        }
    }
}

extension Reader where Value == Bool {
    /// `true` or `false`.
    static var boolean: Reader {
        Reader(.scalar(ScalarShape("true or false", kind: .boolean))) { node, decoding in
            if let scalar = node.scalar, let value = try? scalar.json().boolValue { return value }
            decoding.wrongType(node, .scalar(ScalarShape("true or false", kind: .boolean)))
            return nil
        }
    }
}

extension Reader where Value == Duration {
    /// `10s`, `1m30s`.
    static var duration: Reader {
        scalar(ScalarShape("a duration", example: "10s"), HumanDuration.parse)
    }

    /// A duration that is not zero.
    static var positiveDuration: Reader {
        duration.tryMap { duration throws(ValueProblem) in
            guard duration > .zero else {
                throw ValueProblem("the duration must be longer than 0s", "write 1s or more, or leave it out")
            }
            return duration
        }
    }
}

extension Reader where Value == ClosedRange<Duration> {
    /// `10s` or `1s..5s`.
    static var durationRange: Reader {
        scalar(
            ScalarShape("a duration or a range", example: "1s..5s"),
            HumanDuration.parseRange
        )
    }
}

extension Reader where Value == Instant {
    /// A date and a time.
    static var instant: Reader {
        scalar(ScalarShape("a date and time", example: "2026-01-31T08:00:00Z")) {
            text throws(ValueProblem) in
            guard let instant = Instant(rfc3339: text) else {
                throw ValueProblem("\"\(text)\" is no date and time", "write it as 2026-01-31T08:00:00Z")
            }
            return instant
        }
    }
}

extension Reader where Value == Rate {
    /// `100/s`.
    static var rate: Reader {
        scalar(ScalarShape("a rate", example: "100/s")) { text throws(ValueProblem) in
            try Rate(parsing: text)
        }
    }
}

extension Reader where Value == Double {
    /// `20%`, as a number from 0 to 1.
    static var percentage: Reader {
        scalar(ScalarShape("a percentage", example: "20%"), Percentage.parse)
    }
}

extension Reader where Value == Double {
    /// `1.2`.
    static var decimal: Reader {
        scalar(ScalarShape("a number", example: "1.2", kind: .number)) { text throws(ValueProblem) in
            guard let number = Double(text), number.isFinite else {
                throw ValueProblem("\"\(text)\" is no number", "write a number such as 1.2")
            }
            return number
        }
    }
}

extension Reader where Value == RequestLine {
    /// `GET https://cafe.example.com/tea`.
    static var request: Reader {
        scalar(ScalarShape("a request", example: "GET https://cafe.example.com/tea")) {
            text throws(ValueProblem) in
            try RequestLine(parsing: text)
        }
    }
}

extension Reader where Value == StatusPattern {
    /// `200`, `2xx`, `not 5xx`, or a list.
    static var status: Reader {
        Reader<[StatusPattern]>.oneOrMany(
            of: scalar(ScalarShape("a status", example: "200, 2xx or \"not 5xx\"")) {
                text throws(ValueProblem) in
                try StatusPattern(parsing: text)
            }
        ).tryMap { patterns throws(ValueProblem) in try StatusPattern(anyOf: patterns) }
    }
}

extension Reader where Value == Glob {
    /// A text in which `*` stands for anything.
    static func glob(_ noun: String, example: String) -> Reader {
        scalar(ScalarShape(noun, example: example)) { text throws(ValueProblem) in
            guard !text.isEmpty else {
                throw ValueProblem("expected \(noun), found an empty text", "write * for anything")
            }
            return Glob(text)
        }
    }
}

extension Reader where Value == JSONValue {
    /// Any tree, as it would be sent to an API server.
    static var tree: Reader {
        Reader(.tree) { node, decoding in decoding.json(node) }
    }

    /// A tree that is a mapping.
    static var object: Reader {
        Reader(.tree) { node, decoding in
            guard node.entries != nil else {
                decoding.mistake(
                    node.mark,
                    "expected a mapping, found \(node.found)",
                    "write its members below, or in braces"
                )
                return nil
            }
            return decoding.json(node)
        }
    }

    /// A number, a text or a truth value.
    static var scalarValue: Reader {
        Reader(.scalar(ScalarShape("a number or a text"))) { node, decoding in
            guard node.scalar != nil else {
                decoding.wrongType(node, .scalar(ScalarShape("a number or a text")))
                return nil
            }
            return decoding.json(node)
        }
    }
}

extension Reader where Value == [HeaderField] {
    /// Header fields by their names.
    static var headers: Reader {
        Reader<[Named<String>]>.map(of: Reader<String>.text).map { fields in
            fields.map { HeaderField(name: $0.name, value: $0.value) }
        }
    }
}
