// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import CloudServer

/// What the upstream controller compares with what it sent must come back as it was sent.
@Suite struct EchoTests {
    private static func rules(_ listener: String, _ world: CloudWorld) async -> [JSONObject] {
        await world.must("ListRules", ["ListenerId": .string(listener)]).objects("Rules")
    }

    @Test func `a listener's default actions show no weight and nothing else that was not sent`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            let expected: JSONValue = [
                [
                    "Type": "ForwardGroup",
                    "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": .string(group)]]],
                ]
            ]
            let row = await world.must("ListListeners", ["LoadBalancerIds": [.string(lb)]]).objects(
                "Listeners"
            )[0]
            #expect(row["DefaultActions"] == expected)
            #expect(row["QuicConfig"] == nil && row["Certificates"] == nil && row["SecurityPolicyId"] == nil)
            #expect(row["IdleTimeout"] == 15 && row["RequestTimeout"] == 60 && row["GzipEnabled"] == true)
            let forwarded = row.object("XForwardedForConfig")
            #expect(forwarded["XForwardedForEnabled"] == true)
            #expect(forwarded.members.allSatisfy { $0.key == "XForwardedForEnabled" || $0.value != true })
            _ = await world.must(
                "UpdateListenerAttribute",
                [
                    "ListenerId": .string(listener), "IdleTimeout": 30,
                    "DefaultActions": [
                        [
                            "Type": "ForwardGroup",
                            "ForwardGroupConfig": [
                                "ServerGroupTuples": [["ServerGroupId": .string(group), "Weight": 7]]
                            ],
                        ]
                    ],
                ]
            )
            let changed = await world.must("GetListenerAttribute", ["ListenerId": .string(listener)])
            #expect(changed["DefaultActions"] == expected && changed["IdleTimeout"] == 30)
        }
    }

    @Test func `a rule comes back as it was sent, with CoverEnabled and weights only`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            let actions: JSONValue = [
                [
                    "Type": "InsertHeader", "Order": 1,
                    "InsertHeaderConfig": ["Key": "x-way", "Value": "alb", "ValueType": "UserDefined"],
                ],
                [
                    "Type": "ForwardGroup", "Order": 2,
                    "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": .string(group)]]],
                ],
            ]
            let conditions: JSONValue = [
                ["Type": "Path", "PathConfig": ["Values": ["/tea", "/tea/*"]]],
                ["Type": "Header", "HeaderConfig": ["Key": "x-env", "Values": ["blue"]]],
            ]
            _ = await world.must(
                "CreateRules",
                [
                    "ListenerId": .string(listener),
                    "Rules": [
                        [
                            "RuleName": "rule-one", "Priority": 3, "RuleConditions": conditions,
                            "RuleActions": actions,
                        ]
                    ],
                ]
            )
            let rule = await Self.rules(listener, world)[0]
            #expect(rule["RuleConditions"] == conditions)
            let shown = rule.objects("RuleActions")
            #expect(
                shown[0]["InsertHeaderConfig"] == [
                    "Key": "x-way", "Value": "alb", "ValueType": "UserDefined", "CoverEnabled": true,
                ]
            )
            #expect(
                shown[1]["ForwardGroupConfig"] == [
                    "ServerGroupTuples": [["ServerGroupId": .string(group), "Weight": 100]]
                ]
            )
            #expect(rule["Direction"] == "Request" && rule["Priority"] == 3)
        }
    }

    @Test func `redirects and answers are not filled with defaults`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            let redirect: JSONValue = [
                [
                    "Type": "Redirect", "Order": 1,
                    "RedirectConfig": ["Protocol": "HTTPS", "Port": "443", "HttpCode": "308"],
                ]
            ]
            var rule = CloudWorld.rule("a.example.com", priority: 1, group: group)
            rule["RuleActions"] = redirect
            rule["ListenerId"] = .string(listener)
            _ = await world.must("CreateRule", rule)
            #expect(await Self.rules(listener, world)[0]["RuleActions"] == redirect)
        }
    }

    @Test func `a server group keeps its ServiceName and fills a health check that is on`() throws {
        try CloudWorld.run { world in
            let group = await world.makeGroup([
                "ServiceName": "tea-svc",
                "HealthCheckConfig": ["HealthCheckEnabled": true, "HealthCheckPath": "/up"],
            ])
            let row = await world.must("ListServerGroups", ["ServerGroupIds": [.string(group)]]).objects(
                "ServerGroups"
            )[0]
            #expect(row["ServiceName"] == "tea-svc")
            let check = row.object("HealthCheckConfig")
            #expect(check["HealthCheckPath"] == "/up" && check["HealthCheckInterval"] == 2)
            #expect(
                check["HealthCheckCodes"] == ["http_2xx"] && check["HealthCheckHttpCodes"] == ["http_2xx"]
            )
            #expect(row["StickySessionConfig"] == ["StickySessionEnabled": false])
            #expect(row["ConnectionDrainConfig"] == nil && row["UchConfig"] == nil)
            #expect(row["ServerCount"] == 0 && row["RelatedLoadBalancerIds"] == [])
            let off = await world.makeGroup()
            let other = await world.must("ListServerGroups", ["ServerGroupIds": [.string(off)]]).objects(
                "ServerGroups"
            )[0]
            #expect(other["HealthCheckConfig"] == ["HealthCheckEnabled": false])
        }
    }

    @Test func `an update with equal values is accepted`() throws {
        try CloudWorld.run { world in
            let group = await world.makeGroup(["HealthCheckConfig": ["HealthCheckEnabled": true]])
            let row = await world.must("ListServerGroups", ["ServerGroupIds": [.string(group)]]).objects(
                "ServerGroups"
            )[0]
            for _ in 0..<2 {
                _ = await world.must(
                    "UpdateServerGroupAttribute",
                    [
                        "ServerGroupId": .string(group), "ServerGroupName": row["ServerGroupName"] ?? "",
                        "HealthCheckConfig": row["HealthCheckConfig"] ?? [:],
                    ]
                )
            }
            let after = await world.must("ListServerGroups", ["ServerGroupIds": [.string(group)]]).objects(
                "ServerGroups"
            )[0]
            #expect(after == row)
        }
    }
}
