// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

extension Registry {
    // MARK: Who calls

    /// Who shows a token; nil for one that nobody has.
    func caller(token: String) -> Caller? {
        if configuration.tokens?.contains(token) ?? false { return .administrator }
        guard let issued = issuedTokens[token], issued.until > host.clock.now,
            let account = stores[ResourceType.serviceAccounts.qualifiedName]?[
                StoredObject.key(issued.namespace, issued.name)
            ], account.uid == issued.uid
        else { return nil }
        return .serviceAccount(namespace: issued.namespace, name: issued.name, uid: issued.uid)
    }

    // MARK: What callers may do

    /// Why a caller may do something; nil when nothing allows it.
    func allows(_ caller: Caller, _ request: AccessRequest) -> String? {
        if caller.groups.contains(Caller.mastersGroup) { return "" }
        var reason: String?
        eachRule(of: caller, namespace: request.namespace) { rule, why in
            if reason == nil, rule.allows(request) { reason = why }
        }
        return reason
    }

    private func eachRule(of caller: Caller, namespace: String, _ body: (RoleRule, String) -> Void) {
        if caller.groups.contains(Caller.mastersGroup) {
            for rule in RoleRule.everything { body(rule, "") }
        }
        for rule in RoleRule.forAll { body(rule, "") }
        if caller != .anonymous { for rule in RoleRule.forAuthenticated { body(rule, "") } }
        for (storage, place) in [("clusterrolebindings", nil), ("rolebindings", namespace)]
            as [(String, String?)]
        {
            if place == "" { continue }
            let store = stores["\(storage).rbac.authorization.k8s.io"] ?? ObjectStore()
            for stored in store.list(namespace: place) {
                guard let binding = try? object(stored),
                    let subject = (binding["subjects"]?.arrayValue ?? []).first(where: { isMeant($0, caller) }
                    )
                else { continue }
                let kind = place == nil ? "ClusterRoleBinding" : "RoleBinding"
                let name = place == nil ? stored.name : "\(stored.name)/\(stored.namespace)"
                let role = binding["roleRef"]
                let why =
                    "RBAC: allowed by \(kind) \"\(name)\" of \(role?["kind"]?.stringValue ?? "") "
                    + "\"\(role?["name"]?.stringValue ?? "")\" to \(subject["kind"]?.stringValue ?? "") "
                    + "\"\(subject["name"]?.stringValue ?? "")\(Self.home(subject))\""
                for rule in rules(of: role, in: stored.namespace) { body(rule, why) }
            }
        }
    }

    private static func home(_ subject: JSONValue) -> String {
        guard subject["kind"] == "ServiceAccount" else { return "" }
        return "/\(subject["namespace"]?.stringValue ?? "")"
    }

    private func isMeant(_ subject: JSONValue, _ caller: Caller) -> Bool {
        let name = subject["name"]?.stringValue ?? ""
        switch subject["kind"]?.stringValue {
        case "User": return name == caller.name
        case "Group": return caller.groups.contains(name)
        default:
            return caller.name == "system:serviceaccount:\(subject["namespace"]?.stringValue ?? ""):\(name)"
        }
    }

    private func rules(of role: JSONValue?, in namespace: String) -> [RoleRule] {
        let name = role?["name"]?.stringValue ?? ""
        let isCluster = role?["kind"] == "ClusterRole"
        let storage = "\(isCluster ? "clusterroles" : "roles").rbac.authorization.k8s.io"
        let key = StoredObject.key(isCluster ? "" : namespace, name)
        guard let stored = stores[storage]?[key], let found = try? object(stored) else {
            return isCluster && name == "cluster-admin" ? RoleRule.everything : []
        }
        return (found["rules"]?.arrayValue ?? []).map { RoleRule($0) }
    }

    // MARK: Reviews

    /// Answers a review: it is looked at and not kept.
    func review(_ call: Call) throws(KubernetesStatus) -> Answer {
        try call.checkWriter()
        var decoded = try decodeBody(call)
        try checkNamespace(&decoded.object, call)
        var review = decoded.object
        let kind = call.resource.type.kind
        switch kind {
        case "SelfSubjectReview":
            review.metadata.creationTimestamp = now
            review.content["status"] = ["userInfo": call.caller.userInfo]
        case "SelfSubjectRulesReview":
            let namespace = review["spec", "namespace"]?.stringValue ?? ""
            if namespace.isEmpty { throw Refusal.badRequest("no namespace on request") }
            review.content["spec"] = [:]
            review.content["status"] = rulesStatus(call.caller, namespace)
        case "TokenReview":
            let token = review["spec", "token"]?.stringValue ?? ""
            if token.isEmpty {
                throw Refusal.badRequest("token is required for TokenReview in authentication")
            }
            review.metadata.managedFields = managers(ofNew: review, call.resource, call.writer)
            review.content["status"] = tokenStatus(token, review["spec", "audiences"])
        default:
            try ReviewRules.check(review, call.resource.type)
            review.metadata.managedFields = managers(ofNew: review, call.resource, call.writer)
            let spec = review.content["spec"] ?? [:]
            let subject = kind == "SelfSubjectAccessReview" ? call.caller : Self.subject(spec)
            let reason = allows(subject, AccessRequest(review: spec))
            var status: JSONObject = ["allowed": .bool(reason != nil)]
            if let reason, !reason.isEmpty { status["reason"] = .string(reason) }
            review.content["status"] = .object(status)
        }
        return Answer(
            status: 201,
            body: .json(shown(call.resource, review, nil)),
            warnings: decoded.warnings
        )
    }

    private static func subject(_ spec: JSONValue) -> Caller {
        let groups = spec["groups"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return Caller(name: spec["user"]?.stringValue ?? "", groups: groups)
    }

    private func rulesStatus(_ caller: Caller, _ namespace: String) -> JSONValue {
        var found: [RoleRule] = []
        eachRule(of: caller, namespace: namespace) { rule, _ in
            if !found.contains(rule) { found.append(rule) }
        }
        return [
            "resourceRules": .array(found.filter(\.paths.isEmpty).map(\.json)),
            "nonResourceRules": .array(found.filter { !$0.paths.isEmpty }.map(\.json)), "incomplete": false,
        ]
    }

    private func tokenStatus(_ token: String, _ audiences: JSONValue?) -> JSONValue {
        guard let caller = caller(token: token) else {
            return ["user": [:], "error": "invalid bearer token"]
        }
        return [
            "authenticated": true, "user": caller.userInfo,
            "audiences": audiences ?? [.string(Self.audience)],
        ]
    }

    // MARK: Tokens

    private static let audience = "https://kubernetes.default.svc.cluster.local"

    /// Issues a token for a ServiceAccount.
    func issueToken(_ call: Call) throws(KubernetesStatus) -> Answer {
        try call.checkWriter()
        guard let place = Schema.builtIn.place("TokenRequest") else { preconditionFailure("no TokenRequest") }
        let type = ResourceType(
            group: "authentication.k8s.io",
            version: "v1",
            plural: "tokenrequests",
            singular: "tokenrequest",
            kind: "TokenRequest",
            isNamespaced: true
        )
        let resource = ServedResource(type, shape: .builtIn(place), rules: KindRules())
        var request: ResourceObject
        do {
            (request, _) = try decode(try json(call), resource)
        } catch let mistake as DecodingMistake {
            throw Refusal.badRequest(
                "TokenRequest in version \"v1\" cannot be handled as a TokenRequest: \(mistake.message)"
            )
        } catch let status as KubernetesStatus {
            throw status
        } catch {
            throw Refusal.internalError("\(error)")
        }
        guard let account = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        let seconds = Int64(request["spec", "expirationSeconds"]?.intValue ?? 3600)
        try ReviewRules.checkToken(seconds: seconds)
        request.metadata.managedFields = managers(ofNew: request, resource, call.writer)
        request.metadata.name = account.name
        request.metadata.namespace = account.namespace
        request.metadata.uid = account.uid
        request.metadata.creationTimestamp = now
        if request["spec", "audiences"]?.arrayValue?.isEmpty ?? true {
            request.set(["spec", "audiences"], [.string(Self.audience)])
        }
        if request["spec", "boundObjectRef"] == nil || request["spec", "boundObjectRef", "name"] == nil {
            request.set(["spec", "boundObjectRef"], .null)
        }
        let until = host.clock.now.advanced(by: .seconds(seconds))
        let audiences = request["spec", "audiences"] ?? []
        let token = call.isDryRun ? "" : makeToken(account, until, audiences)
        request.content["status"] = [
            "token": .string(token), "expirationTimestamp": .string(until.rfc3339),
        ]
        return Answer(status: 201, body: .json(shown(resource, request, nil)))
    }

    /// A token in the form of the real ones; its signature is random, and known to this server alone.
    private func makeToken(_ account: StoredObject, _ until: Instant, _ audiences: JSONValue) -> String {
        func encode(_ json: JSONValue) -> String {
            String(
                Base64.encode(json.bytes).compactMap {
                    $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0
                }
            )
        }
        let now = host.clock.now
        let subject: JSONValue = [
            "namespace": .string(account.namespace),
            "serviceaccount": ["name": .string(account.name), "uid": .string(account.uid)],
        ]
        let claims: JSONValue = [
            "aud": audiences, "exp": .integer(until.nanoseconds / 1_000_000_000),
            "iat": .integer(now.nanoseconds / 1_000_000_000), "iss": .string(Self.audience),
            "jti": .string(makeUID()), "kubernetes.io": subject,
            "nbf": .integer(now.nanoseconds / 1_000_000_000),
            "sub": .string("system:serviceaccount:\(account.namespace):\(account.name)"),
        ]
        let head = encode(["alg": "RS256", "kid": "albedo"])
        let signature = makeUID() + makeUID()
        let token = "\(head).\(encode(claims)).\(signature.filter { $0 != "-" })"
        // Tokens that are over make room.
        if issuedTokens.count >= 1000 { issuedTokens = issuedTokens.filter { $0.value.until > now } }
        issuedTokens[token] = IssuedToken(
            namespace: account.namespace,
            name: account.name,
            uid: account.uid,
            until: until
        )
        return token
    }
}

/// For whom a token was issued.
struct IssuedToken {
    let namespace: String
    let name: String
    let uid: String
    let until: Instant
}
