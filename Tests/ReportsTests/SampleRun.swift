// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Storage

@testable import Reports

/// A saved run made by hand: a rollout during which a pod is gone before the load balancer knows it.
struct SampleRun {
    static let start = Instant(seconds: 1_767_225_600)

    private var entries: [TraceEntry] = []
    private var bodies: [(revision: Int64, body: String)] = []
    var expectations: [SavedExpectation] = []
    var configurations: [LoadBalancerConfiguration] = []

    /// Adds an entry so many seconds after the start.
    @discardableResult
    mutating func add(_ event: TraceEvent, at seconds: Double, on host: String, cause: Int = 0) -> Int {
        let number = entries.count + 1
        entries.append(
            TraceEntry(
                id: TraceID(number: UInt64(number)),
                at: Self.start.advanced(by: .milliseconds(Int64((seconds * 1000).rounded()))),
                host: host,
                cause: TraceID(number: UInt64(bitPattern: Int64(cause))),
                event: event
            )
        )
        return number
    }

    /// Adds a revision with its body.
    @discardableResult
    mutating func object(
        _ verb: String,
        _ resource: String,
        _ name: String,
        revision: Int64,
        at seconds: Double,
        _ body: JSONValue?
    ) -> Int {
        if let body { bodies.append((revision, body.text)) }
        return add(
            .object(
                ObjectRevision(
                    verb: verb,
                    resource: resource,
                    namespace: "default",
                    name: name,
                    revision: revision,
                    bodyDigest: 0
                )
            ),
            at: seconds,
            on: "kubernetes"
        )
    }

    @discardableResult
    mutating func call(_ client: String, _ verb: String, _ path: String, at seconds: Double) -> Int {
        add(
            .apiCall(
                APICall(
                    client: client,
                    verb: verb,
                    path: path,
                    status: 200,
                    reason: "",
                    duration: .milliseconds(1)
                )
            ),
            at: seconds,
            on: "kubernetes"
        )
    }

    /// A client's request and the load balancer's side of it.
    @discardableResult
    mutating func request(
        _ status: Int,
        at seconds: Double,
        path: String = "/cart",
        exchange: Int64,
        server: String = "10.64.1.2:8080",
        reason: String = "",
        rule: String = "rule-80-50 (50)",
        servedBy: String = "web-1"
    ) -> Int {
        add(
            .proxied(
                ProxiedRequest(
                    connection: 7,
                    exchange: exchange,
                    loadBalancer: "alb-1",
                    zone: "cn-hangzhou-h",
                    listener: "80/HTTP",
                    version: 3,
                    rule: rule,
                    action: rule == "default" ? "fixed" : "forward",
                    serverGroup: rule == "default" ? "" : "sgp-1",
                    server: rule == "default" ? "" : server,
                    status: status,
                    upstreamStatus: reason.isEmpty && rule != "default" ? status : 0,
                    reason: reason,
                    upstreamLatency: .milliseconds(2)
                )
            ),
            at: seconds - 0.008,
            on: "alb-cn-hangzhou-h"
        )
        return add(
            .request(
                RequestRecord(
                    traffic: "shoppers",
                    connection: 7,
                    exchange: exchange,
                    method: "GET",
                    host: "shop.example.com",
                    path: path,
                    status: status,
                    outcome: "answered",
                    servedBy: status == 200 ? servedBy : "",
                    certificate: "",
                    latency: .milliseconds(20)
                )
            ),
            at: seconds,
            on: "client-shoppers"
        )
    }

    /// A rollout that loses one request.
    static func rollout() -> SampleRun {
        var run = SampleRun()
        run.add(
            .configuration(
                ConfigurationPush(
                    loadBalancer: "alb-1",
                    zone: "cn-hangzhou-h",
                    version: 3,
                    cause: "CreateRules"
                )
            ),
            at: -5,
            on: "alb-cn-hangzhou-h"
        )
        run.request(200, at: 1, exchange: 1)
        run.add(.step(StepRecord(number: 1, verb: "set-image", detail: "rollout")), at: 10, on: "user")
        run.object(
            "update",
            "deployments.apps",
            "web",
            revision: 20,
            at: 10.001,
            ["kind": "Deployment", "spec": ["image": "web:v2", "replicas": 2]]
        )
        run.call("kubectl", "patch", "/apis/apps/v1/namespaces/default/deployments/web", at: 10.001)
        run.object("delete", "pods", "web-1", revision: 21, at: 16, ["kind": "Pod"])
        run.call("kube-controller-manager", "delete", "/api/v1/namespaces/default/pods/web-1", at: 16)
        run.add(
            .reconcile(
                Reconcile(
                    controller: "deployment",
                    key: "default/web",
                    outcome: "done",
                    message: "delete web-1",
                    writes: 1,
                    duration: .milliseconds(5)
                )
            ),
            at: 16.002,
            on: "cluster"
        )
        run.add(
            .pod(
                PodStage(
                    namespace: "default",
                    name: "web-1",
                    node: "node-1",
                    ip: "10.64.1.2",
                    stage: "draining",
                    reason: ""
                )
            ),
            at: 16.01,
            on: "node-1"
        )
        run.request(502, at: 16.5, exchange: 2, reason: "server refused the connection")
        run.request(404, at: 17, path: "/basket", exchange: 3, rule: "default")
        run.expectations = [
            SavedExpectation(
                name: "no-outage",
                file: "shop.yaml",
                line: 12,
                column: 5,
                expected: "every request of shoppers: status 200",
                isMet: false,
                firstWrong: 16_500_000_000,
                seen: ["3 requests of shoppers, 2 otherwise: 1 × status 502, 1 × status 404"]
            ),
            SavedExpectation(
                name: "",
                file: "shop.yaml",
                line: 13,
                column: 5,
                expected: "some request of shoppers: status 200",
                isMet: true
            ),
        ]
        run.configurations = [configuration]
        return run
    }

    static let configuration = LoadBalancerConfiguration(
        id: "alb-1",
        version: 3,
        cause: "CreateRules",
        dnsName: "alb-1.cn-hangzhou.alb.aliyuncsslb.com",
        zones: [ZoneAddress(zone: "cn-hangzhou-h", address: "10.0.0.1")],
        listeners: [
            ListenerConfiguration(
                id: "lsn-1",
                listenerProtocol: .http,
                port: 80,
                rules: [
                    RuleConfiguration(
                        id: "rule-1",
                        name: "rule-80-50",
                        priority: 50,
                        conditions: [.host(["shop.example.com"]), .path(["/cart"])],
                        actions: [.forward([WeightedGroup(serverGroup: "sgp-1")], stickySeconds: nil)]
                    )
                ],
                defaultAction: .fixedResponse(status: 404, contentType: "text/plain", content: "nothing here")
            )
        ],
        serverGroups: [
            "sgp-1": ServerGroupConfiguration(
                id: "sgp-1",
                name: "web",
                servers: [
                    BackendServer(
                        serverID: "eni-1",
                        address: SocketAddress(ip: "10.64.1.2", port: 8080)
                    )
                ]
            )
        ]
    )

    /// The run, kept in memory or in a file.
    func saved(path: String? = nil) throws -> SavedRun {
        let writer = try path.map { try RunFileWriter(path: $0) } ?? RunFileWriter()
        try writer.describe(
            RunFacts(
                scenario: "A rollout </script> loses <b>one</b> request",
                seed: 7,
                profile: "managed",
                start: Self.start,
                digest: "abc"
            )
        )
        try writer.set("verdict", expectations.allSatisfy(\.isMet) ? "passed" : "failed")
        try writer.set("command", "albedo run shop.yaml --seed 7")
        try writer.append(entries)
        try writer.append(bodies: bodies)
        try writer.append(
            configurations: configurations.map {
                SavedConfiguration(
                    loadBalancer: $0.id,
                    version: $0.version,
                    head: $0.headJSON.text,
                    listeners: $0.listeners.map(\.json.text),
                    serverGroups: $0.serverGroups.sorted { $0.key < $1.key }.map(\.value.json.text)
                )
            }
        )
        try writer.append(expectations: expectations)
        if let path {
            try writer.finish()
            return try SavedRun(RunFile(path: path))
        }
        try writer.makeIndexes()
        return try SavedRun(writer)
    }
}
