// SPDX-License-Identifier: Apache-2.0
import JSON

/// A set of fields of an object, in the form in which `managedFields` writes it.
///
/// A node is a JSON object whose members are steps: `f:name`, `k:{"name":"x"}`, `v:"x"`. An empty node is in the set
/// itself; a node with steps below it is in the set when it has the member `.`. Steps are in order.
///
/// - Source: FieldsV1 of the Kubernetes API (documented), its order seen upstream.
struct FieldSet: Equatable, Sendable {
    /// The steps from the object itself.
    var root: JSONObject

    init(_ root: JSONObject = [:]) {
        self.root = root
    }

    var isEmpty: Bool { root.isEmpty }

    static let own = "."

    // MARK: Nodes

    /// True when a node is in the set itself.
    static func isMember(_ node: JSONObject) -> Bool { node.isEmpty || node[own] != nil }

    /// Makes a node of its steps; nil when nothing is in it.
    static func node(isMember: Bool, _ steps: [JSONObject.Member]) -> JSONObject? {
        if steps.isEmpty { return isMember ? [:] : nil }
        let ordered = FieldStep.sorted(steps)
        guard isMember else { return JSONObject(distinct: ordered) }
        return JSONObject(distinct: [.init(key: own, value: .object([:]))] + ordered)
    }

    private static func steps(_ node: JSONObject) -> some Sequence<JSONObject.Member> {
        node.members.lazy.filter { $0.key != own }
    }

    private static func below(_ node: JSONObject?, _ step: String) -> JSONObject? {
        node?[step]?.objectValue
    }

    // MARK: Operations

    func union(_ other: FieldSet) -> FieldSet {
        if root.isEmpty { return other }
        if other.root.isEmpty { return self }
        return FieldSet(Self.union(root, other.root, isRoot: true) ?? [:])
    }

    private static func union(_ left: JSONObject, _ right: JSONObject, isRoot: Bool = false) -> JSONObject? {
        var steps: [JSONObject.Member] = []
        steps.reserveCapacity(left.count + right.count)
        for step in self.steps(left) {
            guard let here = step.value.objectValue, let there = below(right, step.key) else {
                steps.append(step)
                continue
            }
            if let both = union(here, there) { steps.append(.init(key: step.key, value: .object(both))) }
        }
        for step in self.steps(right) where left[step.key] == nil { steps.append(step) }
        return node(isMember: !isRoot && (isMember(left) || isMember(right)), steps)
    }

    func subtracting(_ other: FieldSet) -> FieldSet {
        if other.root.isEmpty || root.isEmpty { return self }
        return FieldSet(Self.subtract(root, other.root, isRoot: true) ?? [:])
    }

    private static func subtract(
        _ left: JSONObject,
        _ right: JSONObject,
        isRoot: Bool = false
    ) -> JSONObject? {
        var kept: [JSONObject.Member] = []
        for step in steps(left) {
            guard let here = step.value.objectValue, let there = below(right, step.key) else {
                kept.append(step)
                continue
            }
            if let rest = subtract(here, there) { kept.append(.init(key: step.key, value: .object(rest))) }
        }
        return node(isMember: !isRoot && isMember(left) && !isMember(right), kept)
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        if root.isEmpty || other.root.isEmpty { return FieldSet() }
        return FieldSet(Self.intersect(root, other.root, isRoot: true) ?? [:])
    }

    private static func intersect(
        _ left: JSONObject,
        _ right: JSONObject,
        isRoot: Bool = false
    ) -> JSONObject? {
        var kept: [JSONObject.Member] = []
        for step in steps(left) {
            guard let here = step.value.objectValue, let there = below(right, step.key),
                let both = intersect(here, there)
            else { continue }
            kept.append(.init(key: step.key, value: .object(both)))
        }
        return node(isMember: !isRoot && isMember(left) && isMember(right), kept)
    }

    /// True when all fields of another set are in this one, and what lies on the way to them is in order: to take
    /// them away and to put them back would change nothing.
    func covers(_ other: FieldSet) -> Bool { Self.covers(root, other.root) }

    private static func covers(_ node: JSONObject, _ other: JSONObject) -> Bool {
        guard isInOrder(node) else { return false }
        return steps(other).allSatisfy { step in
            guard let there = step.value.objectValue, let here = below(node, step.key) else { return false }
            return (isMember(here) || !isMember(there)) && covers(here, there)
        }
    }

    /// True when no field of another set is in this one, and what lies on the way is in order: to take them away would
    /// change nothing.
    func isApart(from other: FieldSet) -> Bool { Self.isApart(root, other.root) }

    private static func isApart(_ node: JSONObject, _ other: JSONObject) -> Bool {
        guard isInOrder(node) else { return false }
        return steps(other).allSatisfy { step in
            guard let there = step.value.objectValue, let here = below(node, step.key) else { return true }
            return !(isMember(here) && isMember(there)) && isApart(here, there)
        }
    }

    /// True when a node is written as `node` writes it.
    private static func isInOrder(_ node: JSONObject) -> Bool {
        for place in node.members.indices {
            if node.members[place].key == own {
                if place != 0 || node.count == 1 { return false }
            } else if place > 0, node.members[place - 1].key != own,
                FieldStep.precedes(node.members[place].key, node.members[place - 1].key)
            {
                return false
            }
        }
        return true
    }

    /// The set without a field and all that is below it.
    func without(_ path: [String]) -> FieldSet {
        FieldSet(Self.without(path[...], root) ?? [:])
    }

    private static func without(_ path: ArraySlice<String>, _ node: JSONObject) -> JSONObject? {
        guard let step = path.first else { return nil }
        guard let inner = below(node, step) else { return node }
        var result = node
        if path.count > 1, let rest = without(path.dropFirst(), inner) {
            result[step] = .object(rest)
        } else {
            result[step] = nil
        }
        return result.isEmpty ? nil : result
    }

    /// The set with the members that lie on the way to its fields: named ones, not items of lists.
    func withNamedParents() -> FieldSet {
        FieldSet(Self.withParents(root, isMember: false) ?? [:])
    }

    private static func withParents(_ node: JSONObject, isMember: Bool) -> JSONObject? {
        var steps: [JSONObject.Member] = []
        for step in self.steps(node) {
            guard let inner = step.value.objectValue else { continue }
            let isNamed = step.key.hasPrefix("f:")
            let below = withParents(inner, isMember: isNamed || Self.isMember(inner))
            if let below { steps.append(.init(key: step.key, value: .object(below))) }
        }
        return self.node(isMember: isMember, steps)
    }

    /// The fields in order, as messages write them.
    var paths: [String] {
        var found: [String] = []
        Self.collect(root, "", &found)
        return found
    }

    private static func collect(_ node: JSONObject, _ path: String, _ found: inout [String]) {
        // Fields of a node come before what is below any of them.
        for step in steps(node) {
            guard let inner = step.value.objectValue, isMember(inner) else { continue }
            found.append(path + FieldStep.describe(step.key))
        }
        for step in steps(node) {
            guard let inner = step.value.objectValue, !inner.isEmpty else { continue }
            collect(inner, path + FieldStep.describe(step.key), &found)
        }
    }
}
