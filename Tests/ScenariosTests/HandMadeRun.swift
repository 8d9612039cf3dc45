// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Storage
import Testing

@testable import Scenarios

/// A run made by hand: entries in order, and the bodies of objects.
struct HandMadeRun {
    static let start = Instant(seconds: 1_750_000_000)

    private let scenario: Scenario
    private var entries: [TraceEntry] = []
    private var bodies: [Int64: JSONValue] = [:]
    private var revision: Int64 = 0

    /// Makes a run of a scenario with these expectations over the shop.
    init(_ expectations: String) throws {
        let lines = expectations.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        scenario = try Shop.read(
            """
            scenario: by hand
            cluster: {manifests: shop}
            traffic:
              shoppers: {request: "GET https://cafe.example.com/tea", rate: 100/s}
              guests: {request: "GET http://cafe.example.com/coffee"}
            steps:
              - name: rollout
                set-image: {deployment: tea, image: "tea:v2"}
              - rotate-certificate: {secret: cafe-tls}
            expect:
            \(lines)
            """
        )
    }

    mutating func add(_ event: TraceEvent, at seconds: Double) {
        let at = Self.start.advanced(by: .milliseconds(Int64(seconds * 1000)))
        entries.append(
            TraceEntry(id: TraceID(number: UInt64(entries.count + 1)), at: at, host: "client", event: event)
        )
    }

    /// A request that ended at an instant.
    mutating func request(
        _ traffic: String = "shoppers",
        at seconds: Double,
        _ status: Int = 200,
        outcome: String = "answered",
        from pod: String = "tea-5d8fbcd9f7-x2x7q",
        certificate: String = "",
        path: String = "/tea",
        latency: Duration = .milliseconds(5)
    ) {
        add(
            .request(
                RequestRecord(
                    traffic: traffic,
                    connection: 1,
                    exchange: 1,
                    method: "GET",
                    host: "cafe.example.com",
                    path: path,
                    status: status,
                    outcome: outcome,
                    servedBy: pod,
                    certificate: certificate,
                    latency: latency
                )
            ),
            at: seconds
        )
    }

    mutating func connection(at seconds: Double, _ outcome: String = "open", version: String = "HTTP/2.0") {
        add(
            .connection(
                ConnectionRecord(
                    id: 1,
                    traffic: "shoppers",
                    client: "10.0.0.1:1",
                    server: "10.0.0.2:443",
                    transport: "tcp",
                    version: version,
                    serverName: "cafe.example.com",
                    certificate: "",
                    outcome: outcome,
                    duration: .milliseconds(2)
                )
            ),
            at: seconds
        )
    }

    /// What a zone thinks of a server from an instant on.
    mutating func health(_ server: String, _ state: String, at seconds: Double, zone: String = "h") {
        add(
            .health(HealthChange(serverGroup: "sgp-1", server: server, zone: zone, state: state, reason: "")),
            at: seconds
        )
    }

    mutating func call(_ action: String, at seconds: Double, code: String = "") {
        add(
            .cloudCall(
                CloudCall(
                    client: "controller",
                    product: "Alb",
                    action: action,
                    resource: "alb-1",
                    status: code.isEmpty ? 200 : 400,
                    code: code,
                    requestID: "1",
                    duration: .milliseconds(10)
                )
            ),
            at: seconds
        )
    }

    mutating func step(_ number: Int, at seconds: Double) {
        add(.step(StepRecord(number: number, verb: "set-image", detail: "")), at: seconds)
    }

    /// A revision of an object; nil deletes it.
    mutating func object(
        _ resource: String,
        _ name: String,
        at seconds: Double,
        _ body: JSONValue?,
        namespace: String = "default"
    ) {
        revision += 1
        bodies[revision] = body
        add(
            .object(
                ObjectRevision(
                    verb: body == nil ? "delete" : "update",
                    resource: resource,
                    namespace: namespace,
                    name: name,
                    revision: revision,
                    bodyDigest: 0
                )
            ),
            at: seconds
        )
    }

    mutating func ingress(at seconds: Double, address: String?) {
        let ingress: [JSONValue] = address.map { [["hostname": .string($0)]] } ?? []
        object(
            "ingresses.networking.k8s.io",
            "cafe",
            at: seconds,
            ["kind": "Ingress", "status": ["loadBalancer": ["ingress": .array(ingress)]]]
        )
    }

    /// The failures, when the run ends at an instant.
    ///
    /// Every query answers `answer`, an expression of SQL.
    func failures(end seconds: Double = 100, answer: String = "nowhere") -> [Failure] {
        var evaluator = ExpectationEvaluator(scenario, start: Self.start, objects: Bodies(bodies: bodies))
        for entry in entries { evaluator.accept(entry) }
        return evaluator.failures(at: Self.start.advanced(by: .milliseconds(Int64(seconds * 1000)))) { _ in
            try RunFileWriter().query("SELECT \(answer)")
        }
    }

    /// What the only failure says; `met` when there is none.
    func verdict(end seconds: Double = 100) -> [String] {
        let failures = failures(end: seconds)
        guard let failure = failures.first else { return ["met"] }
        return failure.seen + (failure.firstWrong.map { [$0.relativeText] } ?? [])
    }

    private struct Bodies: StoredObjects {
        let bodies: [Int64: JSONValue]

        func body(resource: String, namespace: String, name: String, revision: Int64) -> JSONValue? {
            bodies[revision]
        }
    }
}
