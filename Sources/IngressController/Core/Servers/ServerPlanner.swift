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
        let weighing = weighing(group: group, wanted, there, profile)
        if !added.isEmpty, !removed.isEmpty, added.count < replaceLimit, removed.count < replaceLimit {
            let parameters: JSONObject = [
                "ServerGroupId": .string(group), "AddedServers": list(added, weighed: true),
                "RemovedServers": list(removed, weighed: false),
            ]
            var step = Step(action: "ReplaceServersInServerGroup", parameters: parameters)
            if profile.isOpenSource { step.settling = .servers }
            return Result(
                steps: [step] + weighing,
                returning: returning
            )
        }
        let additions = Batches.of(added, size: batchSize).map {
            Step(
                action: "AddServersToServerGroup",
                parameters: ["ServerGroupId": .string(group), "Servers": list($0, weighed: true)]
            )
        }
        let removals = Batches.of(removed, size: batchSize).map { batch in
            var step = Step(
                action: "RemoveServersFromServerGroup",
                parameters: ["ServerGroupId": .string(group), "Servers": list(batch, weighed: false)]
            )
            step.toleratesAbsence = true
            return step
        }
        let steps = profile.has(.largeChangeRemovesFirst) ? removals + additions : additions + removals
        return Result(steps: steps + weighing, returning: returning)
    }

    private static func list(_ servers: [Server], weighed: Bool) -> JSONValue {
        .array(servers.map { $0.json(weighed: weighed) })
    }

    /// The calls that give servers that stay their weights; upstream never compares them.
    private static func weighing(
        group: String,
        _ wanted: [Server],
        _ there: [String: CloudServer],
        _ profile: Profile
    ) -> [Step] {
        if profile.isOpenSource { return [] }
        let changed = wanted.filter { server in
            guard let present = there[server.identity], !present.isLeaving else { return false }
            return present.server.weight != server.weight
        }
        return Batches.of(changed.sorted(), size: batchSize).map { batch in
            Step(
                action: "UpdateServerGroupServersAttribute",
                parameters: ["ServerGroupId": .string(group), "Servers": list(batch, weighed: true)]
            )
        }
    }
}
