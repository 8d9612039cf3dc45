// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import JSON
import Ports
import Simulation
import Storage
import Testing

@testable import CloudServer

/// What happens to an account behind its callers' backs.
@Suite struct AccountChangeTests {
    /// The listeners that a zone serves once everything has arrived there.
    private static func served(_ world: CloudWorld) async throws -> [ListenerConfiguration]? {
        try await world.host.clock.sleep(for: .seconds(1))
        return world.sink.newest("cn-hangzhou-h")?.listeners
    }

    @Test func `a debt stops load balancers and locks them until it is paid`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            var served = try await Self.served(world)
            #expect(served?.count == 1)
            world.server.setArrears(true)
            let shown = await world.must("GetLoadBalancerAttribute", ["LoadBalancerId": .string(lb)])
            #expect(
                shown["LoadBalancerStatus"] == "Inactive"
                    && shown["LoadBalancerBussinessStatus"] == "Abnormal"
            )
            #expect(shown.objects("LoadBalancerOperationLocks").first?.text("LockType") == "FinancialLocked")
            served = try await Self.served(world)
            #expect(served?.isEmpty == true)
            for (action, parameters) in [
                (
                    "UpdateLoadBalancerAttribute",
                    ["LoadBalancerId": .string(lb), "LoadBalancerName": "other"]
                ),
                ("DeleteLoadBalancer", ["LoadBalancerId": .string(lb)]),
                ("EnableDeletionProtection", ["ResourceId": .string(lb)]),
                ("StopListener", ["ListenerId": .string(listener)]),
            ] as [(String, JSONObject)] {
                #expect(await world.call(action, parameters).code == "IncorrectBusinessStatus.LoadBalancer")
            }
            world.server.liftAll()
            let healed = await world.must("GetLoadBalancerAttribute", ["LoadBalancerId": .string(lb)])
            #expect(healed["LoadBalancerStatus"] == "Active" && healed["LoadBalancerOperationLocks"] == nil)
            served = try await Self.served(world)
            #expect(served?.count == 1)
        }
    }

    @Test func `a certificate that expires is shown expired by its listeners`() throws {
        try CloudWorld.run { world in
            let now = world.host.clock.now
            let issued = try CertificateIssuer().issue(
                dnsNames: ["a.example.com", "b.example.com"],
                notBefore: now.advanced(by: .seconds(-10)),
                notAfter: now.advanced(by: .seconds(86_400)),
                serial: 7
            )
            let id = await world.must(
                "CreateSSLCertificateWithName",
                [
                    "CertName": "cafe", "Certificate": .string(issued.certificatePEM),
                    "PrivateKey": .string(issued.privateKeyPEM),
                ],
                version: "2020-06-19"
            ).text("CertIdentifier")
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            _ = await world.makeListener(
                lb,
                group,
                port: 443,
                ["ListenerProtocol": "HTTPS", "Certificates": [["CertificateId": .string(id)]]]
            )
            #expect(!world.server.expireCertificate("nothing"))
            #expect(world.server.expireCertificate("cafe"))
            let listeners = try await Self.served(world)
            let chain = try #require(listeners?.first?.certificates.first?.chain)
            let facts = try CertificateFacts.of(chain)
            #expect(facts.notAfter < now && facts.dnsNames == ["a.example.com", "b.example.com"])
            let row = await world.must(
                "ListUserCertificateOrder",
                ["OrderType": "UPLOAD"],
                version: "2020-04-07"
            )
            .objects("CertificateOrderList").first
            #expect(row?.text("Status") == "EXPIRED")
        }
    }

    @Test func `only the first items of a batch are carried out when a fault says so`() throws {
        try CloudWorld.run { world in
            let group = await world.makeGroup()
            world.server.inject(
                CloudFault(
                    action: "AddServersToServerGroup",
                    effect: .applyPart(items: 2, code: "InternalError"),
                    times: 1
                )
            )
            let servers: [JSONValue] = (1...5).map {
                ["ServerId": .string("10.0.0.\($0)"), "ServerType": "Ip", "Port": 80]
            }
            let parameters: JSONObject = [
                "ServerGroupId": .string(group), "Servers": .array(servers), "ClientToken": "one",
            ]
            #expect(await world.call("AddServersToServerGroup", parameters).code == "InternalError")
            let shown = await world.must("ListServerGroupServers", ["ServerGroupId": .string(group)])
            #expect(shown["TotalCount"] == 2)
            // The token was not bound, so that the client may send the rest with it.
            var rest = parameters
            rest["Servers"] = .array(Array(servers.dropFirst(2)))
            _ = await world.must("AddServersToServerGroup", rest)
            let all = await world.must("ListServerGroupServers", ["ServerGroupId": .string(group)])
            #expect(all["TotalCount"] == 5)
        }
    }

    @Test func `what a managed controller owns is not edited at the console`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            let edit: JSONObject = ["ListenerId": .string(listener)]
            func console() -> String? {
                if case .failure(let refusal) = world.server.perform(
                    "DeleteListener",
                    of: .alb,
                    edit,
                    respectsManagement: true
                ) {
                    return refusal.code
                }
                return nil
            }
            _ = await world.must(
                "TagResources",
                [
                    "ResourceType": "loadbalancer", "ResourceId": [.string(lb)],
                    "Tag": [["Key": "ack.aliyun.com", "Value": "c1"]],
                ]
            )
            #expect(console() == "OperationDenied.ServiceManagedResource")
            _ = await world.must(
                "UnTagResources",
                ["ResourceType": "loadbalancer", "ResourceId": [.string(lb)], "TagKey": ["ack.aliyun.com"]]
            )
            #expect(console() == nil)
        }
    }

    @Test func `work that is to fail fails after a restart too`() throws {
        let simulation = Simulation(seed: 5)
        try simulation.run {
            var account = CloudWorld.immediate
            let database = try Database(.memory)
            let world = try CloudWorld(simulation, account: account, database: database)
            let group = await world.makeGroup()
            account.transitions = TransitionTimes(usual: .after(.fixed(.seconds(5))))
            world.server.setTransitions(account.transitions)
            world.server.inject(
                CloudFault(
                    action: "UpdateServerGroupAttribute",
                    effect: .failJob(code: "SystemBusy", message: "No."),
                    times: 1
                )
            )
            let job = await world.must(
                "UpdateServerGroupAttribute",
                ["ServerGroupId": .string(group), "ServerGroupName": "renamed"]
            ).text("JobId")
            let again = try CloudWorld(simulation, account: account, database: database)
            try await again.host.clock.sleep(for: .seconds(10))
            let shown = await again.must("ListAsynJobs", ["JobIds": [.string(job)]]).objects("Jobs").first
            #expect(shown?.text("Status") == "Failed" && shown?.text("ErrorCode") == "SystemBusy")
            let row = await again.must("ListServerGroups", ["ServerGroupIds": [.string(group)]])
                .objects("ServerGroups").first
            #expect(row?.text("ServerGroupName") == "tea" && row?.text("ServerGroupStatus") == "Available")
        }
    }
}
