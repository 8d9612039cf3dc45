// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import IngressController

/// Objects as nobody should write them: whatever is in them, a build ends and its problems have words.
@Suite struct HostileObjectTests {
    private static let words = [
        "", " ", "true", "false", "TRUE", "0", "-1", "99999999999999999999", "1", "100", "ten", "a,b",
        "http_2xx",
        "[]", "{}", "[{}]", "[{\"HTTP\":80}]",
        "[{\"type\":\"Host\",\"hostConfig\":{\"values\":[\"a.com\"]}}]",
        "[{\"type\":\"Redirect\",\"RedirectConfig\":{\"host\":\"a.com\"}}]", "[{\"type\":\"ForwardGroup\"}]",
        "[{\"type\":\"ForwardGroup\",\"ForwardConfig\":{\"ServerGroups\":[{\"ServiceName\":\"tea\",\"ServicePort\":80}]}}]",
        "\u{1}load balancer", "ü", "alb", "Insert", "Server", "uch", "grpc", "null", "[[[[", "Response",
    ]

    private static func value(_ random: inout RandomStream, depth: Int = 0) -> JSONValue {
        switch random.next() % (depth > 3 ? 6 : 8) {
        case 0: .null
        case 1: .bool(random.chance(0.5))
        case 2: .integer(Int64(bitPattern: random.next()) >> Int64(random.next() % 60))
        case 3: .number("1.5e3")
        case 4, 5: .string(words[Int(random.next() % UInt64(words.count))])
        case 6: .array((0..<Int(random.next() % 3)).map { _ in value(&random, depth: depth + 1) })
        default:
            .object(
                JSONObject((0..<Int(random.next() % 3)).map { ("k\($0)", value(&random, depth: depth + 1)) })
            )
        }
    }

    /// Replaces one value somewhere in an object by another.
    private static func spoil(_ json: JSONValue, _ random: inout RandomStream) -> JSONValue {
        switch json {
        case .object(var object) where !object.isEmpty && random.chance(0.9):
            let member = object.members[Int(random.next() % UInt64(object.count))]
            object[member.key] = spoil(member.value, &random)
            return .object(object)
        case .array(var items) where !items.isEmpty && random.chance(0.9):
            let place = Int(random.next() % UInt64(items.count))
            items[place] = spoil(items[place], &random)
            return .array(items)
        default: return value(&random)
        }
    }

    private func check(_ objects: [KubernetesObject], albConfig: KubernetesObject, _ profile: Profile) {
        var context = Samples.context
        context.profile = profile
        let result = Samples.build(objects, albConfig: albConfig, context: context)
        for problem in result.problems { #expect(!problem.message.isEmpty) }
        #expect(Set(result.problems).count == result.problems.count)
        _ = Planner(profile: profile, region: "").plan(result.stack, CloudState()).text
        _ = result.stack.table
        _ = result.stack.json.text
    }

    @Test(arguments: [Profile.managed, Profile.oss])
    func `annotations with any values`(profile: Profile) {
        var random = RandomStream(seed: 1)
        let names =
            AnnotationName.allCases.map(\.rawValue) + ["conditions.tea", "actions.tea", "rule-direction.tea"]
        for _ in 0..<1500 {
            var annotations: [String: String] = [:]
            for _ in 0..<Int(random.next() % 6) {
                let name = names[Int(random.next() % UInt64(names.count))]
                annotations[name] = Self.words[Int(random.next() % UInt64(Self.words.count))]
            }
            let ingress = Samples.ingress("web", [.init(host: "a.com")], annotations: annotations)
            check([ingress, Samples.service()], albConfig: Samples.albConfig(), profile)
        }
    }

    @Test(arguments: [Profile.managed, Profile.oss])
    func `objects with any value anywhere`(profile: Profile) {
        var random = RandomStream(seed: 2)
        let ingress = Samples.ingress(
            "web",
            [.init(host: "a.com")],
            annotations: ["ssl-redirect": "true"],
            tls: [["hosts": ["a.com"], "secretName": "cafe-tls"]]
        )
        let listeners: [JSONValue] = Samples.bothListeners.map { listener in
            var listener = listener
            listener["aclConfig"] = ["aclType": "White", "aclEntries": ["10.0.0.0/8"]]
            listener["xForwardedForConfig"] = ["XForwardedForEnabled": true]
            listener["certificates"] = [["IsDefault": true, "CertificateId": "1"]]
            return listener
        }
        let albConfig = Samples.albConfig(
            listeners,
            config: ["tags": [["key": "a", "value": "b"]], "edition": "Basic"]
        )
        for _ in 0..<1500 {
            var objects = [ingress, Samples.service(), Samples.secret()]
            let place = Int(random.next() % 4)
            var config = albConfig
            if place == 3 {
                config["spec"] = Self.spoil(config["spec"] ?? [:], &random)
            } else {
                let member = place == 2 ? "data" : "spec"
                objects[place][member] = Self.spoil(objects[place][member] ?? [:], &random)
            }
            check(objects, albConfig: config, profile)
        }
    }

    @Test func `answers of the cloud with any value anywhere`() {
        var random = RandomStream(seed: 3)
        let rule: JSONValue = [
            "RuleId": "r", "Priority": 1,
            "RuleConditions": [
                ["Type": "Host", "HostConfig": ["Values": ["a"]]],
                ["Type": "Cookie", "CookieConfig": ["Values": [["Key": "a", "Value": "b"]]]],
            ],
            "RuleActions": [
                [
                    "Type": "ForwardGroup", "Order": 1,
                    "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": "g"]]],
                ]
            ],
        ]
        let server: JSONValue = [
            "ServerId": "eni-1", "ServerIp": "10.0.0.1", "Port": 80, "ServerType": "Eni",
        ]
        let record: JSONValue = [
            "CertIdentifier": "1", "CertName": "a", "Sans": "a.com,b.com", "AfterDate": 1,
        ]
        for _ in 0..<1500 {
            _ = CloudRule(Self.spoil(rule, &random))
            _ = CloudServer(Self.spoil(server, &random))
            _ = CertificateRecord(Self.spoil(record, &random))
            _ = CloudListener(
                Self.spoil(["ListenerId": "l", "ListenerPort": 80, "ListenerProtocol": "HTTP"], &random)
            )
            _ = CloudServerGroup(
                Self.spoil(["ServerGroupId": "g", "Tags": [["Key": "a", "Value": "b"]]], &random)
            )
        }
    }
}
