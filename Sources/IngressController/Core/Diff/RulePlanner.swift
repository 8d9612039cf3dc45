// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Plans the calls that give a listener its rules.
///
/// Rules are paired by what they say, so an insertion leaves the others alone. New rules come before changed
/// ones and changed ones before deletions, so that no request meets a gap.
struct RulePlanner {
    /// How many rules go into one call; the API takes ten.
    static let batchSize = 9

    private let port: ListenerPort
    private let listener: String
    private let wanted: [Rule]
    private let present: [CloudRule]
    private let inTextOrder: Bool
    /// The present rule for each wanted place.
    private var pairs: [CloudRule?]

    /// Steps, and the rules that there are after them; nil when there are more rules than numbers.
    ///
    /// - Parameters:
    ///   - port: The listener.
    ///   - listener: Its id or a reference.
    ///   - wanted: The rules in order, their groups named by id.
    ///   - present: The rules that there are.
    ///   - inTextOrder: True to create them in the order of their numbers as text.
    /// - Returns: The steps and the rules after them; nil when the rules have no room.
    static func plan(
        port: ListenerPort,
        listener: String,
        wanted: [Rule],
        present: [CloudRule],
        inTextOrder: Bool = false
    ) -> (steps: [Step], rules: [CloudRule])? {
        var planner = RulePlanner(
            port: port,
            listener: listener,
            wanted: wanted,
            present: present,
            inTextOrder: inTextOrder
        )
        planner.pair()
        return planner.plan()
    }

    private init(
        port: ListenerPort,
        listener: String,
        wanted: [Rule],
        present: [CloudRule],
        inTextOrder: Bool
    ) {
        self.inTextOrder = inTextOrder
        self.port = port
        self.listener = listener
        self.wanted = wanted
        self.present = present.sorted {
            ($0.priority, $0.direction.rawValue) < ($1.priority, $1.direction.rawValue)
        }
        pairs = Array(repeating: nil, count: wanted.count)
    }

    // MARK: Pairing

    private struct Content: Hashable {
        var direction: Rule.Direction
        var conditions: [RuleCondition]
        var actions: [RuleAction]?
    }

    private mutating func pair() {
        var free = Set(present.indices)
        pair(
            &free,
            wanted: { Content(direction: $0.direction, conditions: $0.conditions, actions: $0.actions) }
        ) {
            Content(direction: $0.direction, conditions: $0.conditions, actions: $0.actions)
        }
        pair(&free, wanted: { Content(direction: $0.direction, conditions: $0.conditions, actions: nil) }) {
            Content(direction: $0.direction, conditions: $0.conditions, actions: nil)
        }
        pairNeighbours(free)
    }

    /// Pairs what has equal content, the first ones with the first ones.
    private mutating func pair(
        _ free: inout Set<Int>,
        wanted content: (Rule) -> Content,
        present other: (CloudRule) -> Content
    ) {
        var places: [Content: [Int]] = [:]
        for index in free.sorted(by: >) { places[other(present[index]), default: []].append(index) }
        for place in wanted.indices where pairs[place] == nil {
            guard let index = places[content(wanted[place])]?.popLast() else { continue }
            pairs[place] = present[index]
            free.remove(index)
        }
    }

    /// An edited rule is the one that stands between the same neighbours: it is changed in place.
    private mutating func pairNeighbours(_ free: Set<Int>) {
        var rest = free.sorted().map { present[$0] }
        guard !rest.isEmpty else { return }
        var following = [Int](repeating: Int.max, count: wanted.count)
        var next = Int.max
        for place in wanted.indices.reversed() {
            following[place] = next
            if let pair = pairs[place] { next = pair.priority }
        }
        var before = 0
        for place in wanted.indices {
            if let pair = pairs[place] {
                before = pair.priority
            } else if let index = rest.firstIndex(where: {
                $0.direction == wanted[place].direction && before < $0.priority
                    && $0.priority < following[place]
            }) {
                before = rest[index].priority
                pairs[place] = rest.remove(at: index)
            }
        }
    }

    // MARK: Steps

    private struct Change {
        var rule: Rule
        var present: CloudRule?
        var priority: Int
    }

    private func plan() -> (steps: [Step], rules: [CloudRule])? {
        let kept = Set(pairs.compactMap { $0?.id })
        let surplus = present.filter { !kept.contains($0.id) }
        guard
            let numbers = RulePriorities.assign(
                present: pairs.map { $0?.priority },
                taken: Set(surplus.map(\.priority))
            )
        else { return nil }
        let changes = wanted.indices.map {
            Change(rule: wanted[$0], present: pairs[$0], priority: numbers[$0])
        }
        let steps = creations(changes) + updates(changes) + deletions(surplus)
        return (steps, changes.map(result))
    }

    private func name(_ priority: Int) -> String { "rule-\(port.port)-\(priority)" }

    private func result(_ change: Change) -> CloudRule {
        CloudRule(
            id: change.present?.id
                ?? Reference.rule(port, change.rule.direction, change.priority).text,
            name: name(change.priority),
            priority: change.priority,
            direction: change.rule.direction,
            conditions: change.rule.conditions,
            actions: change.rule.actions
        )
    }

    private func creations(_ changes: [Change]) -> [Step] {
        var new = changes.filter { $0.present == nil }
        if inTextOrder { new.sort { String($0.priority) < String($1.priority) } }
        return batches(new).map { batch in
            let rules = batch.map { change -> JSONValue in
                [
                    "RuleName": .string(name(change.priority)), "Priority": .integer(Int64(change.priority)),
                    "Direction": .string(change.rule.direction.rawValue),
                    "RuleConditions": conditions(change.rule),
                    "RuleActions": RuleActionWire.write(change.rule.actions),
                ]
            }
            var step = step("CreateRules", ["ListenerId": .string(listener), "Rules": .array(rules)], batch)
            step.binding = .rules(port, .request)
            return step
        }
    }

    private func updates(_ changes: [Change]) -> [Step] {
        let changed = changes.filter { change in !difference(change).isEmpty }
        // What moves away from 1 goes last first, what moves towards it first first: nobody is overtaken.
        let rising = changed.filter { $0.priority > ($0.present?.priority ?? 0) }.reversed()
        let falling = changed.filter { $0.priority <= ($0.present?.priority ?? 0) }
        return batches(Array(rising) + falling).map { batch in
            step("UpdateRulesAttribute", ["Rules": .array(batch.map { .object(difference($0)) })], batch)
        }
    }

    /// The members that must change, with the rule's id; empty when there are none.
    private func difference(_ change: Change) -> JSONObject {
        guard let present = change.present else { return [:] }
        var members: JSONObject = [:]
        if present.priority != change.priority { members["Priority"] = .integer(Int64(change.priority)) }
        if present.name != name(change.priority) { members["RuleName"] = .string(name(change.priority)) }
        if present.conditions != change.rule.conditions {
            members["RuleConditions"] = conditions(change.rule)
        }
        if present.actions != change.rule.actions {
            members["RuleActions"] = RuleActionWire.write(change.rule.actions)
        }
        if members.isEmpty { return [:] }
        return JSONObject([("RuleId", .string(present.id))] + members.members.map { ($0.key, $0.value) })
    }

    private func deletions(_ surplus: [CloudRule]) -> [Step] {
        batches(surplus.map(\.id)).map { ids in
            var step = Step(action: "DeleteRules", parameters: ["RuleIds": .array(ids.map { .string($0) })])
            step.toleratesAbsence = true
            return step
        }
    }

    private func step(_ action: String, _ parameters: JSONObject, _ batch: [Change]) -> Step {
        let owners = batch.map(\.rule.owner)
        var step = Step(action: action, parameters: parameters)
        step.owners = Step.unique(owners)
        step.batch = ("Rules", owners)
        return step
    }

    private func conditions(_ rule: Rule) -> JSONValue {
        .array(rule.conditions.map(RuleConditionWire.write))
    }

    private func batches<Item>(_ items: [Item]) -> [[Item]] { Batches.of(items, size: Self.batchSize) }
}

/// Cuts lists into pieces.
enum Batches {
    static func of<Item>(_ items: [Item], size: Int) -> [[Item]] {
        stride(from: 0, to: items.count, by: size).map { Array(items[$0..<min($0 + size, items.count)]) }
    }
}
