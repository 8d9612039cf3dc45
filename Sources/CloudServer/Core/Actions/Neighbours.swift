// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    /// A token for any role; its key pair is good for calls.
    func assumeRole(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let role = call.text("RoleArn")
        guard role.hasPrefix("acs:ram::") else {
            throw CloudRefusal("InvalidParameter.RoleArn", "The role's name is not valid.")
        }
        let seconds = call.parameters.number("DurationSeconds") ?? 3600
        guard (900...43_200).contains(seconds) else {
            throw CloudRefusal("InvalidParameter.DurationSeconds", "The duration is not valid.")
        }
        guard (2...64).contains(call.text("RoleSessionName").count) else {
            throw CloudRefusal("InvalidParameter.RoleSessionName", "The session's name is not valid.")
        }
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        let key = CloudAccount.AccessKey(
            id: "STS." + random.letters(20, from: alphabet),
            secret: random.letters(30, from: alphabet)
        )
        for old in store.all(.session) where Self.expiry(of: old) < call.now.advanced(by: .seconds(-3600)) {
            store.remove(.session, old.id)
        }
        let token = random.letters(60, from: alphabet)
        let expiry = call.now.advanced(by: .seconds(seconds))
        add(
            .session,
            key.id,
            status: "",
            [
                "AccessKeySecret": .string(key.secret), "SecurityToken": .string(token),
                "Expiration": .integer(expiry.nanoseconds),
            ]
        )
        return [
            "Credentials": [
                "AccessKeyId": .string(key.id), "AccessKeySecret": .string(key.secret),
                "SecurityToken": .string(token), "Expiration": .string(expiry.rfc3339),
            ],
            "AssumedRoleUser": [
                "Arn": .string("\(role)/\(call.text("RoleSessionName"))"),
                "AssumedRoleId": .string("\(account.id):\(call.text("RoleSessionName"))"),
            ],
        ]
    }

    private static func expiry(of session: Resource) -> Instant {
        Instant(nanoseconds: Int64(session.document.number("Expiration") ?? 0))
    }

    /// The secret of an access key of the account or of an assumed role; nil when it is unknown.
    func secret(of accessKeyID: String) -> String? {
        account.secret(of: accessKeyID) ?? store[.session, accessKeyID]?.document.text("AccessKeySecret")
    }

    /// Refuses the key of an assumed role without its token, or after its time.
    ///
    /// - Source: the codes are documented, their statuses assumed.
    func checkSession(of accessKeyID: String, token: String?, now: Instant) throws(CloudRefusal) {
        guard let session = store[.session, accessKeyID] else { return }
        guard let token else {
            throw CloudRefusal("MissingSecurityToken", "The access key needs its security token.")
        }
        guard token == session.document.text("SecurityToken") else {
            throw CloudRefusal("InvalidSecurityToken.Malformed", "The security token is not valid.")
        }
        if Self.expiry(of: session) <= now {
            throw CloudRefusal("InvalidSecurityToken.Expired", "The security token has expired.")
        }
    }

    func getCallerIdentity(_ call: Call) throws(CloudRefusal) -> JSONObject {
        [
            "AccountId": .string(account.id), "Arn": .string("acs:ram::\(account.id):root"),
            "UserId": .string(account.id), "PrincipalId": .string(account.id), "IdentityType": "Account",
        ]
    }

    /// The switches of the log service: it collects the lines of a load balancer in a store, or no more.
    ///
    /// Whether there are lines is the load balancer's own setting, which clients switch after this one.
    ///
    /// - Source: the order of the two calls was seen upstream.
    func switchDataCollection(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard call.text("DataType") == "alb.access_log" else {
            throw CloudRefusal("InvalidDataType", "The product has no such data.")
        }
        guard let loadBalancer = store[.loadBalancer, call.text("InstanceId")] else {
            throw CloudRefusal("InvalidInstanceId", "The specified instance does not exist.")
        }
        mainResource = loadBalancer.id
        let target = call.parameters.keeping(["TargetSLSRegion", "TargetProject", "TargetStore"])
        let collection: JSONValue? = target.isEmpty ? nil : JSONValue.object(target)
        store.update(.loadBalancer, loadBalancer.id) { $0.hidden["Collection"] = collection }
        return [:]
    }

    /// The old switch, which names no load balancer.
    ///
    /// - Source: the product that the older ingress controller names; seen upstream.
    func analyzeProductLog(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let product = call.text("CloudProduct").lowercased()
        guard ["", "alb", "k8s-alb", "k8s-nginx-ingress"].contains(product) else {
            throw CloudRefusal("InvalidCloudProduct", "The product has no logs here.")
        }
        return [:]
    }
}
