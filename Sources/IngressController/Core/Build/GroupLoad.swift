// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// What the open-source controller finds out about all Ingresses before it looks at one group.
enum GroupLoad {
    /// Why no group can be loaded: some Ingress' class names no AlbConfig.
    ///
    /// - Source: the open-source controller's group loader; seen upstream.
    static func obstacle(
        _ ingresses: [KubernetesObject],
        classes: any ObjectSource
    ) -> (culprit: KubernetesObject, reason: String)? {
        for ingress in ingresses {
            if case .noAlbConfig(let name) = Membership.of(ingress, classes: classes) {
                return (ingress, "IngressClass \(name): an AlbConfig must be referenced in its parameters")
            }
        }
        return nil
    }

    /// The AlbConfig's name for an Ingress, whether its class is ours or not.
    static func name(of ingress: KubernetesObject, classes: any ObjectSource) -> String {
        switch Membership.of(ingress, classes: classes) {
        case .group(let name): return name
        case .noAlbConfig, .notOurs: break
        }
        let named = ingress.annotations[AnnotationName.albConfigName.key] ?? ""
        if !named.isEmpty { return named }
        let field = ingress[path: "spec", "ingressClassName"]?.stringValue ?? ""
        let name = field.isEmpty ? ingress.annotations[Membership.classAnnotation] ?? "" : field
        let found = classes.object(.ingressClasses, ObjectKey(name: name))
        let albConfig = found?[path: "spec", "parameters", "name"]?.stringValue ?? ""
        return albConfig.isEmpty ? Membership.fallback : albConfig
    }

    /// The listeners of an AlbConfig with those added that Ingresses want and it has not.
    ///
    /// - Parameters:
    ///   - albConfig: The AlbConfig.
    ///   - wanted: The ports of all members.
    /// - Returns: The listeners.
    /// - Throws: When a port is there with another protocol.
    static func listeners(
        of albConfig: KubernetesObject,
        adding wanted: [ListenerPort]
    ) throws(BuildError) -> [JSONValue] {
        var listeners = albConfig[path: "spec", "listeners"]?.arrayValue ?? []
        for port in wanted {
            for listener in listeners {
                // A port that is written as a text is not seen here.
                guard listener["port"]?.intValue == port.port,
                    let other = ListenerProtocol(rawValue: listener["protocol"]?.stringValue ?? "HTTP")
                else { continue }
                if port.collides(with: ListenerPort(port.port, other)) {
                    throw BuildError(
                        "listener \(port.port) has protocol \(other.rawValue) and an Ingress wants"
                            + " \(port.listenerProtocol.rawValue): remove it from the AlbConfig by hand"
                    )
                }
            }
            let isThere = listeners.contains {
                $0["port"]?.plainText == String(port.port)
                    && ($0["protocol"]?.stringValue ?? "HTTP") == port.listenerProtocol.rawValue
            }
            if !isThere {
                listeners.append([
                    "port": .integer(Int64(port.port)), "protocol": .string(port.listenerProtocol.rawValue),
                ])
            }
        }
        return listeners
    }

    /// The listeners without those that were added for Ingresses and that none wants any more.
    static func withoutUnused(_ listeners: [JSONValue], wanted: [ListenerPort]) -> [JSONValue] {
        listeners.filter { listener in
            guard AlbConfigForm.isBare(listener), let number = listener["port"]?.intValue else {
                return true
            }
            return wanted.contains { $0.port == number }
        }
    }
}
