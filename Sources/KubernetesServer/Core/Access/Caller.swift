// SPDX-License-Identifier: Apache-2.0
import JSON

/// Who makes a request.
struct Caller: Equatable, Sendable {
    var name: String
    var uid = ""
    var groups: [String]
    var extra: [String: [String]] = [:]

    static let mastersGroup = "system:masters"
    private static let everybody = "system:authenticated"

    /// Who shows the server's own token.
    static let administrator = Caller(name: "kubernetes-admin", groups: [mastersGroup, everybody])

    /// Who shows nothing.
    ///
    /// - Source: anonymous requests in the Kubernetes documentation on authentication (documented).
    static let anonymous = Caller(name: "system:anonymous", groups: ["system:unauthenticated"])

    /// Who shows a certificate of the cluster's authority: its subject's common name and organizations.
    static func certified(name: String, groups: [String]) -> Caller {
        Caller(name: name, groups: groups + [everybody])
    }

    /// A ServiceAccount.
    static func serviceAccount(namespace: String, name: String, uid: String) -> Caller {
        Caller(
            name: "system:serviceaccount:\(namespace):\(name)",
            uid: uid,
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", everybody]
        )
    }

    /// Gives somebody who is acted for the groups that go without saying.
    mutating func addUsualGroups() {
        if name == Self.anonymous.name {
            if groups.isEmpty { groups = Self.anonymous.groups }
            return
        }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", groups.isEmpty {
            groups = ["system:serviceaccounts", "system:serviceaccounts:\(parts[2])"]
        }
        if !groups.contains(Self.everybody) { groups.append(Self.everybody) }
    }

    /// The caller as reviews show it.
    var userInfo: JSONValue {
        var members: JSONObject = ["username": .string(name)]
        if !uid.isEmpty { members["uid"] = .string(uid) }
        if !groups.isEmpty { members["groups"] = .array(groups.map { .string($0) }) }
        if !extra.isEmpty {
            let pairs = extra.sorted { $0.key < $1.key }
            members["extra"] = .object(
                JSONObject(pairs.map { ($0.key, .array($0.value.map { .string($0) })) })
            )
        }
        return .object(members)
    }
}
