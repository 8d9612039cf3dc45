// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Plans rules as the open-source controller does: numbered 1, 2, 3, paired by number and direction.
///
/// Missing ones are created, then others changed, then surplus ones deleted. So an insertion rewrites all that
/// follow, and what moves further than one batch is nowhere for a moment.
///
/// - Source: the open-source controller's rule applier; seen upstream.
struct NumberedRulePlanner {
    let port: ListenerPort
    let listener: String
    let profile: Profile

    private struct Item {
        var rule: Rule
        var priority: Int
        /// What creations and deletions are sorted by.
        var text: String { "\(priority)\(rule.direction.rawValue)" }
    }

    /// Steps, and the rules after them; nil when there are more rules than numbers.
    func plan(_ wanted: [Rule], present: [CloudRule]) -> (steps: [Step], rules: [CloudRule])? {
        guard wanted.count <= RulePriorities.range.count else { return nil }
        var there: [String: CloudRule] = [:]
        for rule in present { there["\(rule.priority)\(rule.direction.rawValue)"] = rule }
        let items = wanted.enumerated().map { Item(rule: $1, priority: $0 + 1) }
        var new = items.filter { there[$0.text] == nil }
        if profile.has(.rulesCreatedInTextOrder) { new.sort { $0.text < $1.text } }
        let names = Set(items.map(\.text))
        let surplus = there.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value)
        let changed = items.filter { item in
            there[item.text].map { !difference(item, $0).isEmpty } ?? false
        }
        let creations = Batches.of(new, size: RulePlanner.batchSize).map(creation)
        let updates = Batches.of(surplus.isEmpty ? changed.reversed() : changed, size: RulePlanner.batchSize)
            .map { update($0, there) }
        let deletions = Batches.of(surplus.map(\.id), size: RulePlanner.batchSize).map { ids in
            Step(action: "DeleteRules", parameters: ["RuleIds": .array(ids.map { .string($0) })])
        }
        return (creations + updates + deletions, items.map { result($0, there[$0.text]) })
    }

    private func name(_ item: Item) -> String { "rule-\(port.port)-\(item.priority)" }

    private func creation(_ batch: [Item]) -> Step {
        let rules = batch.map { item -> JSONValue in
            [
                "RuleName": .string(name(item)), "Priority": .integer(Int64(item.priority)),
                "Direction": .string(item.rule.direction.rawValue), "RuleConditions": conditions(item.rule),
                "RuleActions": RuleActionWire.write(item.rule.actions),
            ]
        }
        var step = Step(
            action: "CreateRules",
            parameters: ["ListenerId": .string(listener), "Rules": .array(rules)]
        )
        step.binding = .rules(port, .request)
        return own(step, batch)
    }

    private func update(_ batch: [Item], _ there: [String: CloudRule]) -> Step {
        let rules = batch.compactMap { item in there[item.text].map { difference(item, $0) } }
        return own(
            Step(
                action: "UpdateRulesAttribute",
                parameters: ["Rules": .array(rules.map { .object($0) })]
            ),
            batch
        )
    }

    private func own(_ step: Step, _ batch: [Item]) -> Step {
        var step = step
        let owners = batch.map(\.rule.owner)
        step.owners = Step.unique(owners)
        step.batch = ("Rules", owners)
        return step
    }

    /// The members that must change, with the rule's id; empty when there are none.
    private func difference(_ item: Item, _ present: CloudRule) -> JSONObject {
        var members: JSONObject = [:]
        if present.name != name(item) { members["RuleName"] = .string(name(item)) }
        if present.conditions != item.rule.conditions { members["RuleConditions"] = conditions(item.rule) }
        if present.actions != item.rule.actions {
            members["RuleActions"] = RuleActionWire.write(item.rule.actions)
        }
        if members.isEmpty { return [:] }
        return JSONObject([("RuleId", .string(present.id))] + members.members.map { ($0.key, $0.value) })
    }

    private func conditions(_ rule: Rule) -> JSONValue {
        .array(rule.conditions.map(RuleConditionWire.write))
    }

    private func result(_ item: Item, _ present: CloudRule?) -> CloudRule {
        CloudRule(
            id: present?.id ?? Reference.rule(port, item.rule.direction, item.priority).text,
            name: name(item),
            priority: item.priority,
            direction: item.rule.direction,
            conditions: item.rule.conditions,
            actions: item.rule.actions
        )
    }
}
