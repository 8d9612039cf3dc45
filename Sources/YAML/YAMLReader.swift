// SPDX-License-Identifier: Apache-2.0
public import JSON
import Yams

extension JSONValue {
    /// Reads one YAML document as kubectl and the API server do: aliases and merge keys are expanded, keys are texts.
    ///
    /// The limit is how many nodes there may be once aliases are expanded: small texts can make endless ones.
    ///
    /// - Throws: `YAMLError` with the first thing that is wrong.
    public init(yaml text: String, limit: Int = 500_000) throws(YAMLError) {
        let root: Node?
        do {
            // Without rules every plain scalar stays a text, which is also much faster.
            root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).nextRoot()
        } catch {
            throw YAMLError(YAMLConverter.words(error))
        }
        var converter = YAMLConverter(remaining: limit)
        self = try root.map { node throws(YAMLError) in try converter.value(node) } ?? .null
    }
}

/// Makes JSON of nodes.
private struct YAMLConverter {
    var remaining: Int

    mutating func value(_ node: Node) throws(YAMLError) -> JSONValue {
        remaining -= 1
        if remaining < 0 { throw YAMLError("document contains excessive aliasing") }
        switch node {
        case .scalar(let scalar): return try Self.value(scalar)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            items.reserveCapacity(sequence.count)
            for item in sequence { items.append(try value(item)) }
            return .array(items)
        case .mapping(let mapping): return .object(try object(mapping))
        case .alias: throw YAMLError("unknown anchor referenced")
        }
    }

    /// Of keys the tag does not count: the reader has given plain ones a tag while it looked for twins.
    private static func value(_ scalar: Node.Scalar, isKey: Bool = false) throws(YAMLError) -> JSONValue {
        let isPlain = scalar.style == .plain || scalar.style == .any
        let tag = isKey ? "" : scalar.tag.rawValue
        if !isPlain || tag == "!" || tag.hasSuffix(":str") { return .string(scalar.string) }
        guard let value = PlainScalar.json(scalar.string) else {
            throw YAMLError("unsupported value: \(scalar.string)")
        }
        return value
    }

    private mutating func object(_ mapping: Node.Mapping) throws(YAMLError) -> JSONObject {
        var object = JSONObject()
        var merged: [Node] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                throw YAMLError("unsupported map key: a list or a mapping")
            }
            if scalar.string == "<<", scalar.style == .plain || scalar.style == .any {
                merged.append(value)
                continue
            }
            object[try Self.key(scalar)] = try self.value(value)
        }
        for node in merged {
            let sources: [Node] = if case .sequence(let list) = node { Array(list) } else { [node] }
            for source in sources {
                guard case .mapping(let extra) = source else {
                    throw YAMLError("map merge requires map or sequence of maps as the value")
                }
                for member in try self.object(extra).members where object[member.key] == nil {
                    object[member.key] = member.value
                }
            }
        }
        return object
    }

    /// A key as JSON has it: numbers and truth values become texts.
    private static func key(_ scalar: Node.Scalar) throws(YAMLError) -> String {
        switch try value(scalar, isKey: true) {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let text): text
        default: "null"
        }
    }

    /// What the reader says, in the form of the one that Kubernetes uses: the line only when it is not the first.
    static func words(_ error: any Error) -> String {
        guard let error = error as? YamlError else { return "\(error)" }
        switch error {
        case .scanner(let context, let problem, let mark, _):
            return place(context, mark, isScanner: true) + problem
        case .parser(let context, let problem, let mark, _), .composer(let context, let problem, let mark, _):
            return place(context, mark, isScanner: false) + problem
        case .duplicatedKeysInMapping(let keys, let context):
            return "line \(context.mark.line): key \"\(keys.first ?? "")\" already set in map"
        case .reader(let problem, _, _, _): return problem
        default: return "\(error)".split(separator: "\n").first.map(String.init) ?? "unknown problem"
        }
    }

    /// The line as that reader counts: from 0, and from 1 while it scans; none for the first.
    private static func place(_ context: YamlError.Context?, _ mark: Mark, isScanner: Bool) -> String {
        let line = context.map { $0.mark.line - 1 }.flatMap { $0 > 0 ? $0 : nil } ?? mark.line - 1
        return line > 0 ? "line \(isScanner ? line + 1 : line): " : ""
    }
}
