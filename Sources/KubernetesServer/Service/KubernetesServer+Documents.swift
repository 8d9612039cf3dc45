// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// The table of resources at an instant, to be read outside the lock.
struct DiscoverySnapshot: Sendable {
    let resources: [ServedResource]
    let version: Int
}

extension KubernetesServer {
    /// Answers what is no object: discovery, health, version.
    func answer(_ request: HTTPServerRequest, _ route: Route) throws(KubernetesStatus) -> Reply {
        if case .nothing = route { return .plainNotFound }
        guard [.get, .head].contains(request.head.method) else { throw Refusal.methodNotAllowed() }
        let accept = request.head.headerFields[.accept]
        let acceptance = (try? Acceptance(accept: accept, encodings: [.json, .yaml, .protobuf])) ?? .plain
        let isAggregated = acceptance.form == .aggregatedDiscovery
        let snapshot = registry.withLock {
            DiscoverySnapshot(resources: $0.allResources, version: $0.resourcesVersion)
        }
        let resources = snapshot.resources
        switch route {
        case .health(let endpoint, let check):
            if check == nil, RequestTarget(request.head.path ?? "")["verbose"] != nil {
                return .text("[+]ping ok\n[+]storage ok\n\(endpoint) check passed\n")
            }
            return check == nil || check == "ping" ? .text("ok") : .plainNotFound
        case .openAPI(let path): return openAPI(path, snapshot, request)
        case .metrics: return .metrics(metricsText())
        case .version: return .json(Discovery.version)
        case .coreVersions:
            if isAggregated { return aggregated(isCore: true, snapshot, request) }
            return .json(
                Discovery.coreVersions(address: "\(request.facts.server.ip):\(request.facts.server.port)")
            )
        case .groups:
            if isAggregated { return aggregated(isCore: false, snapshot, request) }
            return .json(Discovery.groupList(resources))
        case .group(let name): return Discovery.group(name, resources).map { .json($0) } ?? .plainNotFound
        case .groupVersion(let group, let version):
            if let document = Discovery.resources(group, version, resources) { return .json(document) }
            if group.isEmpty || resources.contains(where: { $0.type.group == group }) {
                throw Refusal.noResource()
            }
            return .plainNotFound
        case .resource, .nothing: return .plainNotFound
        }
    }

    /// Discovery as one document, with its hash.
    ///
    /// - Source: k8s.io/apiserver, endpoints/discovery/aggregated (seen upstream).
    func aggregated(isCore: Bool, _ snapshot: DiscoverySnapshot, _ request: HTTPServerRequest) -> Reply {
        let name = isCore ? "aggregated core" : "aggregated"
        let found = documents.document(name, version: snapshot.version) {
            Discovery.aggregated(isCore: isCore, snapshot.resources)
        }
        guard let found else { return .plainNotFound }
        var reply = Reply.aggregated(found.bytes)
        reply.fields[.vary] = "Accept"
        tag(&reply, found, request)
        return reply
    }

    /// The OpenAPI documents.
    ///
    /// - Source: k8s.io/kube-openapi, `handler3` (seen upstream).
    func openAPI(_ path: [String], _ snapshot: DiscoverySnapshot, _ request: HTTPServerRequest) -> Reply {
        let document = OpenAPIDocument(resources: snapshot.resources)
        func made(_ name: String, _ make: () -> JSONValue?) -> DocumentCache.Document? {
            documents.document("openapi \(name)", version: snapshot.version, make: make)
        }
        let found: DocumentCache.Document?
        let group = path.dropFirst().joined(separator: "/")
        switch path.first {
        case "v2" where path.count == 1: found = made("v2") { document.swagger }
        case "v3" where path.count == 1:
            found = made("v3") {
                document.index { path in made(path) { document.groupVersion(path) }?.hash }
            }
        case "v3": found = made(group) { document.groupVersion(group) }
        default: found = nil
        }
        guard let found else { return .plainNotFound }
        var reply = Reply.json(found.bytes)
        if path.count > 1, let hash = RequestTarget(request.head.path ?? "")["hash"], !hash.isEmpty {
            guard hash == found.hash else {
                return .moved(to: "/openapi/v3/\(group)?hash=\(found.hash)")
            }
            reply.fields[.vary] = "Accept"
            reply.fields[.cacheControl] = "public"
            reply.fields[.expires] = host.clock.now.advanced(by: .seconds(365 * 86_400)).httpDate
        }
        tag(&reply, found, request)
        return reply
    }

    /// Says which document it is; a client that has it gets no body.
    private func tag(_ reply: inout Reply, _ document: DocumentCache.Document, _ request: HTTPServerRequest) {
        let tag = "\"\(document.hash)\""
        reply.fields[.eTag] = tag
        let known = request.head.headerFields[.ifNoneMatch] ?? ""
        let isKnown = known.split(separator: ",").contains { entry in
            let name = entry.filter { $0 != " " }
            return name == tag || name == "W/\(tag)"
        }
        if isKnown { reply.becomeNotModified() }
    }
}

extension Instant {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The time as header fields have it: `Mon, 02 Jan 2026 15:04:05 UTC`.
    var httpDate: String {
        let parts = rfc3339.split { "-T:Z".contains($0) }.map(String.init)
        let weekday = Self.weekdays[Int(((seconds / 86_400) % 7 + 7) % 7)]
        let month = Self.months[(Int(parts[1]) ?? 1) - 1]
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) UTC"
    }
}
