// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What a caller wants to do, as rules look at it.
struct AccessRequest: Equatable, Sendable {
    var verb: String
    /// The path, for requests that are about no objects; then the members below are empty.
    var path = ""
    var group = ""
    var resource = ""
    var subresource = ""
    var namespace = ""
    var name = ""

    /// A request about objects.
    init(verb: String, _ path: ResourcePath) {
        self.verb = verb
        group = path.group
        resource = path.plural
        subresource = path.subresource ?? ""
        namespace = path.namespace ?? ""
        name = path.name ?? ""
    }

    /// A request for a document of the server.
    init(verb: String, path: String) {
        self.verb = verb
        self.path = path
    }

    /// What a review asks for.
    init(review spec: JSONValue) {
        if let attributes = spec["nonResourceAttributes"] {
            self.init(
                verb: attributes["verb"]?.stringValue ?? "",
                path: attributes["path"]?.stringValue ?? ""
            )
            return
        }
        let attributes = spec["resourceAttributes"]
        func text(_ name: String) -> String { attributes?[name]?.stringValue ?? "" }
        let path = ResourcePath(
            group: text("group"),
            version: "v1",
            namespace: text("namespace"),
            plural: text("resource"),
            name: text("name"),
            subresource: text("subresource"),
            isWatch: false
        )
        self.init(verb: text("verb"), path)
    }

    /// The resource with its subresource, `pods/log`.
    var fullResource: String { subresource.isEmpty ? resource : "\(resource)/\(subresource)" }

    /// The refusal of the request.
    ///
    /// - Source: the messages of a kube-apiserver 1.36 (seen upstream).
    func refusal(of caller: Caller) -> KubernetesStatus {
        let user = JSONValue.string(caller.name).text
        if !path.isEmpty {
            return KubernetesStatus(
                code: 403,
                reason: "Forbidden",
                message: "forbidden: User \(user) cannot \(verb) path \(JSONValue.string(path).text)"
            )
        }
        let qualified = group.isEmpty ? resource : "\(resource).\(group)"
        let subject = name.isEmpty ? qualified : "\(qualified) \"\(name)\""
        let place = namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(namespace)\""
        return KubernetesStatus(
            code: 403,
            reason: "Forbidden",
            message:
                "\(subject) is forbidden: User \(user) cannot \(verb) resource \"\(fullResource)\" in API group "
                + "\"\(group)\" \(place)",
            name: name,
            group: group,
            kind: resource
        )
    }
}
