// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Testing

@testable import CloudServer

@Suite struct ParameterTests {
    private func decode(
        _ action: String,
        _ pairs: [(String, String)],
        version: String = "2020-06-16"
    ) throws -> JSONObject {
        try ParameterDecoder.decode(pairs, for: ActionTable.shared.find(version: version, action: action))
    }

    private func code(_ action: String, _ pairs: [(String, String)]) -> String? {
        do {
            _ = try decode(action, pairs)
            return nil
        } catch let refusal as CloudRefusal {
            return refusal.code
        } catch {
            return "\(error)"
        }
    }

    @Test func `every table is read and every fragment found`() {
        let alb = ActionTable.shared.all.filter { $0.service == .alb }
        #expect(alb.count == 85)
        #expect(ActionTable.shared.all.count > 140)
    }

    @Test func `every P0 and P1 action of the load balancer is carried out`() {
        let missing = ActionTable.shared.all.filter {
            $0.service == .alb && $0.priority != "P2" && ActionBodies.body(of: $0) == nil
        }
        #expect(missing.map(\.name) == [])
    }

    @Test func `flattened names become a tree with types`() throws {
        let object = try decode(
            "CreateRules",
            [
                ("ListenerId", "lsn-1"), ("Rules.1.RuleName", "rule-one"), ("Rules.1.Priority", "7"),
                ("Rules.1.RuleConditions.1.Type", "host"),
                ("Rules.1.RuleConditions.1.HostConfig.Values.1", "a.example.com"),
                ("Rules.1.RuleActions.1.Type", "ForwardGroup"), ("Rules.1.RuleActions.1.Order", "1"),
                ("Rules.1.RuleActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId", "sgp-1"),
                ("Rules.1.RuleActions.1.ForwardGroupConfig.ServerGroupTuples.1.Weight", "90"),
            ]
        )
        let expected: JSONObject = [
            "ListenerId": "lsn-1",
            "Rules": [
                [
                    "RuleName": "rule-one", "Priority": 7,
                    "RuleConditions": [["Type": "Host", "HostConfig": ["Values": ["a.example.com"]]]],
                    "RuleActions": [
                        [
                            "Type": "ForwardGroup", "Order": 1,
                            "ForwardGroupConfig": [
                                "ServerGroupTuples": [["ServerGroupId": "sgp-1", "Weight": 90]]
                            ],
                        ]
                    ],
                ]
            ],
        ]
        #expect(object == expected)
    }

    @Test func `items come in the order of their numbers and gaps don't matter`() throws {
        let object = try decode("ListAcls", [("AclIds.10", "c"), ("AclIds.9", "b"), ("AclIds.2", "a")])
        #expect(object["AclIds"] == ["a", "b", "c"])
    }

    @Test(arguments: ["true", "True", "TRUE"])
    func `truth values come in any case`(_ text: String) throws {
        let object = try decode("GetListenerHealthStatus", [("ListenerId", "l"), ("IncludeRule", text)])
        #expect(object["IncludeRule"] == true)
    }

    @Test func `enumerations are stored in their documented spelling`() throws {
        let object = try decode(
            "CreateServerGroup",
            [
                ("ServerGroupName", "tea"), ("ServerGroupType", "instance"), ("Protocol", "GRPC"),
                ("HealthCheckConfig.HealthCheckEnabled", "false"),
            ]
        )
        #expect(object["ServerGroupType"] == "Instance")
        #expect(object["Protocol"] == "gRPC")
    }

    @Test func `an empty value is no value and an unknown parameter is ignored`() throws {
        let object = try decode(
            "ListAcls",
            [("AclNames.1", ""), ("Frobnicate.1.Key", "x"), ("ResourceGroupId", "")]
        )
        #expect(object == ["MaxResults": 20])
    }

    @Test func `defaults fill the outermost members only`() throws {
        let object = try decode(
            "CreateRule",
            [
                ("ListenerId", "l"), ("RuleName", "rule"), ("Priority", "1"),
                ("RuleConditions.1.Type", "Path"),
                ("RuleConditions.1.PathConfig.Values.1", "/"), ("RuleActions.1.Type", "FixedResponse"),
                ("RuleActions.1.FixedResponseConfig.HttpCode", "200"),
            ]
        )
        #expect(object["Direction"] == "Request")
        #expect(object.objects("RuleActions")[0]["FixedResponseConfig"] == ["HttpCode": "200"])
    }

    @Test func `a missing parameter is named`() {
        #expect(code("GetListenerAttribute", []) == "MissingListenerId")
        #expect(
            code("AddEntriesToAcl", [("AclId", "a"), ("AclEntries.1.Description", "office")])
                == "MissingEntry"
        )
    }

    @Test(arguments: [
        ("MaxResults", "many"), ("MaxResults", "0"), ("MaxResults", "101"),
        ("MaxResults", "99999999999999999999"),
        ("MaxResults", "1e1"),
    ])
    func `numbers have to be numbers in their range`(_ name: String, _ value: String) {
        #expect(code("ListAcls", [(name, value)]) == "IllegalParam.MaxResults")
    }

    @Test func `lists, texts and enumerations have limits`() {
        #expect(code("ListAcls", (1...21).map { ("AclIds.\($0)", "a") }) == "IllegalParam.AclIds")
        #expect(code("CreateAcl", [("AclName", "x")]) == "IllegalParam.AclName")
        #expect(code("CreateAcl", [("AclName", "-starts-badly")]) == "IllegalParam.AclName")
        #expect(code("ListListeners", [("ListenerProtocol", "SMTP")]) == "IllegalParam.ListenerProtocol")
    }

    @Test func `other products have their own style of code`() throws {
        #expect(throws: CloudRefusal("InvalidPageSize", "The value of the parameter PageSize is not valid."))
        {
            try decode("DescribeVSwitches", [("PageSize", "51")], version: "2016-04-28")
        }
    }

    @Test func `names of a hundred dots do no harm`() throws {
        let deep = (["AclIds"] + (0..<100).map(String.init)).joined(separator: ".")
        #expect(try decode("ListAcls", [(deep, "x"), ("AclIds..1", "y")]) == ["MaxResults": 20])
    }

    /// Every parameter of every action, fed with what is wrong for it, is refused with a documented kind of code.
    @Test func `no action takes a wrongly typed parameter`() {
        let kinds = ["Missing", "IllegalParam.", "Invalid"]
        for action in ActionTable.shared.all {
            for parameter in action.block.parameters where !parameter.isList {
                let hostile = [.integer, .boolean, .decimal].contains(parameter.form) ? "drop table" : nil
                let tooLong = parameter.length?.most.map { String(repeating: "x", count: Int($0) + 1) }
                guard let value = hostile ?? tooLong ?? (parameter.choices.isEmpty ? nil : "nonsense") else {
                    continue
                }
                do {
                    _ = try ParameterDecoder.decode([(parameter.name, value)], for: action)
                    Issue.record("\(action.name) takes \(value) for \(parameter.name)")
                } catch {
                    #expect(kinds.contains { error.code.hasPrefix($0) }, "\(action.name): \(error.code)")
                    #expect(error.status == 400)
                }
            }
        }
    }
}
