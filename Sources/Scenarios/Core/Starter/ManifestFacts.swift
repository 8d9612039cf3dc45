// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What a first scenario wants to know of manifests.
struct ManifestFacts {
    /// Something to ask for.
    struct Route: Hashable {
        /// The traffic's name.
        var name: String
        /// What is asked for.
        var url: String
    }

    /// A Secret that Ingresses name and nobody gives.
    struct MissingSecret: Hashable {
        var namespace: String
        var name: String
        var hosts: [String]
    }

    /// A Deployment that can be rolled out.
    struct Rollout: Hashable {
        var namespace: String
        var name: String
        var container: String
        /// Its image under another tag.
        var image: String
    }

    /// A manifest that is missing.
    struct Extra: Hashable {
        var text: String
        var reason: String
    }

    /// More routes make a scenario that nobody reads.
    private static let routeLimit = 12

    private let objects: [KubernetesObject]
    private let ingresses: [KubernetesObject]
    let routes: [Route]
    let missingCertificates: [MissingSecret]
    let rollout: Rollout?

    init(_ objects: [KubernetesObject]) {
        self.objects = objects
        ingresses = objects.filter { $0.kind == "Ingress" }
        routes = Self.routes(of: ingresses)
        missingCertificates = Self.missingSecrets(of: ingresses, among: objects)
        rollout = Self.rollout(among: objects, for: ingresses)
    }

    /// The name of the whole: the first Ingress.
    var title: String { ingresses.first?.name ?? "The Ingress" }

    /// The only AlbConfig; nil when there are several.
    var albConfig: String? {
        let names = objects.filter { $0.kind == "AlbConfig" }.map(\.name)
        return names.count > 1 ? nil : names.first ?? "alb"
    }

    /// What was found, a line each.
    var remarks: [String] {
        var remarks = ["\(objects.count) objects, \(routes.count) routes to ask for"]
        let services = Set(objects.filter { $0.kind == "Service" }.map { "\(Self.namespace($0))/\($0.name)" })
        for ingress in ingresses {
            if ingress[path: "spec", "defaultBackend"] != nil {
                remarks.append(
                    "Ingress \(ingress.name) has a default backend, which the load balancer does not serve: "
                        + "write a rule with the path / in its place"
                )
            }
            for path in Self.paths(of: ingress) {
                guard let name = path.backend?["service"]?["name"]?.stringValue else { continue }
                let key = "\(Self.namespace(ingress))/\(name)"
                if !services.contains(key) {
                    remarks.append(
                        "Ingress \(ingress.name) names the Service \(key), which the manifests do not hold"
                    )
                }
            }
        }
        if let rollout { remarks.append("the Deployment \(rollout.namespace)/\(rollout.name) is rolled out") }
        for secret in missingCertificates {
            remarks.append("the Secret \(secret.namespace)/\(secret.name) is missing: a step makes it")
        }
        return remarks.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func namespace(_ object: KubernetesObject) -> String {
        object.namespace.isEmpty ? "default" : object.namespace
    }

    // MARK: Routes

    private struct Path {
        var host: String
        var path: String
        var backend: JSONValue?
        var isDefault = false
    }

    private static func paths(of ingress: KubernetesObject) -> [Path] {
        let rules = ingress[path: "spec", "rules"]?.arrayValue ?? []
        var paths = rules.flatMap { rule in
            (rule["http"]?["paths"]?.arrayValue ?? []).map {
                Path(
                    host: rule["host"]?.stringValue ?? "",
                    path: $0["path"]?.stringValue ?? "/",
                    backend: $0["backend"]
                )
            }
        }
        if let backend = ingress[path: "spec", "defaultBackend"] {
            paths.append(Path(host: "", path: "/", backend: backend, isDefault: true))
        }
        return paths
    }

    private static func routes(of ingresses: [KubernetesObject]) -> [Route] {
        var routes: [Route] = []
        for ingress in ingresses {
            let secure = (ingress[path: "spec", "tls"]?.arrayValue ?? []).flatMap {
                $0["hosts"]?.arrayValue?.compactMap(\.stringValue) ?? []
            }
            // A default backend never becomes a rule: there is nothing to ask it for.
            for path in paths(of: ingress) where !path.isDefault {
                let host = asked(path.host.isEmpty ? "www.example.com" : path.host)
                let isSecure = secure.contains { $0 == path.host || asked($0) == host }
                let url = "\(isSecure ? "https" : "http")://\(host)\(asked(path: path.path))"
                guard !routes.contains(where: { $0.url == url }), routes.count < routeLimit else { continue }
                routes.append(Route(name: name(of: url, besides: routes.map(\.name)), url: url))
            }
        }
        return routes
    }

    /// A host that a wildcard covers.
    private static func asked(_ host: String) -> String {
        host.hasPrefix("*.") ? "www" + host.dropFirst() : host
    }

    /// A path that a pattern covers, without what only a pattern has.
    private static func asked(path: String) -> String {
        let beginning = path.prefix { !"*?~()[]{}^$|\\ ".contains($0) }
        return beginning.hasPrefix("/") ? String(beginning) : "/" + beginning
    }

    /// `shop-cart` for `http://shop.example.com/cart`.
    private static func name(of url: String, besides names: [String]) -> String {
        let rest = url.split(separator: "/").dropFirst()
        let host = rest.first?.prefix { $0 != "." } ?? "traffic"
        let words = ([host] + rest.dropFirst()).map { word in
            String(word.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        }
        var base = words.joined(separator: "-")
        while base.hasSuffix("-") { base.removeLast() }
        if base.first.map({ !$0.isLetter }) ?? true { base = "to-" + base }
        var name = base
        var number = 2
        while names.contains(name) {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }

    // MARK: What is missing

    private static func missingSecrets(
        of ingresses: [KubernetesObject],
        among objects: [KubernetesObject]
    ) -> [MissingSecret] {
        let given = objects.filter { $0.kind == "Secret" }.map { "\(namespace($0))/\($0.name)" }
        var missing: [MissingSecret] = []
        for ingress in ingresses {
            for entry in ingress[path: "spec", "tls"]?.arrayValue ?? [] {
                guard let name = entry["secretName"]?.stringValue, !name.isEmpty else { continue }
                let space = namespace(ingress)
                guard !given.contains("\(space)/\(name)") else { continue }
                let hosts = entry["hosts"]?.arrayValue?.compactMap(\.stringValue) ?? []
                let rules = paths(of: ingress).map(\.host).filter { !$0.isEmpty }
                let wanted = hosts.isEmpty ? rules : hosts
                if let place = missing.firstIndex(where: { $0.namespace == space && $0.name == name }) {
                    missing[place].hosts += wanted.filter { !missing[place].hosts.contains($0) }
                } else if !wanted.isEmpty {
                    missing.append(MissingSecret(namespace: space, name: name, hosts: wanted))
                }
            }
        }
        return missing
    }

    /// The first Deployment, one behind an Ingress' Service if there is any.
    private static func rollout(
        among objects: [KubernetesObject],
        for ingresses: [KubernetesObject]
    ) -> Rollout? {
        let names = Set(
            ingresses.flatMap { ingress in
                paths(of: ingress).compactMap { $0.backend?["service"]?["name"]?.stringValue }
            }
        )
        let selectors = objects.filter { $0.kind == "Service" && names.contains($0.name) }.compactMap {
            $0[path: "spec", "selector"]?.objectValue
        }
        func isBehind(_ deployment: KubernetesObject) -> Bool {
            let labels = deployment[path: "spec", "template", "metadata", "labels"]
            return selectors.contains { selector in
                !selector.isEmpty && selector.members.allSatisfy { labels?[$0.key] == $0.value }
            }
        }
        let deployments = objects.filter { $0.kind == "Deployment" }
        guard let chosen = deployments.first(where: isBehind) ?? deployments.first,
            let container = chosen[path: "spec", "template", "spec", "containers"]?[0],
            let name = container["name"]?.stringValue, let image = container["image"]?.stringValue
        else { return nil }
        // A digest or a tag is what comes behind the last colon that is behind the last slash.
        let repository = image.split(separator: "@")[0]
        let last = repository.split(separator: "/").last ?? repository
        let bare =
            last.contains(":")
            ? repository[..<(repository.lastIndex(of: ":") ?? repository.endIndex)] : repository
        return Rollout(
            namespace: namespace(chosen),
            name: chosen.name,
            container: name,
            image: "\(bare):next"
        )
    }

    /// Namespaces that objects lie in and nobody makes; those that every cluster has are not missing.
    private var missingNamespaces: [String] {
        let made =
            objects.filter { $0.kind == "Namespace" }.map(\.name)
            + ["default", "kube-system", "kube-public", "kube-node-lease"]
        return objects.map(\.namespace).reduce(into: []) { missing, name in
            if !name.isEmpty, !made.contains(name), !missing.contains(name) { missing.append(name) }
        }
    }

    /// Why there is nothing to ask for, and what to do.
    var nothingToAsk: (message: String, help: String) {
        let old = objects.first { $0.kind == "Ingress" && $0.apiVersion != "networking.k8s.io/v1" }
        if let old {
            return (
                "the Ingress \(old.name) is of \(old.apiVersion), which API servers no longer serve",
                "write it anew for networking.k8s.io/v1"
            )
        }
        if let ingress = ingresses.first(where: { $0[path: "spec", "defaultBackend"] != nil }) {
            return (
                "the Ingress \(ingress.name) has a default backend alone, which the load balancer does not serve",
                "write a rule with the path / in its place"
            )
        }
        var kinds: [String] = []
        for kind in objects.map(\.kind) where !kinds.contains(kind) { kinds.append(kind) }
        let held = kinds.isEmpty ? "" : "; they hold \(kinds.prefix(6).joined(separator: ", "))"
        return (
            "the manifests hold no Ingress with a path, so there is nothing to ask for\(held)",
            "name the files that hold your Ingresses too"
        )
    }

    /// The namespaces, the IngressClass and the AlbConfig that the manifests need and lack.
    var extras: [Extra] {
        var extras = missingNamespaces.map { name in
            Extra(
                text: """
                    apiVersion: v1
                    kind: Namespace
                    metadata:
                      name: \(FirstScenario.quoted(name))

                    """,
                reason: "Namespace \(name)"
            )
        }
        let classes = objects.filter { $0.kind == "IngressClass" }.map(\.name)
        let configs = objects.filter { $0.kind == "AlbConfig" }.map(\.name)
        let config = configs.first ?? "alb"
        var wanted = ingresses.map { ingress in
            ingress[path: "spec", "ingressClassName"]?.stringValue
                ?? ingress[path: "metadata", "annotations", "kubernetes.io/ingress.class"]?.stringValue ?? ""
        }
        wanted = wanted.reduce(into: []) { if !$0.contains($1), !$1.isEmpty { $0.append($1) } }
        for name in wanted where !classes.contains(name) {
            extras.append(
                Extra(
                    text: """
                        apiVersion: networking.k8s.io/v1
                        kind: IngressClass
                        metadata:
                          name: \(FirstScenario.quoted(name))
                        spec:
                          controller: ingress.k8s.alibabacloud/alb
                          parameters:
                            apiGroup: alibabacloud.com
                            kind: AlbConfig
                            name: \(FirstScenario.quoted(config))

                        """,
                    reason: "IngressClass \(name)"
                )
            )
        }
        if configs.isEmpty {
            let isSecure = routes.contains { $0.url.hasPrefix("https") }
            extras.append(
                Extra(
                    text: """
                        apiVersion: alibabacloud.com/v1
                        kind: AlbConfig
                        metadata:
                          name: alb
                        spec:
                          config:
                            name: alb
                            addressType: Internet
                            zoneMappings:
                              - vSwitchId: vsw-bp1albedo000000000001
                              - vSwitchId: vsw-bp1albedo000000000002
                          listeners:
                            - port: 80
                              protocol: HTTP
                        \(isSecure ? "    - port: 443\n      protocol: HTTPS\n" : "")
                        """,
                    reason: "AlbConfig alb with the listeners that the routes need"
                )
            )
        }
        return extras
    }
}
