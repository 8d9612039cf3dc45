// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// The changes that bring a Service's EndpointSlices to what they should be, with few writes.
///
/// - Source: the endpointslice controller's reconciler; seen upstream. Topology hints and IPv6 are left out.
struct EndpointSlicePlan: Sendable {
    /// Not more endpoints than this in a slice.
    static let limit = 100
    static let managedByLabel = "endpointslice.kubernetes.io/managed-by"
    static let manager = "endpointslice-controller.k8s.io"
    static let serviceLabel = "kubernetes.io/service-name"

    var creates: [KubernetesObject] = []
    var updates: [KubernetesObject] = []
    var deletes: [KubernetesObject] = []

    /// True when everything is as it should be.
    var isEmpty: Bool { creates.isEmpty && updates.isEmpty && deletes.isEmpty }

    /// Plans a pass.
    ///
    /// - Parameters:
    ///   - selection: The Service.
    ///   - pods: The pods of its namespace.
    ///   - zones: The zone of each node.
    ///   - present: The slices that this controller made for the Service.
    ///   - trigger: When the change happened that led here, for the annotation of written slices.
    init(
        _ selection: ServiceSelection,
        pods: [KubernetesObject],
        zones: [String: String],
        present: [KubernetesObject],
        trigger: String?
    ) {
        var wanted: [[EndpointPort]: [Endpoint]] = [:]
        for pod in selection.pods(pods, includingTerminating: true) {
            let ports = EndpointPort.resolve(selection.service, on: pod).sorted()
            wanted[ports, default: []].append(Endpoint(pod, selection, zones))
        }
        // Slices of a Service always exist: without endpoints there is one that says so.
        if wanted.isEmpty { wanted[[]] = [] }
        let labels = selection.labels([
            Self.managedByLabel: Self.manager, Self.serviceLabel: selection.service.name,
        ])
        var spare = present.sorted { (Self.age($0), $0.name) < (Self.age($1), $1.name) }
        for ports in wanted.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let mine = spare.filter { Self.ports($0) == Self.json(ports) }
            spare.removeAll { slice in mine.contains { $0.name == slice.name } }
            fill(mine, with: wanted[ports] ?? [], ports: ports, labels: labels, selection)
        }
        deletes += spare
        reuse()
        stamp(trigger)
    }

    /// Keeps what may stay where it is, fills what has room, and makes slices for the rest.
    private mutating func fill(
        _ slices: [KubernetesObject],
        with endpoints: [Endpoint],
        ports: [EndpointPort],
        labels: JSONValue,
        _ selection: ServiceSelection
    ) {
        var rest = Dictionary(endpoints.map { ($0.identity, $0) }, uniquingKeysWith: { $1 })
        var kept: [[Endpoint]] = slices.map { slice in
            (slice["endpoints"]?.arrayValue ?? []).compactMap {
                rest.removeValue(forKey: Endpoint.identity($0))
            }
        }
        var added = rest.values.sorted { $0.identity < $1.identity }[...]
        for place in kept.indices where !added.isEmpty {
            let room = max(Self.limit - kept[place].count, 0)
            kept[place] += added.prefix(room)
            added = added.dropFirst(room)
        }
        for (place, slice) in slices.enumerated() {
            if kept[place].isEmpty && !(endpoints.isEmpty && place == 0) {
                deletes.append(slice)
                continue
            }
            let changed = Self.slice(slice, kept[place], ports: ports, labels: labels)
            if changed != slice { updates.append(changed) }
        }
        while !added.isEmpty || (slices.isEmpty && endpoints.isEmpty && creates.isEmpty) {
            let part = Array(added.prefix(Self.limit))
            added = added.dropFirst(part.count)
            creates.append(Self.slice(Self.fresh(selection.service), part, ports: ports, labels: labels))
        }
    }

    /// A slice to be made takes the place of one to be removed.
    private mutating func reuse() {
        while let old = deletes.first, let new = creates.first {
            deletes.removeFirst()
            creates.removeFirst()
            var changed = old
            changed["endpoints"] = new["endpoints"]
            changed["ports"] = new["ports"]
            changed.json.set(["metadata", "labels"], new["metadata", "labels"])
            updates.append(changed)
        }
    }

    private mutating func stamp(_ trigger: String?) {
        for place in creates.indices {
            creates[place].setAnnotation(EndpointsPlan.triggerAnnotation, trigger)
        }
        for place in updates.indices {
            updates[place].setAnnotation(EndpointsPlan.triggerAnnotation, trigger)
        }
    }

    // MARK: Objects

    /// One endpoint: a pod on the Service's ports.
    private struct Endpoint: Sendable {
        let identity: String
        let json: JSONValue

        init(_ pod: KubernetesObject, _ selection: ServiceSelection, _ zones: [String: String]) {
            identity = "\(pod.name)|\(pod.uid)|\(pod.podIP)"
            let isServing = pod.isTrue("Ready")
            let isReady = selection.publishesNotReady || (isServing && !pod.isTerminating)
            var json: JSONObject = [
                "addresses": [.string(pod.podIP)],
                "conditions": [
                    "ready": .bool(isReady), "serving": .bool(isServing),
                    "terminating": .bool(pod.isTerminating),
                ],
            ]
            if let hostname = selection.hostname(pod) { json["hostname"] = .string(hostname) }
            json["targetRef"] = ServiceSelection.targetReference(pod)
            if !pod.nodeName.isEmpty { json["nodeName"] = .string(pod.nodeName) }
            if let zone = zones[pod.nodeName] { json["zone"] = .string(zone) }
            self.json = .object(json)
        }

        static func identity(_ json: JSONValue) -> String {
            let target = json["targetRef"]
            let address = json["addresses"]?[0]?.stringValue ?? ""
            return "\(target?["name"]?.stringValue ?? "")|\(target?["uid"]?.stringValue ?? "")|\(address)"
        }
    }

    private static func age(_ slice: KubernetesObject) -> Int64 { slice.creationTime?.nanoseconds ?? 0 }

    private static func ports(_ slice: KubernetesObject) -> JSONValue {
        let ports = slice["ports"] ?? .null
        return ports.arrayValue?.isEmpty == true ? .null : ports
    }

    /// `ports` of a slice; `null` without any, as the real controller writes it.
    private static func json(_ ports: [EndpointPort]) -> JSONValue {
        if ports.isEmpty { return .null }
        return .array(
            ports.map { port in
                var json: JSONObject = [
                    "name": .string(port.name), "protocol": .string(port.transport),
                    "port": .integer(Int64(port.port)),
                ]
                if let application = port.appProtocol { json["appProtocol"] = .string(application) }
                return .object(json)
            }
        )
    }

    private static func fresh(_ service: KubernetesObject) -> KubernetesObject {
        KubernetesObject([
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": [
                "generateName": .string("\(service.name)-"), "namespace": .string(service.namespace),
                "ownerReferences": [service.ownerReference()],
            ],
            "addressType": "IPv4",
        ])
    }

    private static func slice(
        _ base: KubernetesObject,
        _ endpoints: [Endpoint],
        ports: [EndpointPort],
        labels: JSONValue
    ) -> KubernetesObject {
        var slice = base
        slice.json.set(["metadata", "labels"], labels)
        // No endpoints are `null`, an empty list or nothing at all: which one it is makes no difference.
        let isFresh = base.name.isEmpty
        let isEmpty = endpoints.isEmpty && (slice["endpoints"]?.arrayValue ?? []).isEmpty
        if isFresh || !isEmpty {
            slice["endpoints"] = endpoints.isEmpty ? .null : .array(endpoints.map(\.json))
        }
        if isFresh || Self.ports(slice) != json(ports) { slice["ports"] = json(ports) }
        return slice
    }
}
