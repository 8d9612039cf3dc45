// SPDX-License-Identifier: Apache-2.0
import JSON

/// Kubernetes' own patch: lists of objects merge by the keys that the schema names, and directives say the rest.
///
/// - Source: the strategicpatch package of the Kubernetes API machinery (seen upstream, and in a real server's
///   answers).
struct StrategicMergePatch {
    /// Why a patch does not apply.
    struct Mistake: Error, Equatable {
        let message: String
    }

    private static let directive = "$patch"
    private static let retainKeys = "$retainKeys"
    private static let elementOrder = "$setElementOrder/"
    private static let deleteFromList = "$deleteFromPrimitiveList/"

    private let schema: Schema

    init(schema: Schema = .builtIn) {
        self.schema = schema
    }

    /// The patched object.
    ///
    /// - Throws: `Mistake` of the first directive or item that does not fit.
    func apply(_ patch: JSONObject, to target: JSONObject, as place: Int) throws(Mistake) -> JSONObject {
        try merge(patch, target, schema.structures[place])
    }

    private func merge(
        _ patch: JSONObject,
        _ target: JSONObject,
        _ structure: SchemaStructure?
    ) throws(Mistake) -> JSONObject {
        if let word = patch[Self.directive] {
            return try Self.obey(word, patch)
        }
        var result = try Self.retain(patch, target)
        for change in patch.members {
            if change.key == Self.retainKeys || change.key.hasPrefix(Self.elementOrder) { continue }
            if change.key.hasPrefix(Self.deleteFromList) {
                let name = String(change.key.dropFirst(Self.deleteFromList.count))
                let gone = change.value.arrayValue ?? []
                if let list = result[name]?.arrayValue {
                    result[name] = .array(list.filter { !gone.contains($0) })
                }
                continue
            }
            if change.value.isNull {
                result[change.key] = nil
                continue
            }
            let order = patch[Self.elementOrder + change.key]?.arrayValue
            result[change.key] = try value(
                change.value,
                result[change.key],
                structure?.field(change.key),
                order
            )
        }
        for change in patch.members where change.key.hasPrefix(Self.elementOrder) {
            let name = String(change.key.dropFirst(Self.elementOrder.count))
            guard patch[name] == nil, let list = result[name]?.arrayValue, let order = change.value.arrayValue
            else { continue }
            result[name] = .array(Self.sort(list, order, Self.key(structure?.field(name)), present: list))
        }
        return result
    }

    private static func obey(_ word: JSONValue, _ patch: JSONObject) throws(Mistake) -> JSONObject {
        switch word.stringValue {
        case "replace":
            var rest = patch
            rest[directive] = nil
            return rest
        case "delete": return [:]
        default:
            let name = word.stringValue ?? word.text
            throw Mistake(message: "unknown patch type: \(name) in map: \(GoText.describe(.object(patch)))")
        }
    }

    private static func retain(_ patch: JSONObject, _ target: JSONObject) throws(Mistake) -> JSONObject {
        guard let list = patch[retainKeys] else { return target }
        guard let keys = list.arrayValue?.compactMap(\.stringValue) else {
            throw Mistake(message: "invalid patch format of retainKeys")
        }
        var result = target
        result.filter { keys.contains($0.key) }
        return result
    }

    private static func key(_ field: SchemaField?) -> String? {
        if case .byKey(let key)? = field?.merge { key } else { nil }
    }

    private func structure(_ type: SchemaValue?) -> SchemaStructure? {
        switch type {
        case .structure(let place)?: schema.structures[place]
        case .list(let inner)?: structure(inner)
        case .map(let inner)?: structure(inner)
        default: nil
        }
    }

    private func value(
        _ patch: JSONValue,
        _ target: JSONValue?,
        _ field: SchemaField?,
        _ order: [JSONValue]?
    ) throws(Mistake) -> JSONValue {
        switch patch {
        case .object(let changes):
            if let word = changes[Self.directive], target == nil {
                // The real server drops what a directive says about something that is not there.
                _ = try Self.obey(word, changes)
                return .object([:])
            }
            return .object(try merge(changes, target?.objectValue ?? [:], structure(field?.value)))
        case .array(let items):
            let present = target?.arrayValue ?? []
            switch field?.merge {
            case .byKey(let key)?: return .array(try mergeList(items, present, key, field, order))
            case .set?:
                let fresh = items.filter { !present.contains($0) }
                return .array(Self.sort(present + fresh, order ?? items, nil, present: present))
            default: return patch
            }
        default: return patch
        }
    }

    private func mergeList(
        _ items: [JSONValue],
        _ present: [JSONValue],
        _ key: String,
        _ field: SchemaField?,
        _ order: [JSONValue]?
    ) throws(Mistake) -> [JSONValue] {
        var result = present
        var changes: [JSONValue] = []
        var replaces = false
        for item in items {
            guard let word = item[Self.directive] else {
                changes.append(item)
                continue
            }
            switch word.stringValue {
            case "delete":
                guard let value = item[key] else { throw Self.keyless(item, key) }
                result.removeAll { $0[key] == value }
            case "replace": replaces = true
            case "merge": throw Mistake(message: "not supported merge directive in the list")
            default:
                throw Mistake(message: "unknown patch type: \(word.stringValue ?? word.text) in the list")
            }
        }
        if replaces { return changes }
        for change in changes {
            guard let value = change[key] else { throw Self.keyless(change, key) }
            let inner = structure(field?.value)
            if let place = result.firstIndex(where: { $0[key] == value }) {
                result[place] = .object(
                    try merge(change.objectValue ?? [:], result[place].objectValue ?? [:], inner)
                )
            } else {
                result.append(.object(try merge(change.objectValue ?? [:], [:], inner)))
            }
        }
        return Self.sort(result, order ?? changes, key, present: present)
    }

    private static func keyless(_ item: JSONValue, _ key: String) -> Mistake {
        Mistake(message: "map: \(GoText.describe(item)) does not contain declared merge key: \(key)")
    }

    /// Puts a merged list in order: what the patch names in the patch's order (or in that of
    /// `$setElementOrder`), and the rest where the present list has it.
    ///
    /// An item of the rest stands before the first named item that followed it in the present list.
    private static func sort(
        _ merged: [JSONValue],
        _ order: [JSONValue],
        _ key: String?,
        present: [JSONValue]
    ) -> [JSONValue] {
        func identity(_ item: JSONValue) -> JSONValue { key.flatMap { item[$0] } ?? item }
        let wanted = order.map(identity)
        let known = present.map(identity)
        var named = wanted.compactMap { one in merged.first { identity($0) == one } }[...]
        let others = merged.filter { !wanted.contains(identity($0)) }
        var rest =
            (known.compactMap { one in others.first { identity($0) == one } }
            + others.filter { !known.contains(identity($0)) })[...]
        var result: [JSONValue] = []
        while let first = named.first, let other = rest.first {
            if let here = known.firstIndex(of: identity(first)),
                let there = known.firstIndex(of: identity(other)),
                there < here
            {
                result.append(rest.removeFirst())
            } else {
                result.append(named.removeFirst())
            }
        }
        return result + named + rest
    }
}
