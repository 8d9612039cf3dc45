// SPDX-License-Identifier: Apache-2.0

/// A condition of a rule, held against a request.
public struct ConditionTrial: Sendable, Hashable, CustomStringConvertible {
    /// `Host`, `Path`, `Header x-version` and the like.
    public var subject: String
    /// The condition's values, any of which would do.
    public var expected: [String]
    /// What the request has.
    public var actual: String
    /// True when the condition holds.
    public var holds: Bool

    /// One line: what was expected and what was found.
    public var description: String {
        "\(subject): expected \(expected.joined(separator: " or ")), found \(actual.isEmpty ? "nothing" : actual)"
    }
}

/// A rule, held against a request.
public struct RuleTrial: Sendable, Hashable, CustomStringConvertible {
    /// The rule's name.
    public var name: String
    /// The rule's priority.
    public var priority: Int
    /// Every condition, in the rule's order.
    public var conditions: [ConditionTrial]

    /// True when all conditions hold.
    public var holds: Bool { conditions.allSatisfy(\.holds) }

    /// The conditions that do not hold.
    public var failures: [ConditionTrial] { conditions.filter { !$0.holds } }

    /// One line: the rule, and what failed.
    public var description: String {
        let verdict = holds ? "matches" : failures.map(\.description).joined(separator: "; ")
        return "rule \(name) (\(priority)): \(verdict)"
    }

    /// How far the request is from matching: the smaller, the nearer.
    ///
    /// Few failed conditions first, then a right host before a wrong one, then the longest common beginning of
    /// the path, then the rule's order.
    func distance(index: Int) -> [Int] {
        let wrongHost = failures.contains { $0.subject == "Host" } ? 1 : 0
        let path = conditions.first { $0.subject == "Path" }
        let common = path.map { trial in
            trial.expected.map { zip($0.utf8, trial.actual.utf8).prefix { $0 == $1 }.count }.max() ?? 0
        }
        return [failures.count, wrongHost, -(common ?? 0), index]
    }
}
