// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports
import Synchronization

extension KubernetesServer {
    /// Counts an answered request.
    func count(_ asked: AskedRequest, _ reply: Reply, _ time: Duration) {
        let (request, verb) = (asked.request, asked.verb)
        var kind = RequestMetrics.Kind(verb: request.head.method.rawValue)
        var isLong = false
        switch asked.route {
        case .resource(let path):
            let isConnected = ["exec", "attach", "portforward", "log"].contains(path.subresource)
            isLong = verb == "watch" || isConnected
            kind.verb = Self.metricVerb(verb, request, isConnected: isConnected)
            (kind.group, kind.version, kind.resource) = (path.group, path.version, path.plural)
            kind.subresource = path.subresource ?? ""
            kind.scope = path.name != nil ? "resource" : path.namespace != nil ? "namespace" : "cluster"
            if asked.target["dryRun"] != nil, asked.target.all("dryRun").contains("All") {
                kind.dryRun = "All"
            }
            // What is not served is no label: anybody could make any number of them.
            if !reply.isOfServed, registry.withLock({ $0.resource(path) }) == nil {
                kind = RequestMetrics.Kind(verb: kind.verb)
            }
        case .nothing: break
        case .health(let endpoint, _): kind.subresource = "/\(endpoint)"
        case .version: kind.subresource = "/version"
        case .metrics: kind.subresource = "/metrics"
        case .coreVersions, .groups, .group, .groupVersion: kind.subresource = "/discovery"
        case .openAPI: kind.subresource = "/openapi"
        }
        metrics.withLock { $0.count(kind, code: reply.status, took: isLong ? nil : time) }
    }

    private static func metricVerb(
        _ verb: String,
        _ request: HTTPServerRequest,
        isConnected: Bool
    ) -> String {
        if isConnected { return "CONNECT" }
        switch verb {
        case "create": return "POST"
        case "update": return "PUT"
        case "patch":
            let isApply =
                request.head.headerFields[.contentType]?.hasPrefix("application/apply-patch") ?? false
            return isApply ? "APPLY" : "PATCH"
        default: return verb.uppercased()
        }
    }

    /// `/metrics`.
    func metricsText() -> String {
        let (watches, objects) = registry.withLock { registry in
            var watches: [String: Int] = [:]
            for watch in registry.hub.all {
                let type = watch.resource.type
                let labels =
                    "group=\"\(type.group)\",kind=\"\(type.kind)\",version=\"\(type.version)\""
                watches[labels, default: 0] += 1
            }
            let objects = registry.allResources.filter { !$0.isReview && !$0.isNewEvents }
                .map { ($0.storage, registry.store($0).count) }
            return (watches, objects)
        }
        var lines = [
            "# HELP apiserver_registered_watchers [ALPHA] Open watches, by kind.",
            "# TYPE apiserver_registered_watchers gauge",
        ]
        for (labels, count) in watches.sorted(by: { $0.key < $1.key }) {
            lines.append("apiserver_registered_watchers{\(labels)} \(count)")
        }
        lines += [
            "# HELP apiserver_storage_objects [STABLE] Stored objects, by resource.",
            "# TYPE apiserver_storage_objects gauge",
        ]
        var seen: Set<String> = []
        for (resource, count) in objects where seen.insert(resource).inserted {
            lines.append("apiserver_storage_objects{resource=\"\(resource)\"} \(count)")
        }
        lines += [
            "# HELP kubernetes_build_info [ALPHA] The version that is imitated.",
            "# TYPE kubernetes_build_info gauge",
            "kubernetes_build_info{git_version=\"\(Discovery.version["gitVersion"]?.stringValue ?? "")\","
                + "major=\"1\",minor=\"36\"} 1",
        ]
        return metrics.withLock { $0.text() } + lines.joined(separator: "\n") + "\n"
    }
}
