// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import JSON
import Ports
import Simulation
import Storage
import Synchronization
import Testing

@testable import CloudServer

/// Calls drawn from the tables: most nearly right, some absurd.
private struct CallMaker {
    var random: RandomStream
    /// Ids that exist, by kind.
    var ids: [ResourceKind: [String]] = [:]

    private static let nonsense = [
        "", " ", "x", "-1", "0", "99999999999999999999", "true", "'; DROP TABLE cloud_resource; --", "茶茶茶",
        "a\u{0}b", "${host}", "*", "/", "~(", "\u{1F375}", String(repeating: "n", count: 3000),
    ]
    private static let kinds: [(ending: String, kind: ResourceKind)] = [
        ("LoadBalancerId", .loadBalancer), ("ListenerId", .listener), ("RuleId", .rule),
        ("ServerGroupId", .serverGroup), ("AclId", .acl), ("SecurityPolicyId", .securityPolicy),
        ("HealthCheckTemplateId", .healthCheckTemplate), ("AScriptId", .aScript), ("VSwitchId", .vSwitch),
        ("VpcId", .vpc), ("CertificateId", .certificate), ("CertIdentifier", .certificate),
        ("ResourceId", .loadBalancer), ("InstanceId", .loadBalancer),
    ]
    private static let usual: [String: [String]] = [
        "ZoneId": ["cn-hangzhou-h", "cn-hangzhou-i"], "TLSVersions": ["TLSv1.2"],
        "Ciphers": ["AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256"], "BandwidthPackageId": ["cbwp-1", "cbwp-2"],
        "ResourceGroupId": ["rg-acfmdefaultgroup"], "NewResourceGroupId": ["rg-acfmdefaultgroup"],
        "ResourceType": ["loadbalancer"], "RoleArn": ["acs:ram::1:role/x"], "HealthCheckCodes": ["http_2xx"],
        "HealthCheckHttpCodes": ["http_2xx"], "ServerId": ["10.0.1.1", "10.0.1.2", "10.0.1.3"],
        "ServerType": ["Ip"], "ServerGroupType": ["Ip"], "Port": ["80", "81"],
        "Priority": ["1", "2", "3", "4", "5"],
        "AddressIpVersion": ["DualStack"], "ListenerProtocol": ["HTTP", "HTTPS"], "AclType": ["White"],
        "LogProject": ["project"], "LoadBalancerEdition": ["Standard", "StandardWithWaf"],
        "PayType": ["PostPay"],
        "DeletionProtectionEnabled": ["false"], "HealthCheckProtocol": ["HTTP"], "Scheduler": ["Wrr", "Wlc"],
    ]

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int(random.next() % UInt64(choices.count))]
    }

    mutating func pairs(for action: ActionDescription) -> [(String, String)] {
        var pairs: [(String, String)] = []
        append(action.block, prefix: "", to: &pairs)
        return pairs
    }

    private mutating func append(_ block: ParameterBlock, prefix: String, to pairs: inout [(String, String)])
    {
        for parameter in block.parameters {
            let isWanted = parameter.isRequired || ["Key", "AScripts", "Order"].contains(parameter.name)
            guard isWanted ? !random.chance(0.01) : random.chance(0.2) else { continue }
            let name = prefix + parameter.name
            if let canned = canned(parameter.name), !random.chance(0.2) {
                for (path, value) in canned { pairs.append((name + path, value)) }
                continue
            }
            let count = parameter.isList ? Int(random.next() % 2) + 1 : 1
            for item in 1...count {
                let full = parameter.isList ? "\(name).\(item)" : name
                if let block = parameter.block {
                    append(block, prefix: full + ".", to: &pairs)
                } else {
                    pairs.append((full, value(parameter)))
                }
            }
        }
    }

    /// Lists that fit together, which chance alone would hardly make.
    private mutating func canned(_ name: String) -> [(String, String)]? {
        switch name {
        case "RuleActions":
            return [
                (".1.Type", "ForwardGroup"), (".1.Order", "1"),
                (".1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId", id(.serverGroup)),
            ]
        case "RuleConditions": return [(".1.Type", "Path"), (".1.PathConfig.Values.1", "/tea/*")]
        case "DefaultActions":
            return [
                (".1.Type", "ForwardGroup"),
                (".1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId", id(.serverGroup)),
            ]
        case "ZoneMappings":
            return [
                (".1.ZoneId", "cn-hangzhou-h"), (".1.VSwitchId", "vsw-bp1albedo000000000001"),
                (".2.ZoneId", "cn-hangzhou-i"), (".2.VSwitchId", "vsw-bp1albedo000000000002"),
            ]
        default: return nil
        }
    }

    private mutating func id(_ kind: ResourceKind) -> String { ids[kind].map { pick($0) } ?? "none" }

    private mutating func value(_ parameter: Parameter) -> String {
        if random.chance(0.02) { return pick(Self.nonsense) }
        if let usual = Self.usual[parameter.name], !random.chance(0.1) { return pick(usual) }
        if !parameter.choices.isEmpty { return pick(parameter.choices) }
        switch parameter.form {
        case .boolean: return random.chance(0.5) ? "true" : "False"
        case .integer:
            if parameter.name == "CertId" { return String(id(.certificate).prefix { $0 != "-" }) }
            let low = parameter.range?.least ?? 1
            let high = min(parameter.range?.most ?? 100, low + 200)
            return String(Int64.random(in: low...high, using: &random))
        case .decimal: return "1.5"
        case .string, .object: return text(parameter)
        }
    }

    private mutating func text(_ parameter: Parameter) -> String {
        let name = parameter.name.hasSuffix("Ids") ? String(parameter.name.dropLast()) : parameter.name
        if let kind = Self.kinds.first(where: { name.hasSuffix($0.ending) })?.kind { return id(kind) }
        switch parameter.rule {
        case .cidr: return "10.\(random.next() % 4).0.0/16"
        case .pathPattern, .checkPath: return pick(["/", "/tea", "/tea/*", "~^/t"])
        case .hostPattern: return pick(["a.example.com", "*.b.example.com"])
        case .finalStatus: return "404"
        case .redirectPort: return "443"
        default: return pick(["tea", "coffee", "milk-\(random.next() % 5)"])
        }
    }
}

@Suite struct HostileCallTests {
    private static func everything(_ state: AccountState) -> [Resource] {
        ResourceKind.allCases.flatMap { state.store.all($0) }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `no call breaks the account, and a refused one leaves it as it was`(_ seed: UInt64) throws {
        let simulation = Simulation(seed: seed, keepsTrace: false)
        try simulation.run {
            var account = CloudWorld.immediate
            if seed % 2 == 0 { account.transitions = TransitionTimes(usual: .after(.fixed(.seconds(3)))) }
            account.quotas = .generous
            let database = try Database(.memory)
            let world = try CloudWorld(simulation, account: account, database: database)
            var maker = CallMaker(random: RandomStream(seed: seed))
            // Without its network there would be nothing left to do.
            let actions = ActionTable.shared.all.filter {
                ActionBodies.body(of: $0) != nil && !["DeleteVpc", "DeleteVSwitch"].contains($0.name)
            }
            let issued = try CertificateIssuer().issue(
                dnsNames: ["a.example.com"],
                notBefore: Instant(seconds: 0),
                notAfter: Instant(seconds: 4_000_000_000),
                serial: 1
            )
            for number in 0..<4 {
                _ = await world.must(
                    "CreateSSLCertificateWithName",
                    [
                        "CertName": .string("cert-\(number)"), "Certificate": .string(issued.certificatePEM),
                        "PrivateKey": .string(issued.privateKeyPEM),
                    ],
                    version: "2020-06-19"
                )
            }
            for turn in 0..<1500 {
                if turn % 20 == 0 {
                    try await world.host.clock.sleep(for: .seconds(4))
                    for kind in ResourceKind.allCases {
                        let known = world.server.state.withLock {
                            $0.account.store.all(kind).suffix(3).map(\.id)
                        }
                        maker.ids[kind] = known.isEmpty ? nil : known
                    }
                    for kind in [ResourceKind.loadBalancer, .serverGroup] where maker.ids[kind] == nil {
                        _ = kind == .loadBalancer ? await world.makeLoadBalancer() : await world.makeGroup()
                    }
                }
                let action = maker.pick(actions)
                let before = world.server.state.withLock { Self.everything($0.account) }
                let answer = await world.raw(
                    [("Action", action.name), ("Version", action.service.version)] + maker.pairs(for: action)
                ).answer
                #expect(answer.status < 500, "\(action.name): \(answer.body)")
                guard answer.status != 200 else { continue }
                #expect(!answer.code.isEmpty, "\(action.name)")
                let after = world.server.state.withLock { Self.everything($0.account) }
                #expect(
                    before == after,
                    "\(action.name) was refused with \(answer.code) and changed something"
                )
            }
            try Self.compare(world, database)
        }
    }

    /// The database holds what memory holds, and another account that is opened on it is the same.
    private static func compare(_ world: CloudWorld, _ database: Database) throws {
        let rows = try database.read { try $0.rows(ResourceTable.all) }.compactMap(ResourceTable.resource)
        world.server.state.withLock { state in
            let memory = everything(state.account).sorted { $0.serial < $1.serial }
            #expect(rows.count == memory.count)
            for (row, resource) in zip(rows, memory) { #expect(row == resource) }
            #expect(memory.count > 50, "the calls did something")
            let again = AccountState(
                account: world.account,
                inventory: SmallInventory(),
                health: NoHealth(),
                random: RandomStream(seed: 1)
            )
            for row in rows { again.store.load(row) }
            again.resume()
            for resource in memory {
                #expect(
                    again.store.referrers(of: resource.id).map(\.id).sorted()
                        == state.account.store.referrers(of: resource.id).map(\.id).sorted()
                )
                #expect(
                    again.store.children(.listener, of: resource.id)
                        == state.account.store.children(.listener, of: resource.id)
                )
            }
        }
    }
}
