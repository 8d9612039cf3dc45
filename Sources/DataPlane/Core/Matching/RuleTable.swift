// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

/// A listener's rules, built once for a configuration and then only read.
///
/// The lowest priority number whose conditions all hold wins. Hosts and paths are answered by indexes as sets
/// of rules; what both sets hold is then tried in order, so a decision does not grow with the number of rules
/// but by a bit for each.
///
/// - Source: documented: ascending priority, AND between conditions, OR inside.
final class RuleTable: Sendable {
    /// In the order in which they are tried.
    let rules: [CompiledRule]
    /// Rules on answers, in the order in which they are tried.
    let responseRules: [CompiledRule]
    /// Where requests go that no rule takes.
    let defaultActions: CompiledActions
    /// What could not be read in the configuration.
    let mistakes: [String]
    private let hosts: PatternIndex
    private let paths: PatternIndex

    /// Compiles a listener's rules; those that are the same in an earlier version's table are taken over.
    init(_ listener: ListenerConfiguration, ancestor: RuleTable? = nil, settings: DataPlaneSettings) {
        var known: [String: CompiledRule] = [:]
        for rule in (ancestor?.rules ?? []) + (ancestor?.responseRules ?? []) {
            known[rule.configuration.id] = rule
        }
        func compiled(_ rules: [RuleConfiguration]) -> [CompiledRule] {
            let ordered = rules.enumerated().sorted {
                ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset)
            }
            return ordered.map { _, rule in
                if let same = known[rule.id], same.configuration == rule { return same }
                return CompiledRule(rule, settings: settings)
            }
        }
        rules = compiled(listener.rules)
        responseRules = compiled(listener.responseRules)
        var mistakes = (rules + responseRules).flatMap(\.mistakes)
        defaultActions = CompiledActions([listener.defaultAction]) {
            mistakes.append("default action: \($0)")
        }
        self.mistakes = mistakes
        hosts = PatternIndex(values: rules.map(RuleTable.hostValues), subject: .host, settings: settings)
        paths = PatternIndex(values: rules.map(RuleTable.pathValues), subject: .path, settings: settings)
    }

    private static func hostValues(_ rule: CompiledRule) -> [String]? {
        guard let place = CompiledRule.hostPlace(rule.configuration),
            case .host(let values) = rule.configuration.conditions[place]
        else { return nil }
        return values
    }

    private static func pathValues(_ rule: CompiledRule) -> [String]? {
        guard let place = CompiledRule.pathPlace(rule.configuration),
            case .path(let values) = rule.configuration.conditions[place]
        else { return nil }
        return values
    }

    /// The rule that takes a request; nil when it is left to the default action.
    func rule(for facts: RequestFacts) -> CompiledRule? {
        place(for: facts).map { rules[$0] }
    }

    /// The place of the rule that takes a request; nil when it is left to the default action.
    func place(for facts: RequestFacts) -> Int? {
        let words = hosts.words
        guard words > 0 else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words * 2) { room in
            let hostSet = UnsafeMutableBufferPointer(rebasing: room[..<words])
            let pathSet = UnsafeMutableBufferPointer(rebasing: room[words...])
            hosts.find(facts.host, into: hostSet)
            paths.find(facts.path, into: pathSet)
            for word in 0..<words {
                var candidates = hostSet[word] & pathSet[word]
                while candidates != 0 {
                    let place = word * 64 + candidates.trailingZeroBitCount
                    if rules[place].remaining.allSatisfy({ $0.holds(for: facts) }) { return place }
                    candidates &= candidates - 1
                }
            }
            return nil
        }
    }

    /// The rule on answers that takes an answer; nil when none does.
    func responseRule(for response: HTTPResponse, to facts: RequestFacts) -> CompiledRule? {
        responseRules.first { rule in rule.conditions.allSatisfy { $0.holds(for: response, to: facts) } }
    }
}
