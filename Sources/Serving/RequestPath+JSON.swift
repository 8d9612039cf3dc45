// SPDX-License-Identifier: Apache-2.0
import DataPlane
import JSON

extension RequestPath {
    /// The way as an object: its steps with their reasons, the rules tried, the nearest miss, the outcome, and all of it
    /// as a text for people.
    var json: JSONValue {
        [
            "steps": .array(
                steps.map { ["subject": .string($0.subject), "finding": .string($0.finding)] }
            ),
            "rules": .array(rules.map(\.json)),
            "nearestMiss": nearestMiss?.json ?? .null,
            "servers": .array(
                candidates.map {
                    [
                        "address": .string($0.server), "health": .string($0.health),
                        "isUsable": .bool($0.isUsable),
                    ]
                }
            ),
            "outcome": outcome.json, "text": .string(description),
        ]
    }
}

extension RequestPath.Outcome {
    fileprivate var json: JSONValue {
        switch self {
        case .refused: ["kind": "refused"]
        case .answered(let status, let reason):
            ["kind": "answered", "status": .integer(Int64(status)), "reason": .string(reason)]
        case .redirected(let status, let location):
            ["kind": "redirected", "status": .integer(Int64(status)), "location": .string(location)]
        case .forwarded(let groups):
            ["kind": "forwarded", "serverGroups": .array(groups.map { .string($0) })]
        }
    }
}

extension RuleTrial {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "priority": .integer(Int64(priority)), "holds": .bool(holds),
            "conditions": .array(
                conditions.map { condition in
                    [
                        "subject": .string(condition.subject),
                        "expected": .array(condition.expected.map { .string($0) }),
                        "actual": .string(condition.actual), "holds": .bool(condition.holds),
                    ]
                }
            ),
        ]
    }
}
