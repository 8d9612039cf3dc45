// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What of an Ingress makes the open-source controller fall over, and where.
///
/// - Source: the open-source controller's code, read; seen upstream.
enum Poison {
    /// What kills the process as soon as it sees the Ingress; nil when nothing does.
    static func ofProcess(_ ingress: KubernetesObject) -> String? {
        for rule in ingress["spec", "rules"]?.arrayValue ?? [] {
            for path in rule["http", "paths"]?.arrayValue ?? [] where path["backend", "service"] == nil {
                return "nil pointer: a path of Ingress \(ingress.key) has no Service"
            }
        }
        for (key, action) in actions(of: ingress) where kind(of: action) == "forwardgroup" {
            if config(of: action) == nil {
                return "nil pointer: \(key) of Ingress \(ingress.key) has a ForwardGroup without config"
            }
        }
        return nil
    }

    /// What makes a pass over the group fall over, so that it ends without a word; nil when nothing does.
    static func ofPass(_ ingress: KubernetesObject) -> String? {
        for (key, action) in actions(of: ingress) {
            guard let kind = kind(of: action) else { return "nil pointer: \(key) has an action without type" }
            if !known.contains(kind) { return "nil pointer: \(key) has an action of type \(kind)" }
            if config(of: action) == nil { return "nil pointer: \(key) has a \(kind) without config" }
        }
        let annotations = Annotations(ingress.annotations, profile: .oss)
        guard annotations.isTrue(.canary) else { return nil }
        let rules = ingress["spec", "rules"]?.arrayValue ?? []
        return rules.contains { $0["http"]?.objectValue == nil }
            ? "nil pointer: canary Ingress \(ingress.key) has a rule without http" : nil
    }

    /// True when the default backend is no Service: it stops every look at servers.
    static func stopsServers(_ ingress: KubernetesObject) -> Bool {
        ingress["spec", "defaultBackend"]?["resource"]?.objectValue != nil
    }

    private static let known: Set<String> = [
        "fixedresponse", "redirect", "insertheader", "removeheader", "trafficlimit", "trafficmirror",
        "rewrite", "forwardgroup", "cors",
    ]

    /// The actions that the annotations of paths hold, as far as they are JSON.
    private static func actions(of ingress: KubernetesObject) -> [(key: String, action: JSONValue)] {
        let annotations = Annotations(ingress.annotations, profile: .oss)
        let used = IngressReferences.pathServices(ingress)
        return annotations.services(of: "actions").filter(used.contains).flatMap { service in
            let text = annotations.ofService("actions", service) ?? ""
            let items = (try? JSONValue(parsing: text))?.arrayValue ?? []
            let key = "\(AnnotationName.prefix)actions.\(service)"
            return items.map { (key: key, action: $0) }
        }
    }

    private static func kind(of action: JSONValue) -> String? {
        action.member("type")?.stringValue?.lowercased()
    }

    private static func config(of action: JSONValue) -> JSONValue? {
        guard let kind = kind(of: action) else { return nil }
        let found = kind == "forwardgroup" ? action.member("forwardConfig") : nil
        let config = found ?? action.member(kind + "Config")
        return config?.objectValue == nil ? nil : config
    }
}
