// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Finds when the change happened that makes endpoints change: for the annotation that latency is measured by.
///
/// - Source: upstream `TriggerTimeTracker`; seen upstream.
struct TriggerTimes: Sendable {
    private struct Known {
        var service: String
        var pods: [String: String]
    }

    private var known: [ObjectKey: Known] = [:]

    /// The earliest change since the last time this was asked; nil when nothing dated changed.
    mutating func trigger(_ service: KubernetesObject, pods: [KubernetesObject]) -> String? {
        let before = known[service.key]
        let created = service["metadata", "creationTimestamp"]?.stringValue ?? ""
        var times: [String] = before?.service == created ? [] : [created]
        var present: [String: String] = [:]
        for pod in pods {
            guard let time = pod.condition("Ready")?["lastTransitionTime"]?.stringValue else { continue }
            present[pod.name] = time
            if before?.pods[pod.name] != time { times.append(time) }
        }
        known[service.key] = Known(service: created, pods: present)
        // The creation counts the first time only; later it is the pods that change.
        if before == nil { return created.isEmpty ? nil : created }
        return times.filter { !$0.isEmpty }.min()
    }

    /// Forgets a Service that is gone.
    mutating func forget(_ service: ObjectKey) {
        known[service] = nil
    }
}
