// SPDX-License-Identifier: Apache-2.0
import CloudServer
import HTTPTypes
import KubernetesServer
import Ports

/// What answers on the cloud's address: the cloud, and the API server's paths too.
///
/// - Source: the vendor's SDK puts its HTTP proxy into the transport that a Kubernetes client without TLS shares,
///   so Kubernetes calls can arrive here in absolute form; seen upstream.
struct CloudGateway: Sendable {
    let cloud: CloudServer
    let kubernetes: KubernetesServer

    private static let kubernetesRoots: Set<Substring> = [
        "api", "apis", "version", "openapi", "healthz", "livez", "readyz",
    ]

    func handle(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let target = Self.originForm(request.head.path ?? "/")
        guard Self.isForKubernetes(target) else { return await cloud.handle(request) }
        var local = request
        local.head.path = target
        return await kubernetes.handle(local)
    }

    /// Answers what the cloud can answer without waiting.
    func handlePromptly(_ request: HTTPServerRequest) -> HTTPServerResponse? {
        let path = request.head.path ?? "/"
        // Most calls are to the root, with or without a query.
        let isRoot = path.utf8.dropFirst().first.map { $0 == UInt8(ascii: "?") } ?? true
        guard isRoot || !Self.isForKubernetes(Self.originForm(path)) else { return nil }
        return cloud.handlePromptly(request)
    }

    private static func isForKubernetes(_ target: String) -> Bool {
        kubernetesRoots.contains(target.dropFirst().prefix { $0 != "/" && $0 != "?" })
    }

    /// The path and query of a target, without the scheme and authority that a proxy's clients send.
    static func originForm(_ target: String) -> String {
        guard let scheme = ["http://", "https://"].first(where: { target.hasPrefix($0) }) else {
            return target
        }
        let rest = target.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
        return rest.hasPrefix("/") ? String(rest) : "/" + rest
    }
}
