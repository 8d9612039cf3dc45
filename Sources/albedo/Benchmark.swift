// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CloudAPI
import DataPlane
import Foundation
import HTTPTypes
import Ports
import Scenarios
import Simulation
import Traffic
import Worlds

/// `albedo benchmark`: the figures of Benchmarks/README.md, all in one run, so that they can be compared.
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the simulation: jobs, proxied requests, virtual against real time, growth."
    )

    @Option(help: "A scenario whose virtual time is compared with the real time.")
    var scenario = "scenarios/03-rolling-update.yaml"

    @Option(help: "Numbers of Ingresses to fit the growth to.")
    var ingresses: [Int] = [10, 100, 1000]

    @Option(help: "Numbers of Ingresses to build and compare the controller's model of.")
    var model: [Int] = [100, 1000, 5000]

    @Flag(help: "Measures the controller's model only.")
    var modelOnly = false

    @Flag(help: "Measures jobs and proxied requests only.")
    var requestsOnly = false

    func run() throws {
        if requestsOnly {
            try executorJobs()
            return try proxiedRequests()
        }
        for count in model { controllerGrowth(count) }
        if modelOnly { return }
        try executorJobs()
        try proxiedRequests()
        try virtualTime()
        for count in ingresses { try growth(count) }
    }

    /// Builds and compares the model of many Ingresses, and of one edit among them.
    private func controllerGrowth(_ count: Int) {
        let figures = ControllerGrowth(ingresses: count).measure()
        report("model of \(count) Ingresses: seconds to build", figures.build)
        report("model of \(count) Ingresses: seconds to compare", figures.compare)
        report("model of \(count) Ingresses: seconds for one edit", figures.editBuild)
        report("model of \(count) Ingresses: calls for one edit", Double(figures.editCalls.count))
    }

    /// Jobs of sleeping tasks a second.
    private func executorJobs() throws {
        let simulation = Simulation(seed: 1, keepsTrace: false)
        let seconds = try Stopwatch.measure {
            try simulation.run {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        let host = simulation.host("host-\(number)")
                        group.addTask {
                            for _ in 0..<10_000 {
                                try? await host.clock.sleep(for: .milliseconds(1 + number % 7))
                            }
                        }
                    }
                }
            }
        }
        report("executor jobs a second", Double(simulation.jobCount) / seconds)
    }

    /// Requests a second through clients, a zone of the data plane, and servers.
    private func proxiedRequests() throws {
        let simulation = Simulation(seed: 1, keepsTrace: false)
        let count = 500_000
        let seconds = try Stopwatch.measure {
            try simulation.run {
                let dataPlane = DataPlane(hosts: [("zone", simulation.host("zone"))])
                let servers = try SimulatedServers(simulation: simulation, count: 4)
                dataPlane.apply(servers.configuration, zone: "zone", cause: .none)
                let description = TrafficDescription(
                    name: "load",
                    requests: [try TrafficRequest("GET http://203.0.113.1/tea")],
                    load: .constant(perSecond: 20_000),
                    count: count,
                    clients: 50
                )
                let runner = try TrafficRunner(host: simulation.host("clients"), description: description)
                runner.start()
                await runner.finished()
            }
        }
        report("simulated proxied requests a second", Double(count) / seconds)
    }

    /// Virtual against real time of a scenario.
    private func virtualTime() throws {
        let (scenarios, mistakes) = ScenarioFiles.read([scenario])
        guard let scenario = scenarios.first else {
            for mistake in mistakes { Console.error(mistake) }
            throw ExitCode.unreadable
        }
        var result: RunReport?
        let seconds = Stopwatch.measure { result = ScenarioRunner.run(scenario, options: RunOptions()) }
        report("virtual to real time of '\(scenario.name)'", (result?.virtualTime.inSeconds ?? 0) / seconds)
    }

    /// How long it takes to bring so many Ingresses up from nothing, and to carry one edit to the data plane.
    private func growth(_ count: Int) throws {
        let growth = try GrowthWorld(ingresses: count)
        let seconds = try Stopwatch.measure { try growth.run() }
        report("\(count) Ingresses: real seconds until all are served", seconds)
        report("\(count) Ingresses: real milliseconds for each", seconds * 1000 / Double(count))
        report("\(count) Ingresses: cloud writes for one edit", Double(growth.editWrites))
    }

    private func report(_ what: String, _ value: Double) {
        let text = value >= 100 ? String(Int(value)) : String((value * 1000).rounded() / 1000)
        Console.print("\(text)\t\(what)")
    }
}

/// Measures real time.
enum Stopwatch {
    /// The seconds that `body` took.
    static func measure(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        let time = ContinuousClock.now - start
        return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }
}

/// Servers that answer at once, for measuring what is before them.
private struct SimulatedServers {
    let configuration: LoadBalancerConfiguration

    init(simulation: Simulation, count: Int) throws {
        let addresses = (1...count).map { SocketAddress(ip: "10.1.0.\($0)", port: 8080) }
        for address in addresses {
            _ = try simulation.host("servers").network.listen(on: address, options: ListenOptions()) { _ in
                InstantServer()
            }
        }
        let group = ServerGroupConfiguration(
            id: "sgp-1",
            name: "tea",
            servers: addresses.map { BackendServer(serverID: "eni-\($0.ip)", address: $0) },
            isKeepaliveOn: true
        )
        let rule = RuleConfiguration(
            id: "rule-1",
            name: "tea",
            priority: 1,
            conditions: [.path(["/tea", "/tea/*"])],
            actions: [.forward([WeightedGroup(serverGroup: "sgp-1")], stickySeconds: nil)]
        )
        let listener = ListenerConfiguration(
            id: "lsn-1",
            listenerProtocol: .http,
            port: 80,
            rules: [rule],
            defaultAction: .fixedResponse(status: 404, contentType: "text/plain", content: "")
        )
        configuration = LoadBalancerConfiguration(
            id: "alb-1",
            version: 1,
            cause: "benchmark",
            dnsName: "alb-1.example",
            zones: [ZoneAddress(zone: "zone", address: "203.0.113.1")],
            listeners: [listener],
            serverGroups: ["sgp-1": group]
        )
    }
}

/// Answers 200 at once.
private final class InstantServer: ConnectionHandler {
    private let head = MessageHead.response(HTTPResponse(status: .ok))

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        if frame.isLast { connection.send(Frame(head: head), exchange: exchange) }
    }
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}
