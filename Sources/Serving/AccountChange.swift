// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
import Ports

/// What `POST /faults` changes of the account itself; `DELETE /faults` takes it back.
struct AccountChange: Sendable {
    private var quotas: [(name: String, limit: Int)] = []
    private var transitions: [(name: String, mode: TransitionMode)] = []
    private var propagation: ClosedRange<Duration>?
    private var batching: Duration?
    private var signatures: CloudAccount.SignatureMode?
    private var isInArrears: Bool?

    /// Reads `{"quotas": {"rules": 5}, "transitions": {"rule": [1, 3]}, "propagation": 2, "batching": 5,
    /// "signatures": "strict", "arrears": true}`.
    init(_ reader: FaultReader) throws(FaultMistake) {
        try reader.checkMembers([
            "quotas", "transitions", "propagation", "batching", "signatures", "arrears",
        ])
        for member in try Self.members("quotas", reader) {
            guard CloudQuotas.names.contains(where: { $0.name == member.key }),
                let limit = member.value.intValue, limit >= 0
            else { throw reader.mistake("quotas", "limits by the names of quotas") }
            quotas.append((member.key, limit))
        }
        for member in try Self.members("transitions", reader) {
            guard member.key == "all" || TransitionTimes.names.contains(member.key),
                let mode = Self.mode(member.value)
            else {
                throw reader.mistake("transitions", "seconds, [least, most] or {\"reads\": n} by kind")
            }
            transitions.append((member.key, mode))
        }
        if let value = reader.item["propagation"] {
            guard let range = FaultReader.range(value) else {
                throw reader.mistake("propagation", "seconds or [least, most]")
            }
            propagation = range
        }
        batching = try reader.seconds("batching")
        if let word = try reader.text("signatures") {
            guard let mode = CloudAccount.SignatureMode(rawValue: word) else {
                throw reader.mistake("signatures", "lenient or strict")
            }
            signatures = mode
        }
        if let value = reader.item["arrears"] {
            guard let flag = value.boolValue else { throw reader.mistake("arrears", "true or false") }
            isInArrears = flag
        }
    }

    private static func members(_ name: String, _ reader: FaultReader) throws(FaultMistake) -> JSONObject {
        guard let value = reader.item[name] else { return [:] }
        guard let members = value.objectValue else { throw reader.mistake(name, "an object") }
        return members
    }

    private static func mode(_ value: JSONValue) -> TransitionMode? {
        if let reads = value["reads"]?.intValue, reads > 0 { return .afterReads(reads) }
        return FaultReader.range(value).map {
            $0.upperBound == .zero ? .immediate : .after(.triangular($0))
        }
    }

    /// Makes the changes.
    func make(in cloud: CloudServer) {
        if !quotas.isEmpty {
            cloud.changeQuotas { figures in for quota in quotas { figures.set(quota.name, quota.limit) } }
        }
        if !transitions.isEmpty {
            cloud.changeTransitions { times in
                for transition in transitions {
                    if transition.name == "all" {
                        times = TransitionTimes(usual: transition.mode)
                    } else {
                        times.exceptions[transition.name] = transition.mode
                    }
                }
            }
        }
        if propagation != nil || batching != nil {
            cloud.setPropagation(propagation.map { .uniform($0) }, batching: batching)
        }
        if let signatures { cloud.setSignatures(signatures) }
        if let isInArrears { cloud.setArrears(isInArrears) }
    }
}
