// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Finds the port of a Service that a backend names.
enum ServicePort {
    /// The port's number as text; what was written while there is no such Service.
    ///
    /// - Throws: When the Service has no such port, or cannot be a backend.
    static func resolve(
        service key: ObjectKey,
        port: String,
        isNamed: Bool,
        objects: any ObjectSource,
        context: BuildContext
    ) throws(BuildError) -> String {
        if isNamed, context.profile.has(.onlyPortNumbers) { return "0" }
        // Upstream finds out that a port does not exist when it fills the group.
        if context.profile.isOpenSource, !isNamed { return port }
        guard let service = objects.object(.services, key) else {
            guard !port.isEmpty else { throw BuildError("the backend \(key) names no port") }
            return port
        }
        let ports = service["spec", "ports"]?.arrayValue ?? []
        let found = ports.first {
            isNamed ? $0["name"]?.stringValue == port : $0["port"]?.intValue == Int(port)
        }
        guard let number = found?["port"]?.intValue else {
            let present = ports.compactMap { $0["port"]?.intValue.map(String.init) }.joined(separator: ", ")
            throw BuildError("Service \(key) has no port \(port), only \(present.isEmpty ? "none" : present)")
        }
        guard TrafficPolicy.of(service, context.backendType) != nil else {
            let type = service["spec", "type"]?.stringValue ?? "ClusterIP"
            throw BuildError(
                "Service \(key) has type \(type): expected NodePort or LoadBalancer, or the annotation"
                    + " \(TrafficPolicy.annotation): eni"
            )
        }
        return String(number)
    }
}
