// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// The conditions of a pod that its node keeps, each with the time of its last change.
struct PodConditions: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        let type: String
        var isTrue: Bool
        var reason: String
        var message: String
        var since: Instant
    }

    private var entries: [Entry] = []

    func isTrue(_ type: String) -> Bool { entries.first { $0.type == type }?.isTrue ?? false }
    func reason(_ type: String) -> String { entries.first { $0.type == type }?.reason ?? "" }

    /// Brings the conditions up to date.
    mutating func refresh(_ machine: PodMachine, at now: Instant) {
        let phase = machine.phase
        let hasSandbox = ![.scheduled, .stopped, .gone].contains(machine.stage)
        set("PodReadyToStartContainers", hasSandbox, "", "", machine, now)
        let waiting = machine.initContainers.filter { $0.isReadyInit == false }.map(\.plan.name)
        set(
            "Initialized",
            waiting.isEmpty,
            "ContainersNotInitialized",
            "containers with incomplete status: [\(waiting.joined(separator: " "))]",
            machine,
            now
        )
        let unready = machine.containers.filter { !$0.isReady }.map(\.plan.name)
        var refusal: (reason: String, message: String)?
        if phase == "Succeeded" {
            refusal = ("PodCompleted", "")
        } else if phase == "Failed" {
            refusal = ("PodFailed", "")
        } else if !unready.isEmpty {
            refusal = (
                "ContainersNotReady", "containers with unready status: [\(unready.joined(separator: " "))]"
            )
        }
        let gate = refusal ?? Self.gateRefusal(machine)
        set("Ready", gate == nil, gate?.reason ?? "", gate?.message ?? "", machine, now)
        set("ContainersReady", refusal == nil, refusal?.reason ?? "", refusal?.message ?? "", machine, now)
        set("PodScheduled", true, "", "", machine, now)
    }

    /// Why the readiness gates keep a pod from being ready; nil when they don't.
    private static func gateRefusal(_ machine: PodMachine) -> (reason: String, message: String)? {
        let texts = machine.plan.gates.compactMap { gate -> String? in
            guard let condition = machine.pod.condition(gate) else {
                return "corresponding condition of pod readiness gate \"\(gate)\" does not exist."
            }
            let status = condition["status"]?.stringValue ?? ""
            return status == "True"
                ? nil : "the status of pod readiness gate \"\(gate)\" is not \"True\", but \(status)"
        }
        return texts.isEmpty ? nil : ("ReadinessGatesNotReady", texts.joined(separator: ", "))
    }

    private mutating func set(
        _ type: String,
        _ isTrue: Bool,
        _ reason: String,
        _ message: String,
        _ machine: PodMachine,
        _ now: Instant
    ) {
        let (reason, message) = isTrue ? ("", "") : (reason, message)
        if let place = entries.firstIndex(where: { $0.type == type }) {
            if entries[place].isTrue != isTrue { entries[place].since = now }
            entries[place].isTrue = isTrue
            entries[place].reason = reason
            entries[place].message = message
        } else {
            // A node that comes back goes on with the times that the API knows.
            let known = machine.pod.condition(type)
            let isSame = known?["status"]?.stringValue == (isTrue ? "True" : "False")
            let since =
                isSame ? known?["lastTransitionTime"]?.stringValue.flatMap { Instant(rfc3339: $0) } : nil
            entries.append(
                Entry(type: type, isTrue: isTrue, reason: reason, message: message, since: since ?? now)
            )
        }
    }

    /// The conditions as the API has them.
    func json(generation: Int) -> JSONValue {
        .array(
            entries.map { entry in
                var json: JSONObject = [
                    "type": .string(entry.type), "status": entry.isTrue ? "True" : "False",
                    "lastProbeTime": nil,
                    "lastTransitionTime": .string(entry.since.rfc3339),
                ]
                // A reason that is no more has to be taken off the old one: a merge keeps what is not named.
                json["reason"] = entry.reason.isEmpty ? .null : .string(entry.reason)
                json["message"] = entry.message.isEmpty ? .null : .string(entry.message)
                if generation > 0 { json["observedGeneration"] = .integer(Int64(generation)) }
                return .object(json)
            }
        )
    }
}

extension ContainerLife {
    /// For an init container: whether its work is done.
    var isReadyInit: Bool {
        if case .terminated(let exit) = state { exit.code == 0 } else { false }
    }
}
