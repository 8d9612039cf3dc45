// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import JSON
import Ports
import Simulation
import Storage
import Synchronization
import Testing

@testable import CloudServer

/// What zones were given, in order.
final class RecordingSink: ConfigurationSink {
    struct Entry {
        let loadBalancer: String
        let zone: String
        /// nil for a removal.
        let configuration: LoadBalancerConfiguration?
        let at: Instant
        let cause: TraceID
    }

    private let clock: any HostClock
    private let state = Mutex<[Entry]>([])

    init(clock: any HostClock) { self.clock = clock }

    var entries: [Entry] { state.withLock { $0 } }

    func apply(_ configuration: LoadBalancerConfiguration, zone: String, cause: TraceID) {
        append(configuration.id, zone, configuration, cause)
    }

    func remove(loadBalancer: String, zone: String, cause: TraceID) { append(loadBalancer, zone, nil, cause) }

    private func append(
        _ id: String,
        _ zone: String,
        _ configuration: LoadBalancerConfiguration?,
        _ cause: TraceID
    ) {
        let entry = Entry(
            loadBalancer: id,
            zone: zone,
            configuration: configuration,
            at: clock.now,
            cause: cause
        )
        state.withLock { $0.append(entry) }
    }

    /// What a zone was given last.
    func newest(_ zone: String) -> LoadBalancerConfiguration? {
        entries.last { $0.zone == zone }?.configuration
    }
}

/// One node with one interface, whose addresses pods share.
struct SmallInventory: NetworkInventory {
    func networkInterface(address: String) -> NetworkInterface? {
        guard address.hasPrefix("10.0.1.") else { return nil }
        return NetworkInterface(
            id: "eni-node1",
            instanceID: "i-node1",
            primaryAddress: "10.0.1.2",
            addresses: ["10.0.1.2", "10.0.1.7", "10.0.1.8"],
            zone: "cn-hangzhou-i",
            vSwitchID: "vsw-bp1albedo000000000002"
        )
    }

    func instances() -> [ECSInstance] {
        [
            ECSInstance(
                id: "i-node1",
                address: "10.0.1.2",
                zone: "cn-hangzhou-i",
                vSwitchID: "vsw-bp1albedo000000000002"
            )
        ]
    }
}

struct NoHealth: HealthSource {
    var verdicts: [ServerHealth] = []
    func health(loadBalancer: String) -> [ServerHealth] { verdicts }
}

/// An answer as a caller sees it.
struct Answer: Sendable {
    let status: Int
    let body: JSONObject
    var code: String { body.text("Code") }
    subscript(_ key: String) -> JSONValue? { body[key] }
}

/// An account in a simulated world, called through its request handler.
final class CloudWorld: Sendable {
    let simulation: Simulation
    let host: Host
    let server: CloudServer
    let sink: RecordingSink
    let account: CloudAccount

    init(
        _ simulation: Simulation,
        account: CloudAccount,
        database: Database? = nil,
        health: any HealthSource = NoHealth()
    ) throws {
        self.simulation = simulation
        self.account = account
        host = simulation.host("cloud")
        sink = RecordingSink(clock: host.clock)
        server = try CloudServer(
            host: host,
            database: try database ?? Database(.memory),
            account: account,
            inventory: SmallInventory(),
            sink: sink,
            health: health
        )
    }

    static let immediate = CloudAccount(transitions: .immediate, propagation: .fixed(.zero))

    /// Runs a body in a world of its own.
    static func run(
        seed: UInt64 = 1,
        account: CloudAccount = immediate,
        health: any HealthSource = NoHealth(),
        _ body: @escaping @Sendable (CloudWorld) async throws -> Void
    ) throws {
        let simulation = Simulation(seed: seed)
        try simulation.run { try await body(try CloudWorld(simulation, account: account, health: health)) }
    }

    /// Sends hand-made parameters.
    func raw(
        _ pairs: [(String, String)],
        method: HTTPRequest.Method = .post,
        headers: [(String, String)] = [],
        form: String = "",
        prefix: String = "/"
    ) async -> (response: HTTPServerResponse, answer: Answer) {
        let query = pairs.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }
        var head = HTTPRequest(
            method: method,
            scheme: "http",
            authority: "alb.cn-hangzhou.aliyuncs.com",
            path: prefix + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        )
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { head.headerFields[name] = value }
        }
        let response = await server.handle(
            HTTPServerRequest(head: head, body: Array(form.utf8), facts: .test)
        )
        var bytes: [UInt8] = []
        if case .bytes(let whole) = response.body { bytes = whole }
        let object = (try? JSONValue(parsing: bytes))?.objectValue ?? [:]
        return (response, Answer(status: response.head.status.code, body: object))
    }

    /// Calls an action as an unsigned client.
    func call(
        _ action: String,
        _ parameters: JSONObject = [:],
        version: String = "2020-06-16"
    ) async -> Answer {
        await raw([("Action", action), ("Version", version)] + Flattening.flatten(parameters)).answer
    }

    /// Calls an action that must succeed.
    func must(
        _ action: String,
        _ parameters: JSONObject = [:],
        version: String = "2020-06-16",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> JSONObject {
        let answer = await call(action, parameters, version: version)
        #expect(answer.status == 200, "\(action): \(answer.body)", sourceLocation: sourceLocation)
        return answer.body
    }

    // MARK: Makers

    var zoneMappings: JSONValue {
        .array(account.vSwitches.map { ["ZoneId": .string($0.zone), "VSwitchId": .string($0.id)] })
    }

    func loadBalancerFields(_ more: JSONObject = [:]) -> JSONObject {
        var fields: JSONObject = [
            "LoadBalancerName": "shop", "VpcId": .string(account.vpcID), "AddressType": "Internet",
            "LoadBalancerEdition": "Standard", "LoadBalancerBillingConfig": ["PayType": "PostPay"],
            "ZoneMappings": zoneMappings,
        ]
        fields.merge(more)
        return fields
    }

    func makeLoadBalancer(_ more: JSONObject = [:]) async -> String {
        await must("CreateLoadBalancer", loadBalancerFields(more)).text("LoadBalancerId")
    }

    func makeGroup(_ more: JSONObject = [:]) async -> String {
        var fields: JSONObject = [
            "ServerGroupName": "tea", "VpcId": .string(account.vpcID), "ServerGroupType": "Ip",
            "HealthCheckConfig": ["HealthCheckEnabled": false],
        ]
        fields.merge(more)
        return await must("CreateServerGroup", fields).text("ServerGroupId")
    }

    func makeListener(
        _ loadBalancer: String,
        _ group: String,
        port: Int64 = 80,
        _ more: JSONObject = [:]
    ) async -> String {
        var fields: JSONObject = [
            "LoadBalancerId": .string(loadBalancer), "ListenerProtocol": "HTTP",
            "ListenerPort": .integer(port),
            "DefaultActions": [
                [
                    "Type": "ForwardGroup",
                    "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": .string(group)]]],
                ]
            ],
        ]
        fields.merge(more)
        return await must("CreateListener", fields).text("ListenerId")
    }

    static func rule(_ host: String, priority: Int64, group: String) -> JSONObject {
        [
            "RuleName": .string("rule-\(priority)"), "Priority": .integer(priority),
            "RuleConditions": [["Type": "Host", "HostConfig": ["Values": [.string(host)]]]],
            "RuleActions": [
                [
                    "Type": "ForwardGroup", "Order": 1,
                    "ForwardGroupConfig": [
                        "ServerGroupTuples": [["ServerGroupId": .string(group), "Weight": 100]]
                    ],
                ]
            ],
        ]
    }
}

extension ConnectionFacts {
    /// Those of requests that are handed over without a network.
    static let test = ConnectionFacts(
        id: 1,
        client: SocketAddress(ip: "127.0.0.1", port: 1),
        server: SocketAddress(ip: "127.0.0.1", port: 1),
        transport: .tcp,
        version: .http11,
        tls: nil
    )
}
