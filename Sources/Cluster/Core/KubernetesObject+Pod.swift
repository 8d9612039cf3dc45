// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// What controllers read of a pod.
extension KubernetesObject {
    /// `status.phase`; a pod without one is pending.
    var phase: String { json["status", "phase"]?.stringValue ?? "Pending" }

    /// The node that the pod is bound to; empty before.
    var nodeName: String { json["spec", "nodeName"]?.stringValue ?? "" }

    /// The pod's first address; empty before it has one.
    var podIP: String { json["status", "podIP"]?.stringValue ?? "" }

    /// True when the pod ended for good.
    var hasEnded: Bool { ["Succeeded", "Failed"].contains(phase) }

    /// True for a pod that counts: neither ended nor being deleted.
    var isActivePod: Bool { !hasEnded && !isTerminating }

    /// Since when the pod is ready; nil while it is not, or when nobody noted it.
    var readySince: Instant? {
        guard let ready = condition("Ready"), ready["status"]?.stringValue == "True" else { return nil }
        return ready["lastTransitionTime"]?.stringValue.flatMap { Instant(rfc3339: $0) }
    }

    /// True when the pod has been ready for the given time.
    func isAvailable(minReady: Duration, at now: Instant) -> Bool {
        guard isTrue("Ready") else { return false }
        guard minReady > .zero else { return true }
        guard let since = readySince else { return false }
        return since.advanced(by: minReady) <= now
    }

    /// The highest restart count of the pod's containers.
    var restartCount: Int {
        (json["status", "containerStatuses"]?.arrayValue ?? []).map { $0["restartCount"]?.intValue ?? 0 }
            .max() ?? 0
    }

    /// `spec.replicas`, 1 when it says nothing.
    var specReplicas: Int { json["spec", "replicas"]?.intValue ?? 1 }

    /// A count in the status, 0 when it says nothing.
    func statusCount(_ name: String) -> Int { json["status"]?[name]?.intValue ?? 0 }

    /// `spec.minReadySeconds`.
    var minReady: Duration { .seconds(json["spec", "minReadySeconds"]?.intValue ?? 0) }

    /// `metadata.generateName`.
    var generateName: String { json["metadata", "generateName"]?.stringValue ?? "" }

    /// The object with another annotation; nil removes it.
    mutating func setAnnotation(_ name: String, _ value: String?) {
        var annotations = json["metadata", "annotations"] ?? .object([:])
        annotations[name] = value.map { .string($0) }
        let isEmpty = annotations.objectValue?.isEmpty ?? true
        json.set(["metadata", "annotations"], isEmpty ? nil : annotations)
    }
}

extension JSONObject {
    /// Sets a count, leaving the member out when it is 0, as `omitempty` does.
    mutating func setCount(_ key: String, _ count: Int) {
        self[key] = count == 0 ? nil : .integer(Int64(count))
    }
}
