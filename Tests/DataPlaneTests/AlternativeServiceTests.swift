// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import DataPlane

/// Ends what comes.
private final class Refusal: ConnectionHandler {
    func opened(_ connection: any Connection) { connection.abort() }
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {}
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}

@Suite struct AlternativeServiceTests {
    private func configuration(_ pod: Pod, version: Int64, hasQUIC: Bool) -> LoadBalancerConfiguration {
        var plain = listener()
        plain.quicUpgradePort = 8443
        let listeners = hasQUIC ? [plain, listener(port: 8443, listenerProtocol: .quic)] : [plain]
        return World.configuration(
            version: version,
            listeners: listeners,
            groups: [World.group("sgp-0", [pod.address])]
        )
    }

    @Test func `clients are told of HTTP slash 3 only while its listener is open`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let pod = try Pod(simulation, 1)
            let world = World(simulation)
            world.apply(configuration(pod, version: 1, hasQUIC: false))
            #expect(try await world.ask(get("/")).head?.headerFields[.alternativeService] == nil)
            world.apply(configuration(pod, version: 2, hasQUIC: true))
            let told = try await world.ask(get("/")).head?.headerFields[.alternativeService]
            #expect(told?.hasPrefix("h3=\":8443\"") == true)
            world.apply(configuration(pod, version: 3, hasQUIC: false))
            #expect(try await world.ask(get("/")).head?.headerFields[.alternativeService] == nil)
        }
    }

    @Test func `a listener that could not be opened is not told of`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let pod = try Pod(simulation, 1)
            let world = World(simulation)
            let other = simulation.host("other")
            let taken = try other.network.listen(
                on: SocketAddress(ip: "10.1.0.1", port: 8443),
                options: ListenOptions(transport: .quic)
            ) { _ in Refusal() }
            other.network.release(ip: "10.1.0.1")
            world.apply(configuration(pod, version: 1, hasQUIC: true))
            #expect(try await world.ask(get("/")).head?.headerFields[.alternativeService] == nil)
            taken.close()
        }
    }
}
