// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

/// The TLS policies that every account has, and which cipher goes with which version.
///
/// - Source: the product's table of system policies; documented.
enum SystemSecurityPolicies {
    private static func pairs(_ suffixes: String...) -> [String] {
        suffixes.flatMap { ["ECDHE-ECDSA-\($0)", "ECDHE-RSA-\($0)"] }
    }

    private static let strong = pairs(
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
        "AES128-SHA256",
        "AES256-SHA384"
    )
    private static let usual = pairs("AES128-SHA", "AES256-SHA")
    private static let weak = [
        "AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA256", "AES256-SHA256", "AES128-SHA",
        "AES256-SHA",
        "DES-CBC3-SHA",
    ]
    static let version13 = [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256",
        "TLS_AES_128_CCM_8_SHA256",
    ]

    /// Ciphers for TLS 1.2 only; the others below 1.3 are for all versions.
    static let version12 = Set(
        (strong + weak).filter { $0.contains("GCM") || $0.hasSuffix("SHA256") || $0.hasSuffix("SHA384") }
    )
    static let allVersions = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
    static let allCiphers = Set(strong + usual + weak + version13)

    static let table: [SecurityPolicy] = [
        SecurityPolicy(
            id: "tls_cipher_policy_1_0",
            versions: ["TLSv1.0", "TLSv1.1", "TLSv1.2"],
            ciphers: strong + usual + weak
        ),
        SecurityPolicy(
            id: "tls_cipher_policy_1_1",
            versions: ["TLSv1.1", "TLSv1.2"],
            ciphers: strong + usual + weak
        ),
        SecurityPolicy(id: "tls_cipher_policy_1_2", versions: ["TLSv1.2"], ciphers: strong + usual + weak),
        SecurityPolicy(id: "tls_cipher_policy_1_2_strict", versions: ["TLSv1.2"], ciphers: strong + usual),
        SecurityPolicy(
            id: "tls_cipher_policy_1_2_strict_with_1_3",
            versions: ["TLSv1.2", "TLSv1.3"],
            ciphers: version13 + strong + usual
        ),
        SecurityPolicy(
            id: "tls_cipher_policy_1_0_to_1_3",
            versions: allVersions,
            ciphers: version13 + strong + usual + weak
        ),
    ]
}

extension AccountState {
    /// A policy of the system or of the account; nil when it is unknown.
    func securityPolicy(_ id: String) -> SecurityPolicy? {
        if let known = SystemSecurityPolicies.table.first(where: { $0.id == id }) { return known }
        return store[.securityPolicy, id].map { policy in
            SecurityPolicy(
                id: id,
                versions: policy.document.texts("TLSVersions"),
                ciphers: policy.document.texts("Ciphers")
            )
        }
    }

    func createSecurityPolicy(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try resourceGroup(call)
        let tags = try tags(call.parameters)
        var document = call.parameters.without("Tag")
        try checkPolicy(document)
        guard store.count(.securityPolicy) < account.quotas.securityPolicies else {
            throw CloudRefusal(
                "QuotaExceeded.SecurityPoliciesNum",
                "The region has too many security policies."
            )
        }
        let id = newID(.securityPolicy)
        mainResource = id
        document["SecurityPolicyId"] = .string(id)
        document["ResourceGroupId"] = .string(group)
        document["CreateTime"] = .string(call.now.rfc3339)
        add(.securityPolicy, id, tags: tags, document)
        return ["SecurityPolicyId": .string(id)]
    }

    private func checkPolicy(_ document: JSONObject) throws(CloudRefusal) {
        let (versions, ciphers) = (document.texts("TLSVersions"), document.texts("Ciphers"))
        guard versions.allSatisfy(SystemSecurityPolicies.allVersions.contains) else {
            throw .illegal("TLSVersions")
        }
        guard ciphers.allSatisfy(SystemSecurityPolicies.allCiphers.contains) else {
            throw .illegal("Ciphers")
        }
        for cipher in ciphers {
            let isNew = SystemSecurityPolicies.version13.contains(cipher)
            let fits =
                isNew
                ? versions.contains("TLSv1.3")
                : SystemSecurityPolicies.version12.contains(cipher)
                    ? versions.contains("TLSv1.2") : versions.contains { $0 != "TLSv1.3" }
            if !fits { throw .illegal("Ciphers", "A cipher belongs to none of the versions.") }
        }
        if versions.contains("TLSv1.3"), !ciphers.contains(where: SystemSecurityPolicies.version13.contains) {
            throw .illegal("Ciphers", "The newest version needs a cipher of its own.")
        }
    }

    func updateSecurityPolicyAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let policy = try require(.securityPolicy, call.text("SecurityPolicyId"))
        try check(policy, allows: .change)
        let document = policy.document.merged(with: call.parameters)
        try checkPolicy(document)
        store.update(.securityPolicy, policy.id) { $0.document = document }
        return begin(call, [Step(.change, .securityPolicy, policy.id)])
    }

    func deleteSecurityPolicy(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let policy = try require(.securityPolicy, call.text("SecurityPolicyId"))
        if !store.referrers(of: policy.id).isEmpty { throw .inUse(.securityPolicy) }
        try check(policy, allows: .delete)
        store.remove(.securityPolicy, policy.id)
        return [:]
    }

    func listSecurityPolicies(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        let rows = candidates(.securityPolicy, call, ids: "SecurityPolicyIds").filter { row in
            row.matches(tags) && call.passes("SecurityPolicyNames", row.document.text("SecurityPolicyName"))
                && call.equals("ResourceGroupId", row.document.text("ResourceGroupId"))
        }
        return try page(call, rows, "SecurityPolicies")
    }

    func listSystemSecurityPolicies(_ call: Call) throws(CloudRefusal) -> JSONObject {
        [
            "SecurityPolicies": .array(
                SystemSecurityPolicies.table.map { policy in
                    [
                        "SecurityPolicyId": .string(policy.id),
                        "TLSVersions": .array(policy.versions.map { .string($0) }),
                        "Ciphers": .array(policy.ciphers.map { .string($0) }),
                    ]
                }
            )
        ]
    }

    /// The answer's member is spelled as the service spells it.
    func listSecurityPolicyRelations(_ call: Call) throws(CloudRefusal) -> JSONObject {
        var rows: [JSONValue] = []
        for id in call.parameters.texts("SecurityPolicyIds") {
            guard securityPolicy(id) != nil else { throw .notFound(.securityPolicy) }
            let listeners = store.referrers(of: id).compactMap { store[$0] }.map { listener in
                JSONValue.object(
                    listener.document.keeping([
                        "ListenerId", "ListenerPort", "ListenerProtocol", "LoadBalancerId",
                    ])
                )
            }
            rows.append(["SecurityPolicyId": .string(id), "RelatedListeners": .array(listeners)])
        }
        return ["SecrityPolicyRelations": .array(rows)]
    }
}
