// SPDX-License-Identifier: Apache-2.0
import JSON

/// Merges what a client applies into an object, and takes fields out of it.
struct ValueMerge {
    let schema: MergeSchema

    // MARK: Checking

    /// Checks that a value fits its type, as far as merging needs it.
    ///
    /// - Throws: `MergeMistake` with the first field that does not.
    func check(_ value: JSONValue, _ type: Int) throws(MergeMistake) {
        if value.isNull { return }
        switch schema.nodes[type] {
        case .scalar, .atomic, .deduced: return
        case .map(let element):
            guard let object = value.objectValue else { throw Self.expected("map", value) }
            for member in object.members {
                do throws(MergeMistake) { try check(member.value, element) } catch {
                    throw error.below(".\(member.key)")
                }
            }
        case .structure(let structure):
            guard let object = value.objectValue else { throw Self.expected("map", value) }
            for member in object.members {
                do throws(MergeMistake) {
                    guard
                        let inner = structure.places[member.key].map({ structure.nodes[$0] })
                            ?? structure.others
                    else { throw MergeMistake("field not declared in schema") }
                    try check(member.value, inner)
                } catch {
                    throw error.below(".\(member.key)")
                }
            }
        case .set, .keyed: try checkItems(value, type)
        }
    }

    private func checkItems(_ value: JSONValue, _ type: Int) throws(MergeMistake) {
        guard let items = value.arrayValue else { throw Self.expected("list", value) }
        var seen: Set<String> = []
        for (place, item) in items.enumerated() {
            let step: String
            do throws(MergeMistake) {
                step = try self.step(item, type)
            } catch {
                throw MergeMistake("element \(place): \(error.message)")
            }
            guard seen.insert(step).inserted else {
                throw MergeMistake("duplicate entries for key \(FieldStep.describe(step))")
            }
            if case .keyed(_, let element) = schema.nodes[type] {
                do throws(MergeMistake) { try check(item, element) } catch {
                    throw error.below(FieldStep.describe(step))
                }
            }
        }
    }

    private static func expected(_ what: String, _ value: JSONValue) -> MergeMistake {
        MergeMistake("expected \(what), got &{\(GoText.describe(value))}")
    }

    private func step(_ item: JSONValue, _ type: Int) throws(MergeMistake) -> String {
        if case .keyed(let keys, _) = schema.nodes[type] { return try FieldStep.item(item, keys: keys) }
        return "v:\(item.text)"
    }

    /// The type of a member, and how sets write the member.
    private func member(_ name: String, _ type: Int) -> (label: String, type: Int, isKnown: Bool) {
        switch schema.nodes[type] {
        case .map(let element): return ("f:\(name)", element, false)
        case .structure(let structure):
            if let place = structure.places[name] {
                return (structure.labels[place], structure.nodes[place], true)
            }
            return ("f:\(name)", structure.others ?? MergeSchema.deducedPlace, false)
        default: return ("f:\(name)", MergeSchema.deducedPlace, false)
        }
    }

    /// True when a value's members or items have owners of their own.
    private func hasParts(_ value: JSONValue, _ type: Int) -> Bool {
        switch schema.nodes[type] {
        case .scalar, .atomic: false
        case .deduced, .map, .structure: value.objectValue != nil
        case .set, .keyed: value.arrayValue != nil
        }
    }

    // MARK: The fields of a value

    /// All fields of a value: what its owner owns who applies it.
    func fields(_ value: JSONValue, _ type: Int) throws(MergeMistake) -> FieldSet {
        FieldSet(try node(value, type) ?? [:])
    }

    private func node(_ value: JSONValue, _ type: Int) throws(MergeMistake) -> JSONObject? {
        if case .atomic = schema.nodes[type] { return [:] }
        if case .scalar = schema.nodes[type] { return [:] }
        var steps: [JSONObject.Member] = []
        switch value {
        case .object(let object):
            for member in object.members {
                let (label, inner, isKnown) = self.member(member.key, type)
                let below = try node(member.value, inner)
                let isEmpty = member.value.isNull || member.value.objectValue?.isEmpty ?? false
                if isEmpty || !isKnown, let below, !below.isEmpty {
                    steps.append(.init(key: label, value: .object(Self.asMember(below))))
                } else if isEmpty || !isKnown {
                    steps.append(.init(key: label, value: .object([:])))
                } else if let below {
                    steps.append(.init(key: label, value: .object(below)))
                }
            }
        case .array(let items):
            guard hasParts(value, type) else { return [:] }
            for item in items {
                let step = try self.step(item, type)
                var below: JSONObject = [:]
                if case .keyed(_, let element) = schema.nodes[type], let inner = try node(item, element) {
                    below = inner.isEmpty ? [:] : Self.asMember(inner)
                }
                steps.append(.init(key: step, value: .object(below)))
            }
        default: return hasParts(value, type) || value.isNull ? nil : [:]
        }
        return FieldSet.node(isMember: false, steps)
    }

    private static func asMember(_ node: JSONObject) -> JSONObject {
        FieldSet.node(isMember: true, node.members.filter { $0.key != FieldSet.own }) ?? [:]
    }

    // MARK: Merging

    /// The object with what is applied put into it.
    func merge(_ live: JSONValue?, _ applied: JSONValue?, _ type: Int) throws(MergeMistake) -> JSONValue? {
        guard let applied else { return live }
        guard let live else { return applied }
        guard hasParts(applied, type) || applied.isNull, hasParts(live, type) else {
            return applied.isNull && hasParts(live, type) ? live : applied
        }
        switch (live, applied) {
        case (.object(let before), .object(let changes)):
            if before.isEmpty, changes.isEmpty { return applied }
            var result = before
            for change in changes.members {
                let inner = member(change.key, type).type
                result[change.key] = try merge(before[change.key], change.value, inner)
            }
            return .object(result)
        case (.array(let before), .array(let items)):
            return .array(try mergeItems(before, items, type))
        default: return live
        }
    }

    /// Merges lists: items keep the applied order among themselves, and the live order where that allows it.
    private func mergeItems(
        _ live: [JSONValue],
        _ applied: [JSONValue],
        _ type: Int
    ) throws(MergeMistake) -> [JSONValue] {
        var (before, after): ([String], [String]) = ([], [])
        for item in live { before.append(try step(item, type)) }
        for item in applied { after.append(try step(item, type)) }
        var element = MergeSchema.scalarPlace
        if case .keyed(_, let inner) = schema.nodes[type] { element = inner }
        let wanted = Set(after)
        let known = Set(before)
        var shared = after.filter { known.contains($0) }[...]
        var next = shared.popFirst()
        var merged: Set<String> = []
        var result: [JSONValue] = []
        func both(_ key: String, _ here: Int) throws(MergeMistake) -> JSONValue? {
            try merge(before.firstIndex(of: key).map { live[$0] }, applied[here], element)
        }
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if left < before.count, right < after.count {
                let key = before[left]
                if key == after[right] {
                    merged.insert(key)
                    if let item = try both(key, right) { result.append(item) }
                    left += 1
                    right += 1
                    next = shared.popFirst()
                    continue
                }
                if wanted.contains(key), let next, next != key {
                    left += 1
                    continue
                }
            }
            if left < before.count {
                let key = before[left]
                if !wanted.contains(key) {
                    result.append(live[left])
                    left += 1
                    continue
                }
                if merged.contains(key) { left += 1 }
            }
            if right < after.count {
                let key = after[right]
                merged.insert(key)
                if let item = try both(key, right) { result.append(item) }
                right += 1
                if next == key { next = shared.popFirst() }
            }
        }
        return result
    }

    // MARK: Removing

    /// The value without fields; nil when nothing is left.
    func removing(_ fields: JSONObject, from value: JSONValue, _ type: Int) throws(MergeMistake) -> JSONValue?
    {
        guard hasParts(value, type) else { return value }
        switch value {
        case .object(let object):
            if object.isEmpty { return value }
            var kept: [JSONObject.Member] = []
            for child in object.members {
                let (label, inner, _) = member(child.key, type)
                guard let found = fields[label]?.objectValue else {
                    kept.append(child)
                    continue
                }
                if FieldSet.isMember(found) { continue }
                if let rest = try removing(found, from: child.value, inner) {
                    kept.append(.init(key: child.key, value: rest))
                }
            }
            if kept.isEmpty { return nil }
            return .object(JSONObject(distinct: kept))
        case .array(let items):
            if items.isEmpty { return value }
            var kept: [JSONValue] = []
            for item in items {
                guard let found = fields[try step(item, type)]?.objectValue else {
                    kept.append(item)
                    continue
                }
                if FieldSet.isMember(found) { continue }
                guard case .keyed(_, let element) = schema.nodes[type] else { continue }
                if let rest = try removing(found, from: item, element) { kept.append(rest) }
            }
            if kept.isEmpty { return nil }
            return .array(kept)
        default: return value
        }
    }
}
