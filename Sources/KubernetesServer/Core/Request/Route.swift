// SPDX-License-Identifier: Apache-2.0

/// What a path names.
enum Route: Equatable {
    /// `/healthz`, `/livez`, `/readyz`, with the part behind them.
    case health(String, check: String?)
    /// `/version`.
    case version
    /// `/metrics`.
    case metrics
    /// `/api`: the versions of the core group.
    case coreVersions
    /// `/apis`: the other groups.
    case groups
    /// `/apis/GROUP`.
    case group(String)
    /// `/api/v1`, `/apis/GROUP/VERSION`.
    case groupVersion(String, String)
    /// Objects.
    case resource(ResourcePath)
    /// `/openapi/…`, what stands behind it.
    case openAPI([String])
    /// Nothing at all: answered in plain text.
    case nothing

    /// Reads a path.
    init(_ segments: [String]) {
        switch segments.first {
        case "healthz"?, "livez"?, "readyz"?:
            let check = segments.count > 1 ? segments.dropFirst().joined(separator: "/") : nil
            self = .health(segments[0], check: check)
        case "version"? where segments.count == 1: self = .version
        case "metrics"? where segments.count == 1: self = .metrics
        case "api"?: self = Self.core(segments.dropFirst())
        case "apis"?: self = Self.named(segments.dropFirst())
        case "openapi"? where segments.count > 1: self = .openAPI(Array(segments.dropFirst()))
        default: self = .nothing
        }
    }

    private static func core(_ rest: ArraySlice<String>) -> Route {
        guard let version = rest.first else { return .coreVersions }
        let path = rest.dropFirst()
        return path.isEmpty ? .groupVersion("", version) : resource("", version, path)
    }

    private static func named(_ rest: ArraySlice<String>) -> Route {
        let parts = Array(rest)
        switch parts.count {
        case 0: return .groups
        case 1: return .group(parts[0])
        case 2: return .groupVersion(parts[0], parts[1])
        default: return resource(parts[0], parts[1], parts[2...])
        }
    }

    private static func resource(_ group: String, _ version: String, _ path: ArraySlice<String>) -> Route {
        var parts = Array(path)
        var isWatch = false
        if parts.first == "watch", parts.count > 1 {
            isWatch = true
            parts.removeFirst()
        }
        var namespace: String?
        let isNamespaceItself = parts.count == 3 && ["status", "finalize"].contains(parts[2])
        if parts[0] == "namespaces", parts.count > 2, !isNamespaceItself {
            namespace = parts[1]
            parts.removeFirst(2)
        }
        guard parts.count <= 3 else { return .nothing }
        return .resource(
            ResourcePath(
                group: group,
                version: version,
                namespace: namespace,
                plural: parts[0],
                name: parts.count > 1 ? parts[1] : nil,
                subresource: parts.count > 2 ? parts[2] : nil,
                isWatch: isWatch
            )
        )
    }
}

/// A path to objects of one resource.
struct ResourcePath: Equatable {
    var group: String
    var version: String
    /// nil for cluster-scoped resources, and for all namespaces.
    var namespace: String?
    var plural: String
    /// nil for the collection.
    var name: String?
    var subresource: String?
    /// True for the old form of watching, `/watch/…`.
    var isWatch: Bool

    /// How the table of resources names it.
    var key: String { Self.key(group, version, plural) }

    static func key(_ group: String, _ version: String, _ plural: String) -> String {
        "\(group)/\(version)/\(plural)"
    }
}

/// What a request wants done.
enum Verb: String, Sendable {
    case get, list, watch, create, update, patch, delete, deletecollection

    /// The verb of a method on a path; nil when the method does not fit the path.
    init?(method: String, path: ResourcePath, isWatch: Bool) {
        switch (method, path.name) {
        case ("GET", nil), ("HEAD", nil): self = isWatch || path.isWatch ? .watch : .list
        case ("GET", _?), ("HEAD", _?): self = isWatch || path.isWatch ? .watch : .get
        case ("POST", nil): self = .create
        case ("POST", _?) where path.subresource != nil: self = .create
        case ("PUT", _?): self = .update
        case ("PATCH", _?): self = .patch
        case ("DELETE", nil): self = .deletecollection
        case ("DELETE", _?): self = .delete
        default: return nil
        }
    }
}
