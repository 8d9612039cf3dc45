// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// The Endpoints object that a Service should have.
///
/// - Source: kube-controller-manager's endpoints controller and `RepackSubsets`; seen upstream.
struct EndpointsPlan: Sendable {
    /// Not more addresses than this are told.
    static let limit = 1_000
    static let capacityAnnotation = "endpoints.kubernetes.io/over-capacity"
    static let triggerAnnotation = "endpoints.kubernetes.io/last-change-trigger-time"
    static let managedBy = "endpoints.kubernetes.io/managed-by"

    /// `subsets`, in a settled order; nil when there are none.
    let subsets: JSONValue?
    /// The labels.
    let labels: JSONValue
    /// True when addresses were left out.
    let isTruncated: Bool

    /// Plans the Endpoints of a Service.
    ///
    /// - Parameters:
    ///   - selection: The Service.
    ///   - pods: The pods of its namespace.
    init(_ selection: ServiceSelection, pods: [KubernetesObject]) {
        var groups: [[EndpointPort]: (ready: [Address], notReady: [Address])] = [:]
        for pod in selection.pods(pods, includingTerminating: selection.publishesNotReady) {
            let ports = EndpointPort.resolve(selection.service, on: pod).sorted()
            // Pods that have none of the ports are no endpoints; a headless Service needs no port.
            let hasPorts = !(selection.service["spec", "ports"]?.arrayValue ?? []).isEmpty
            if ports.isEmpty && (hasPorts || !selection.isHeadless) { continue }
            let address = Address(pod, selection)
            if selection.publishesNotReady || pod.isTrue("Ready") {
                groups[ports, default: ([], [])].ready.append(address)
            } else {
                groups[ports, default: ([], [])].notReady.append(address)
            }
        }
        isTruncated = Self.truncate(&groups)
        let sorted = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        subsets =
            sorted.isEmpty
            ? nil : .array(sorted.map { Self.subset(ports: $0.key, $0.value.ready, $0.value.notReady) })
        labels = selection.labels([Self.managedBy: "endpoint-controller"])
    }

    /// True when an object says all this already.
    func isSatisfied(by object: KubernetesObject) -> Bool {
        (object["subsets"] ?? .null) == (subsets ?? .null)
            && (object["metadata", "labels"] ?? [:]) == labels
            && (object.annotations[Self.capacityAnnotation] == "truncated") == isTruncated
    }

    /// The object to write: a new one, or the present one changed.
    func object(_ service: KubernetesObject, present: KubernetesObject?, trigger: String?) -> KubernetesObject
    {
        var object = present ?? KubernetesObject(.endpoints, namespace: service.namespace, name: service.name)
        object.json.set(["metadata", "labels"], labels)
        object["subsets"] = subsets
        object.setAnnotation(Self.triggerAnnotation, trigger)
        object.setAnnotation(Self.capacityAnnotation, isTruncated ? "truncated" : nil)
        return object
    }

    // MARK: Subsets

    private struct Address: Sendable {
        let ip: String
        let json: JSONValue

        init(_ pod: KubernetesObject, _ selection: ServiceSelection) {
            ip = pod.podIP
            var json: JSONObject = ["ip": .string(ip)]
            if let hostname = selection.hostname(pod) { json["hostname"] = .string(hostname) }
            if !pod.nodeName.isEmpty { json["nodeName"] = .string(pod.nodeName) }
            json["targetRef"] = ServiceSelection.targetReference(pod)
            self.json = .object(json)
        }
    }

    private static func subset(ports: [EndpointPort], _ ready: [Address], _ notReady: [Address]) -> JSONValue
    {
        var subset: JSONObject = [:]
        for (key, addresses) in [("addresses", ready), ("notReadyAddresses", notReady)]
        where !addresses.isEmpty {
            subset[key] = .array(addresses.sorted { $0.ip < $1.ip }.map(\.json))
        }
        if !ports.isEmpty {
            subset["ports"] = .array(
                ports.map { port in
                    var json: JSONObject = [:]
                    if !port.name.isEmpty { json["name"] = .string(port.name) }
                    json["port"] = .integer(Int64(port.port))
                    json["protocol"] = .string(port.transport)
                    if let application = port.appProtocol { json["appProtocol"] = .string(application) }
                    return .object(json)
                }
            )
        }
        return .object(subset)
    }

    /// Leaves addresses out beyond the limit, those that are not ready first.
    private static func truncate(
        _ groups: inout [[EndpointPort]: (ready: [Address], notReady: [Address])]
    ) -> Bool {
        let ready = groups.values.reduce(0) { $0 + $1.ready.count }
        let all = groups.values.reduce(ready) { $0 + $1.notReady.count }
        guard all > limit else { return false }
        var (readyRoom, otherRoom) = (min(ready, limit), max(limit - ready, 0))
        for ports in groups.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard var group = groups[ports] else { continue }
            group.ready = Array(group.ready.prefix(readyRoom))
            group.notReady = Array(group.notReady.prefix(otherRoom))
            readyRoom -= group.ready.count
            otherRoom -= group.notReady.count
            groups[ports] = group.ready.isEmpty && group.notReady.isEmpty ? nil : group
        }
        return true
    }
}
