// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Which other objects an Ingress speaks of: decides who is woken by a change.
enum IngressReferences {
    /// True when a tls entry names the Secret.
    static func mentions(secret: ObjectKey, _ ingress: KubernetesObject) -> Bool {
        ingress.namespace == secret.namespace
            && (ingress["spec", "tls"]?.arrayValue ?? []).contains {
                $0["secretName"]?.stringValue == secret.name
            }
    }

    /// True when a backend or an action may name the Service.
    static func mentions(service: ObjectKey, _ ingress: KubernetesObject) -> Bool {
        guard ingress.namespace == service.namespace else { return false }
        for rule in ingress["spec", "rules"]?.arrayValue ?? [] {
            for path in rule["http", "paths"]?.arrayValue ?? []
            where path["backend", "service"]?["name"]?.stringValue == service.name {
                return true
            }
        }
        let prefix = AnnotationName.prefix + "actions."
        return ingress.annotations.contains { key, value in
            key.hasPrefix(prefix) && value.contains("\"\(service.name)\"")
        }
    }

    /// The Services that the paths of an Ingress name.
    static func pathServices(_ ingress: KubernetesObject) -> Set<String> {
        var names: Set<String> = []
        for rule in ingress["spec", "rules"]?.arrayValue ?? [] {
            for path in rule["http", "paths"]?.arrayValue ?? [] {
                if let name = path["backend", "service"]?["name"]?.stringValue { names.insert(name) }
            }
        }
        return names
    }

    /// The ports of a Service that an Ingress names in paths, actions or its default backend; the namespace of
    /// the Service does not matter.
    static func ports(ofService name: String, in ingress: KubernetesObject) -> [String] {
        var ports: [String] = []
        func add(_ port: String) { if !port.isEmpty, !ports.contains(port) { ports.append(port) } }
        func add(_ backend: JSONValue?) {
            guard let service = backend?["service"], service["name"]?.stringValue == name else { return }
            add(service["port", "number"]?.intValue.map(String.init) ?? "")
        }
        add(ingress["spec", "defaultBackend"])
        for rule in ingress["spec", "rules"]?.arrayValue ?? [] {
            for path in rule["http", "paths"]?.arrayValue ?? [] { add(path["backend"]) }
        }
        let annotations = Annotations(ingress.annotations, profile: .oss)
        for service in annotations.services(of: "actions") {
            let text = annotations.ofService("actions", service) ?? ""
            for action in (try? JSONValue(parsing: text))?.arrayValue ?? [] {
                for entry in action.member("forwardConfig")?.member("serverGroups")?.arrayValue ?? []
                where entry.member("serviceName")?.stringValue == name {
                    add(entry.member("servicePort")?.plainText ?? "")
                }
            }
        }
        return ports
    }

    /// True when an AlbConfig takes a default certificate from the Secret.
    static func mentions(secret: ObjectKey, albConfig: KubernetesObject) -> Bool {
        (albConfig["spec", "listeners"]?.arrayValue ?? []).contains { listener in
            let entry = listener.member("defaultCertificate")
            return entry?.member("name")?.stringValue == secret.name
                && entry?.member("namespace")?.stringValue ?? "default" == secret.namespace
        }
    }
}
