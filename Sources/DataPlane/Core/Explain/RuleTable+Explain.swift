// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

extension RuleTable {
    /// Holds the rules against a request one by one, up to the one that takes it.
    func trials(for facts: RequestFacts) -> [RuleTrial] {
        var trials: [RuleTrial] = []
        for rule in rules {
            let trial = rule.trial(for: facts)
            trials.append(trial)
            if trial.holds { break }
        }
        return trials
    }
}

extension CompiledRule {
    /// Holds every condition against a request.
    func trial(for facts: RequestFacts) -> RuleTrial {
        let trials = zip(configuration.conditions, conditions).map { written, read in
            let (subject, expected) = written.words
            return ConditionTrial(
                subject: subject,
                expected: expected,
                actual: written.actual(in: facts),
                holds: read.holds(for: facts)
            )
        }
        return RuleTrial(name: configuration.name, priority: configuration.priority, conditions: trials)
    }
}

extension RuleCondition {
    /// What the condition looks at, and its values.
    fileprivate var words: (subject: String, expected: [String]) {
        switch self {
        case .host(let values): ("Host", values)
        case .path(let values): ("Path", values)
        case .header(let key, let values): ("Header \(key)", values)
        case .queryString(let pairs): ("QueryString", pairs.map { "\($0.key)=\($0.value)" })
        case .method(let values): ("Method", values)
        case .cookie(let pairs): ("Cookie", pairs.map { "\($0.key)=\($0.value)" })
        case .sourceIP(let values): ("SourceIp", values)
        case .responseHeader(let key, let values): ("ResponseHeader \(key)", values)
        case .responseStatusCode(let values): ("ResponseStatusCode", values)
        }
    }

    /// What it looks at and the values that would do, in words.
    var demand: String { "\(words.subject) \(words.expected.joined(separator: " or "))" }

    /// What a request has in that place.
    fileprivate func actual(in facts: RequestFacts) -> String {
        switch self {
        case .host: facts.host
        case .path: facts.path
        case .header(let key, _): HTTPField.Name(key).flatMap { facts.fields[$0] } ?? ""
        case .queryString: facts.query
        case .method: facts.method
        case .cookie: facts.fields[.cookie] ?? ""
        case .sourceIP: facts.source?.description ?? ""
        case .responseHeader, .responseStatusCode: ""
        }
    }
}
