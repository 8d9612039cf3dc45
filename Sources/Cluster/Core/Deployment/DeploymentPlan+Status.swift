// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

extension DeploymentPlanner {
    /// The reasons of a Deployment's conditions.
    private enum Reason {
        static let available = "MinimumReplicasAvailable"
        static let unavailable = "MinimumReplicasUnavailable"
        static let complete = "NewReplicaSetAvailable"
        static let progressing = "ReplicaSetUpdated"
        static let timedOut = "ProgressDeadlineExceeded"
    }

    /// True when every pod is of the new set and available.
    var isComplete: Bool {
        isComplete(counts) && deployment.statusCount("observedGeneration") >= deployment.generation
    }

    private func isComplete(_ counts: Counts) -> Bool {
        counts.updated == replicas && counts.total == replicas && counts.available == replicas
    }

    private struct Counts: Equatable {
        var total = 0
        var updated = 0
        var ready = 0
        var available = 0
        var unavailable = 0
        var terminating = 0
    }

    private var counts: Counts {
        var counts = Counts()
        var wanted = 0
        for set in allSets {
            counts.total += set.object.statusCount("replicas")
            counts.ready += set.object.statusCount("readyReplicas")
            counts.available += set.available
            counts.terminating += set.object.statusCount("terminatingReplicas")
            wanted += set.replicas
        }
        counts.updated = newSet?.object.statusCount("replicas") ?? 0
        counts.unavailable = max(wanted - counts.available, 0)
        return counts
    }

    // MARK: Conditions

    func condition(_ type: String) -> JSONValue? { outcome.condition(type) }

    /// Sets a condition; one with the same status and reason stays as it is.
    mutating func setCondition(_ type: String, _ status: String, _ reason: String, _ message: String) {
        let known = condition(type)
        if known?["status"]?.stringValue == status, known?["reason"]?.stringValue == reason { return }
        replaceCondition(type, status, reason, message)
    }

    private mutating func replaceCondition(
        _ type: String,
        _ status: String,
        _ reason: String,
        _ message: String
    ) {
        let known = condition(type)
        let since = known?["status"]?.stringValue == status ? known?["lastTransitionTime"] : nil
        var conditions = outcome["status", "conditions"]?.arrayValue ?? []
        conditions.removeAll { $0["type"]?.stringValue == type }
        conditions.append([
            "type": .string(type), "status": .string(status), "lastUpdateTime": .string(now.rfc3339),
            "lastTransitionTime": since ?? .string(now.rfc3339), "reason": .string(reason),
            "message": .string(message),
        ])
        outcome.json.set(["status", "conditions"], .array(conditions))
    }

    /// Says that the rollout waits, or goes on again.
    mutating func notePause() {
        guard tracksProgress, condition("Progressing")?["reason"]?.stringValue != Reason.timedOut else {
            return
        }
        let isNoted = condition("Progressing")?["reason"]?.stringValue == "DeploymentPaused"
        if isPaused, !isNoted {
            setCondition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
        } else if !isPaused, isNoted {
            setCondition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")
        }
    }

    // MARK: Status

    /// Computes the status, and puts it in the plan when it or an annotation changed.
    mutating func writeStatus(reportsProgress: Bool) {
        let counts = counts
        let isAvailable = counts.available >= replicas - bounds.unavailable
        setCondition(
            "Available",
            isAvailable ? "True" : "False",
            isAvailable ? Reason.available : Reason.unavailable,
            isAvailable
                ? "Deployment has minimum availability." : "Deployment does not have minimum availability."
        )
        if reportsProgress { reportProgress(counts) }
        var status: JSONObject = [:]
        status.setCount("observedGeneration", deployment.generation)
        status.setCount("replicas", counts.total)
        status.setCount("updatedReplicas", counts.updated)
        status.setCount("readyReplicas", counts.ready)
        status.setCount("availableReplicas", counts.available)
        status.setCount("unavailableReplicas", counts.unavailable)
        status["terminatingReplicas"] = .integer(Int64(counts.terminating))
        status["conditions"] = outcome["status", "conditions"]
        if let collisions = deployment["status", "collisionCount"] { status["collisionCount"] = collisions }
        outcome["status"] = .object(status)
        if outcome != deployment { plan.status = outcome }
    }

    private mutating func reportProgress(_ counts: Counts) {
        copyFailures()
        guard tracksProgress else { return }
        let subject = newSet.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment \"\(deployment.name)\""
        let known = condition("Progressing")
        let wasComplete = counts.total == counts.updated && known?["reason"]?.stringValue == Reason.complete
        guard !wasComplete else { return }
        if isComplete(counts) {
            setCondition("Progressing", "True", Reason.complete, "\(subject) has successfully progressed.")
        } else if hasProgressed(counts) {
            replaceCondition("Progressing", "True", Reason.progressing, "\(subject) is progressing.")
            lookAtDeadline()
        } else if deadline.map({ $0 <= now }) ?? false {
            setCondition("Progressing", "False", Reason.timedOut, "\(subject) has timed out progressing.")
        } else {
            lookAtDeadline()
        }
    }

    /// Failures of the new set to make pods become the Deployment's condition.
    private mutating func copyFailures() {
        let failure =
            newSet?.object.condition("ReplicaFailure")
            ?? oldSets.lazy.compactMap {
                $0.object.condition("ReplicaFailure")
            }.first
        if let failure, failure["status"]?.stringValue == "True" {
            setCondition(
                "ReplicaFailure",
                "True",
                failure["reason"]?.stringValue ?? "",
                failure["message"]?.stringValue ?? ""
            )
        } else if condition("ReplicaFailure") != nil {
            let rest = (outcome["status", "conditions"]?.arrayValue ?? [])
                .filter { $0["type"]?.stringValue != "ReplicaFailure" }
            outcome.json.set(["status", "conditions"], .array(rest))
        }
    }

    private func hasProgressed(_ counts: Counts) -> Bool {
        let old = deployment
        let (total, updated) = (old.statusCount("replicas"), old.statusCount("updatedReplicas"))
        return counts.updated > updated || counts.total - counts.updated < total - updated
            || counts.ready > old.statusCount("readyReplicas")
            || counts.available > old.statusCount("availableReplicas")
    }

    /// When the rollout will have been stuck for too long; nil when it is not under way.
    private var deadline: Instant? {
        guard let progressing = condition("Progressing"),
            ![Reason.complete, Reason.timedOut].contains(progressing["reason"]?.stringValue ?? ""),
            let since = progressing["lastUpdateTime"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        return since.advanced(by: .seconds(deployment["spec", "progressDeadlineSeconds"]?.intValue ?? 600))
    }

    private mutating func lookAtDeadline() {
        // One second more, since the times in the condition have no fractions.
        if let deadline { plan.lookAgainAfter = now.duration(to: deadline) + .seconds(1) }
    }
}
