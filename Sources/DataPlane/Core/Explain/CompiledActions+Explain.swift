// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

extension HeaderEdit {
    /// What it does to a field, in words.
    var words: String {
        switch self {
        case .set(let field): "sets \(field.name.rawName) to \(field.value)"
        case .copy(let name, let source): "sets \(name.rawName) to what \(source.rawName) says"
        case .setSystem(let name, let value): "sets \(name.rawName) to \(value.rawValue)"
        case .remove(let name): "removes \(name.rawName)"
        case .unlessPresent(let name, let edit): "\(edit.words), unless \(name.rawName) is there"
        }
    }
}

extension TrafficLimit {
    /// How much passes, in words.
    var words: String {
        let parts = [total.map { "\($0) a second" }, each.map { "\($0) a second for each client" }]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}

extension CompiledRule {
    /// What an answer must be for a rule on answers to take it, in words; nil when the request rules it out already.
    func demands(onAnswerTo facts: RequestFacts) -> String? {
        var demands: [String] = []
        for (written, read) in zip(configuration.conditions, conditions) {
            switch read {
            case .responseHeader, .responseStatus: demands.append(written.demand)
            default: if !read.holds(for: facts) { return nil }
            }
        }
        return "\(label) takes "
            + (demands.isEmpty ? "every answer" : "answers with " + demands.joined(separator: " and "))
    }
}
