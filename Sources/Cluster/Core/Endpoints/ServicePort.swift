// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// A port of a Service, as a pod answers it: the number behind the target port.
struct EndpointPort: Sendable, Hashable, Comparable {
    /// The service port's name; empty for a single one without.
    var name: String
    /// The pod's port.
    var port: Int
    /// `TCP`, `UDP` or `SCTP`.
    var transport: String
    /// `spec.ports[].appProtocol`.
    var appProtocol: String?

    static func < (left: EndpointPort, right: EndpointPort) -> Bool {
        (left.name, left.port, left.transport) < (right.name, right.port, right.transport)
    }

    /// The ports of a Service on one pod, in the Service's order; a named port that the pod lacks is left out.
    static func resolve(_ service: KubernetesObject, on pod: KubernetesObject) -> [EndpointPort] {
        (service["spec", "ports"]?.arrayValue ?? []).compactMap { port in
            let transport = port["protocol"]?.stringValue ?? "TCP"
            guard let number = number(port, transport, pod) else { return nil }
            return EndpointPort(
                name: port["name"]?.stringValue ?? "",
                port: number,
                transport: transport,
                appProtocol: port["appProtocol"]?.stringValue
            )
        }
    }

    private static func number(_ port: JSONValue, _ transport: String, _ pod: KubernetesObject) -> Int? {
        switch port["targetPort"] {
        case .string(let name): containerPort(name, transport, pod)
        case .integer(let number) where number > 0: Int(number)
        default: port["port"]?.intValue
        }
    }

    /// A container's port by name; sidecars among the init containers count too.
    private static func containerPort(_ name: String, _ transport: String, _ pod: KubernetesObject) -> Int? {
        let sidecars = (pod["spec", "initContainers"]?.arrayValue ?? [])
            .filter { $0["restartPolicy"]?.stringValue == "Always" }
        for container in (pod["spec", "containers"]?.arrayValue ?? []) + sidecars {
            for port in container["ports"]?.arrayValue ?? [] {
                let isMatching =
                    port["name"]?.stringValue == name
                    && port["protocol"]?.stringValue ?? "TCP" == transport
                if isMatching { return port["containerPort"]?.intValue }
            }
        }
        return nil
    }
}

/// What both kinds of endpoints read of a Service.
struct ServiceSelection: Sendable {
    let service: KubernetesObject
    let selector: LabelSelector

    /// nil for a Service that no controller keeps endpoints for: without selector, or an ExternalName.
    init?(_ service: KubernetesObject) {
        guard let labels = service["spec", "selector"]?.objectValue, !labels.isEmpty,
            service["spec", "type"]?.stringValue != "ExternalName"
        else { return nil }
        self.service = service
        selector = LabelSelector(equal: .object(labels))
    }

    var isHeadless: Bool { service["spec", "clusterIP"]?.stringValue == "None" }
    var publishesNotReady: Bool { service["spec", "publishNotReadyAddresses"]?.boolValue == true }

    /// The pods that belong to the Service and have an address, in the order of their names.
    func pods(_ all: [KubernetesObject], includingTerminating: Bool) -> [KubernetesObject] {
        let namespace = service.namespace
        let mine = all.filter { pod in
            !pod.podIP.isEmpty && !pod.hasEnded && (includingTerminating || !pod.isTerminating)
                && pod.namespace == namespace && selector.matches(pod)
        }
        return mine.map { (name: $0.name, pod: $0) }.sorted { $0.name < $1.name }.map(\.pod)
    }

    /// The labels of the Service that its endpoints carry, with the controller's own.
    func labels(_ own: KeyValuePairs<String, String>) -> JSONValue {
        var labels = service["metadata", "labels"]?.objectValue ?? [:]
        if isHeadless { labels["service.kubernetes.io/headless"] = "" }
        for (key, value) in own { labels[key] = .string(value) }
        return .object(labels)
    }

    /// The pod's own name below the Service's, when it has one.
    func hostname(_ pod: KubernetesObject) -> String? {
        guard let hostname = pod["spec", "hostname"]?.stringValue, !hostname.isEmpty,
            pod["spec", "subdomain"]?.stringValue == service.name
        else { return nil }
        return hostname
    }

    /// A reference to the pod behind an address.
    static func targetReference(_ pod: KubernetesObject) -> JSONValue {
        [
            "kind": "Pod", "namespace": .string(pod.namespace), "name": .string(pod.name),
            "uid": .string(pod.uid),
        ]
    }
}
