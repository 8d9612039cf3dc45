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
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        let key = CloudAccount.AccessKey(
            id: "STS." + random.letters(20, from: alphabet),
            secret: random.letters(30, from: alphabet)
        )
        account.accessKeys.append(key)
        return [
            "Credentials": [
                "AccessKeyId": .string(key.id), "AccessKeySecret": .string(key.secret),
                "SecurityToken": .string(random.letters(60, from: alphabet)),
                "Expiration": .string(call.now.advanced(by: .seconds(seconds)).rfc3339),
            ],
            "AssumedRoleUser": [
                "Arn": .string("\(role)/\(call.text("RoleSessionName"))"),
                "AssumedRoleId": .string("\(account.id):\(call.text("RoleSessionName"))"),
            ],
        ]
    }

    func getCallerIdentity(_ call: Call) throws(CloudRefusal) -> JSONObject {
        [
            "AccountId": .string(account.id), "Arn": .string("acs:ram::\(account.id):root"),
            "UserId": .string(account.id), "PrincipalId": .string(account.id), "IdentityType": "Account",
        ]
    }

    /// The switches of the log service.
    ///
    /// Whether requests are logged is the load balancer's own setting, so
    /// only the load balancer is checked here.
    func switchDataCollection(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard store[.loadBalancer, call.text("InstanceId")] != nil else {
            throw CloudRefusal("InvalidInstanceId", "The specified instance does not exist.")
        }
        return [:]
    }

    /// The old switch, which names no load balancer.
    func analyzeProductLog(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard call.text("CloudProduct").lowercased().contains("alb") || call.parameters["CloudProduct"] == nil
        else {
            throw CloudRefusal("InvalidCloudProduct", "The product has no logs here.")
        }
        return [:]
    }
}
