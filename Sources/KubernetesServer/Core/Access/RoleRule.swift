// SPDX-License-Identifier: Apache-2.0
import JSON

/// A rule of a Role or ClusterRole.
///
/// - Source: role based access control in the Kubernetes documentation (documented).
struct RoleRule: Equatable, Sendable {
    var verbs: [String]
    var groups: [String] = []
    var resources: [String] = []
    var names: [String] = []
    var paths: [String] = []

    init(
        verbs: [String],
        groups: [String] = [],
        resources: [String] = [],
        names: [String] = [],
        paths: [String] = []
    ) {
        self.verbs = verbs
        self.groups = groups
        self.resources = resources
        self.names = names
        self.paths = paths
    }

    init(_ json: JSONValue) {
        func texts(_ name: String) -> [String] { json[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        self.init(
            verbs: texts("verbs"),
            groups: texts("apiGroups"),
            resources: texts("resources"),
            names: texts("resourceNames"),
            paths: texts("nonResourceURLs")
        )
    }

    /// Everything.
    static let everything = [
        RoleRule(verbs: ["*"], groups: ["*"], resources: ["*"]), RoleRule(verbs: ["*"], paths: ["*"]),
    ]

    private static let open = ["/healthz", "/livez", "/readyz", "/version", "/version/"]

    /// What everybody may do: ask how the server is.
    static let forAll = [RoleRule(verbs: ["get"], paths: open)]

    /// What everybody may do whom the server knows: look at what there is, and at oneself.
    static let forAuthenticated = [
        RoleRule(
            verbs: ["create"],
            groups: ["authorization.k8s.io"],
            resources: [
                "selfsubjectaccessreviews", "selfsubjectrulesreviews",
            ]
        ),
        RoleRule(verbs: ["create"], groups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"]),
        RoleRule(
            verbs: ["get"],
            paths: ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"] + open
        ),
    ]

    /// True when the rule allows a request.
    func allows(_ request: AccessRequest) -> Bool {
        guard verbs.contains("*") || verbs.contains(request.verb) else { return false }
        if !request.path.isEmpty { return paths.contains { Self.matches($0, request.path) } }
        guard groups.contains("*") || groups.contains(request.group) else { return false }
        guard names.isEmpty || names.contains(request.name) else { return false }
        return resources.contains { resource in
            resource == "*" || resource == request.fullResource
                || (!request.subresource.isEmpty && resource == "*/\(request.subresource)")
        }
    }

    private static func matches(_ pattern: String, _ path: String) -> Bool {
        if pattern == "*" || pattern == path { return true }
        return pattern.hasSuffix("*") && path.hasPrefix(pattern.dropLast())
    }

    /// The rule as reviews show it.
    var json: JSONValue {
        func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
        var members: JSONObject = ["verbs": texts(verbs)]
        if !paths.isEmpty {
            members["nonResourceURLs"] = texts(paths)
            return .object(members)
        }
        members["apiGroups"] = texts(groups)
        members["resources"] = texts(resources)
        if !names.isEmpty { members["resourceNames"] = texts(names) }
        return .object(members)
    }
}
