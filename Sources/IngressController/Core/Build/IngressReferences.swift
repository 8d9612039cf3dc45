// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Which other objects an Ingress speaks of: decides who is woken by a change.
enum IngressReferences {
    /// True when a tls entry names the Secret.
    static func mentions(secret: ObjectKey, _ ingress: KubernetesObject) -> Bool {
        ingress.namespace == secret.namespace
            && (ingress["spec"]?["tls"]?.arrayValue ?? []).contains {
                $0["secretName"]?.stringValue == secret.name
            }
    }

    /// True when a backend or an action may name the Service.
    static func mentions(service: ObjectKey, _ ingress: KubernetesObject) -> Bool {
        guard ingress.namespace == service.namespace else { return false }
        for rule in ingress["spec"]?["rules"]?.arrayValue ?? [] {
            for path in rule["http"]?["paths"]?.arrayValue ?? []
            where path["backend"]?["service"]?["name"]?.stringValue == service.name {
                return true
            }
        }
        let prefix = AnnotationName.prefix + "actions."
        return ingress.annotations.contains { key, value in
            key.hasPrefix(prefix) && value.contains("\"\(service.name)\"")
        }
    }

    /// True when an AlbConfig takes a default certificate from the Secret.
    static func mentions(secret: ObjectKey, albConfig: KubernetesObject) -> Bool {
        (albConfig["spec"]?["listeners"]?.arrayValue ?? []).contains { listener in
            let entry = listener.member("defaultCertificate")
            return entry?.member("name")?.stringValue == secret.name
                && entry?.member("namespace")?.stringValue ?? "default" == secret.namespace
        }
    }
}
