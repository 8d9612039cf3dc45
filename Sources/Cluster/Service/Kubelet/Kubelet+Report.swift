// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

extension Kubelet {
    private struct Report {
        let pod: KubernetesObject
        let status: JSONObject?
        let events: [(type: String, reason: String, message: String)]
        let isDone: Bool
    }

    /// Tells the API how a pod is: its status when it changed, its events, and that nothing is left of it.
    func report(_ key: ObjectKey, _ pass: Pass) async throws {
        if key == Self.nodeKey { return try await registerOnce() }
        let report: Report? = state.withLock { state in
            guard let entry = state.pods[key] else { return nil }
            let status = entry.machine.status(hostIP: node.address)
            state.pods[key]?.events = []
            return Report(
                pod: entry.machine.pod,
                status: status == entry.written ? nil : status,
                events: entry.events,
                isDone: entry.isDone
            )
        }
        guard let report else { return }
        for event in report.events {
            outbox.record(report.pod, event.type, reason: event.reason, message: event.message)
        }
        if let status = report.status { try await write(status, report.pod, pass) }
        guard report.isDone else { return }
        do {
            _ = try await client.remove(.pods, report.pod, grace: 0)
            pass.wrote("delete")
        } catch {
            guard error.isNotFound || error.isConflict else { throw error }
            return  // somebody else removed it, or another one has its name by now
        }
    }

    /// A list of addresses that also takes off those that are no more: a merge keeps what is not named.
    private static func replacing(_ present: JSONValue?, by wanted: JSONValue?) -> JSONValue? {
        guard let wanted = wanted?.arrayValue else { return nil }
        let gone = (present?.arrayValue ?? []).filter { !wanted.contains($0) }
        return .array(wanted + gone.map { ["$patch": "delete", "ip": $0["ip"] ?? .null] })
    }

    private func write(_ status: JSONObject, _ pod: KubernetesObject, _ pass: Pass) async throws {
        var changed = status
        for key in ["podIPs", "hostIPs"] {
            changed[key] = Self.replacing(pod["status"]?[key], by: status[key])
        }
        let patch: JSONValue = ["metadata": ["uid": .string(pod.uid)], "status": .object(changed)]
        do {
            _ = try await client.patch(.pods, pod.key, patch, form: .strategicMerge, subresource: "status")
            pass.wrote("status")
        } catch {
            guard error.isNotFound || error.isConflict else { throw error }
            return  // the pod is gone; the watch will say so
        }
        state.withLock { state in
            if state.pods[pod.key]?.machine.pod.uid == pod.uid { state.pods[pod.key]?.written = status }
        }
    }
}
