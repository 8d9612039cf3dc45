// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Plans the calls that give a server group its servers.
///
/// - Source: batch sizes and the choice of one replacing call are the open-source controller's; seen upstream.
enum ServerPlanner {
    /// How many servers go into one call.
    static let batchSize = 30
    /// From this size on adding and removing are calls of their own.
    static let replaceLimit = 40

    /// What must be called, and which servers must be added when they are gone.
    struct Result {
        var steps: [Step]
        /// Wanted servers that are on their way out: they can be added again when they are gone.
        var returning: [Server]
    }

    /// The calls for one group.
    static func plan(
        group: String,
        wanted: [Server],
        present: [CloudServer],
        profile: Profile
    ) -> Result {
        let there = Dictionary(
            present.map { ($0.server.identity, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let wantedIDs = Set(wanted.map(\.identity))
        let added = wanted.filter { there[$0.identity] == nil }.sorted()
        let removed = present.filter { !$0.isLeaving && !wantedIDs.contains($0.server.identity) }.map(
            \.server
        ).sorted()
        let returning =
            profile.has(.removingServerNotAddedAgain)
            ? [] : wanted.filter { there[$0.identity]?.isLeaving ?? false }
        if !added.isEmpty, !removed.isEmpty, added.count < replaceLimit, removed.count < replaceLimit {
            let parameters: JSONObject = [
                "ServerGroupId": .string(group), "AddedServers": list(added, weight: 100),
                "RemovedServers": list(removed, weight: nil),
            ]
            var step = Step(action: "ReplaceServersInServerGroup", parameters: parameters)
            if profile.isOpenSource { step.settling = .servers }
            return Result(
                steps: [step],
                returning: returning
            )
        }
        let additions = Batches.of(added, size: batchSize).map {
            Step(
                action: "AddServersToServerGroup",
                parameters: ["ServerGroupId": .string(group), "Servers": list($0, weight: 100)]
            )
        }
        let removals = Batches.of(removed, size: batchSize).map { batch in
            var step = Step(
                action: "RemoveServersFromServerGroup",
                parameters: ["ServerGroupId": .string(group), "Servers": list(batch, weight: nil)]
            )
            step.toleratesAbsence = true
            return step
        }
        let steps = profile.has(.largeChangeRemovesFirst) ? removals + additions : additions + removals
        return Result(steps: steps, returning: returning)
    }

    private static func list(_ servers: [Server], weight: Int?) -> JSONValue {
        .array(servers.map { $0.json(weight: weight) })
    }
}
