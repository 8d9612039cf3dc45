// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// A rule ready to be used: shared by all requests that it takes, never changed.
final class CompiledRule: Sendable {
    /// The rule as it was configured.
    let configuration: RuleConfiguration
    /// What traces call it: name and priority.
    let label: String
    /// All conditions, in their order.
    let conditions: [CompiledCondition]
    /// Those that the table's indexes do not answer.
    let remaining: [CompiledCondition]
    /// What is done with the requests or answers that it takes.
    let actions: CompiledActions
    /// What could not be read.
    let mistakes: [String]

    init(_ configuration: RuleConfiguration, settings: DataPlaneSettings) {
        var mistakes: [String] = []
        func note(_ mistake: String) {
            mistakes.append("rule \(configuration.name): \(mistake)")
        }
        self.configuration = configuration
        label = "\(configuration.name) (\(configuration.priority))"
        let conditions = configuration.conditions.map {
            CompiledCondition($0, settings: settings, mistake: note)
        }
        let indexed = [CompiledRule.hostPlace(configuration), CompiledRule.pathPlace(configuration)]
        self.conditions = conditions
        remaining = conditions.indices.filter { !indexed.contains($0) }.map { conditions[$0] }
        actions = CompiledActions(configuration.actions, mistake: note)
        self.mistakes = mistakes
    }

    /// Where the host condition is that the index answers: the first one.
    static func hostPlace(_ rule: RuleConfiguration) -> Int? {
        rule.conditions.firstIndex { if case .host = $0 { true } else { false } }
    }

    /// Where the path condition is that the index answers: the first one.
    static func pathPlace(_ rule: RuleConfiguration) -> Int? {
        rule.conditions.firstIndex { if case .path = $0 { true } else { false } }
    }
}
