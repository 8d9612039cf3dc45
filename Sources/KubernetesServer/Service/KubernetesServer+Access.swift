// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import KubernetesAPI
import Ports
import Synchronization

extension KubernetesServer {
    /// Finds out who calls, and whether the caller may.
    ///
    /// - Throws: `KubernetesStatus` 401 for what nobody has, 403 for what the caller may not.
    func admit(
        _ request: HTTPServerRequest,
        _ route: Route,
        _ target: RequestTarget
    ) throws(KubernetesStatus) -> Caller {
        guard configuration.tokens != nil else { return .administrator }
        let caller = try impersonated(request, by: try caller(request))
        if caller.groups.contains(Caller.mastersGroup) { return caller }
        let access: AccessRequest
        if case .resource(let path) = route {
            let method = request.head.method.rawValue
            let verb = Verb(method: method, path: path, isWatch: target.truth("watch") ?? false)
            access = AccessRequest(verb: verb?.rawValue ?? method.lowercased(), path)
        } else {
            let path = "/" + target.segments.joined(separator: "/")
            access = AccessRequest(verb: request.head.method.rawValue.lowercased(), path: path)
        }
        if registry.withLock({ $0.allows(caller, access) }) == nil { throw access.refusal(of: caller) }
        return caller
    }

    private func caller(_ request: HTTPServerRequest) throws(KubernetesStatus) -> Caller {
        var isStranger = false
        if let chain = request.facts.tls?.clientCertificate, let certified = configuration.certified {
            if let found = certified(chain) { return .certified(name: found.name, groups: found.groups) }
            // A token may still say who it is.
            isStranger = true
        }
        guard let header = request.head.headerFields.value(of: .authorization), !header.isEmpty else {
            if isStranger { throw Self.unauthorized }
            return .anonymous
        }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let caller = registry.withLock({ $0.caller(token: String(parts[1])) })
        else { throw Self.unauthorized }
        return caller
    }

    /// Whom a caller acts for; the caller itself when the request names nobody.
    ///
    /// - Source: user impersonation in the Kubernetes documentation on authentication (documented).
    private func impersonated(
        _ request: HTTPServerRequest,
        by caller: Caller
    ) throws(KubernetesStatus) -> Caller {
        let fields = request.head.headerFields
        func values(_ name: HTTPField.Name?) -> [String] { name.map { fields[values: $0] } ?? [] }
        // Nearly nobody does; their names are of one kind.
        guard
            fields.contains(where: { field in
                let name = field.name.canonicalName
                return name.utf8.first == UInt8(ascii: "i") && name.hasPrefix("impersonate-")
            })
        else {
            return caller
        }
        let groups = values(.impersonatedGroup)
        guard let name = values(.impersonatedUser).first, !name.isEmpty else {
            if groups.isEmpty { return caller }
            throw Refusal.internalError("requested [{Group  \(groups[0])}] without impersonating a user")
        }
        let wanted = [("users", name)] + groups.map { ("groups", $0) }
        for (resource, subject) in wanted {
            let path = ResourcePath(
                group: "",
                version: "v1",
                namespace: nil,
                plural: resource,
                name: subject,
                subresource: nil,
                isWatch: false
            )
            let access = AccessRequest(verb: "impersonate", path)
            if registry.withLock({ $0.allows(caller, access) }) == nil { throw access.refusal(of: caller) }
        }
        var result = Caller(name: name, uid: values(.impersonatedUID).first ?? "", groups: groups)
        result.addUsualGroups()
        return result
    }

    private static let unauthorized = KubernetesStatus(
        code: 401,
        reason: "Unauthorized",
        message: "Unauthorized"
    )
}
