// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// An Ingress, read into the words that a build uses.
struct IngressSpec: Sendable {
    /// A tls entry.
    struct TLS: Sendable, Hashable {
        var hosts: [String]
        /// nil when the certificate is to be discovered.
        var secret: String?
    }

    /// A path of a rule.
    struct Path: Sendable, Hashable {
        var host: String
        var path: String
        var type: String
        /// nil for a backend that is not a Service.
        var backend: Backend?
    }

    /// The Service behind a path.
    struct Backend: Sendable, Hashable {
        var service: String
        /// The port's number or name as text.
        var port: String
        /// True when the port is given by name.
        var isNamed: Bool

        /// A port of this name leaves the action to the annotation.
        var usesAnnotation: Bool { isNamed && port == "use-annotation" }
    }

    let key: ObjectKey
    let annotations: Annotations
    /// What its NGINX annotations become.
    let nginx: NginxMapping
    let tls: [TLS]
    /// The hosts of all rules that have one, in order.
    let hosts: [String]
    /// The paths of all rules, in order.
    let paths: [Path]

    init(_ ingress: KubernetesObject, profile: Profile) {
        key = ingress.key
        // The open-source controller reads canary keys and ssl-redirect with either prefix, and no others.
        let nginx =
            profile.isOpenSource
            ? NginxMapping(untouched: ingress.annotations) : NginxMapping(ingress.annotations)
        self.nginx = nginx
        annotations = Annotations(nginx.annotations, profile: profile)
        let spec = ingress["spec"]
        tls = (spec?["tls"]?.arrayValue ?? []).map { entry in
            let secret = entry["secretName"]?.stringValue ?? ""
            return TLS(
                hosts: (entry["hosts"]?.texts ?? []).filter { !$0.isEmpty },
                secret: secret.isEmpty ? nil : secret
            )
        }
        let rules = spec?["rules"]?.arrayValue ?? []
        hosts = rules.compactMap { $0["host"]?.stringValue }.filter { !$0.isEmpty }
        paths = rules.flatMap { rule in
            (rule["http", "paths"]?.arrayValue ?? []).map {
                Self.path($0, host: rule["host"]?.stringValue ?? "")
            }
        }
    }

    private static func path(_ json: JSONValue, host: String) -> Path {
        let path = json["path"]?.stringValue ?? ""
        var backend: Backend?
        if let service = json["backend", "service"], let name = service["name"]?.stringValue {
            let port = service["port"]
            if let number = port?["number"]?.intValue, number > 0 {
                backend = Backend(service: name, port: String(number), isNamed: false)
            } else {
                backend = Backend(service: name, port: port?["name"]?.stringValue ?? "", isNamed: true)
            }
        }
        return Path(
            host: host,
            path: path.isEmpty ? "/" : path,
            type: json["pathType"]?.stringValue ?? "Prefix",
            backend: backend
        )
    }
}
