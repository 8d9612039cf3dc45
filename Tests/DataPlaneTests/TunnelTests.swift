// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Synchronization
import Testing

@testable import DataPlane

/// A pod that agrees to WebSocket and sends every message back; without it, it answers at once.
private final class EchoPod: ConnectionHandler {
    let isWilling: Bool

    init(isWilling: Bool) {
        self.isWilling = isWilling
    }

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        guard case .request(let request) = frame.head else {
            return connection.send(Frame(body: frame.body, isLast: false), exchange: exchange)
        }
        let asks =
            request.headerFields[.upgrade] == "websocket" && request.headerFields[.connection] == "upgrade"
        var answer = HTTPResponse(status: isWilling && asks ? .switchingProtocols : .ok)
        if isWilling, asks { answer.headerFields[.upgrade] = "websocket" }
        connection.send(Frame(head: .response(answer), isLast: !isWilling), exchange: exchange)
    }
}

@Suite struct TunnelTests {
    private let asking = get(
        "/chat",
        fields: [.connection: "keep-alive, Upgrade", .upgrade: "websocket"]
    )

    private func world(_ simulation: Simulation, isWilling: Bool) throws -> World {
        let address = SocketAddress(ip: "10.0.0.1", port: 8080)
        let host = simulation.host("pod")
        host.network.claim(ip: address.ip)
        _ = try host.network.listen(on: address, options: ListenOptions()) { _ in
            EchoPod(isWilling: isWilling)
        }
        let world = World(simulation)
        world.apply(World.configuration(listeners: [listener()], groups: [World.group("sgp-0", [address])]))
        return world
    }

    @Test func `messages go both ways after a 101, until nobody speaks for the request time-out`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = try world(simulation, isWilling: true)
            let caller = world.call()
            try await world.pass(.milliseconds(10))
            caller.send(asking)
            try await world.pass(.milliseconds(10))
            #expect(caller.answer(1)?.status == 101)
            for _ in 0..<5 {
                try await world.pass(.seconds(50))
                caller.connection?.send(Frame(body: Array("hi".utf8), isLast: false), exchange: 1)
            }
            try await world.pass(.seconds(1))
            #expect(caller.answer(1)?.body == Array("hihihihihi".utf8))
            #expect(caller.end == nil)
            try await world.pass(.seconds(60))
            #expect(caller.end != nil)
            #expect(world.proxied.map(\.status) == [101])
            #expect(world.proxied.map(\.reason) == [OwnAnswer.tunnelIdle.reason])
        }
    }

    @Test func `a client that hangs up ends its tunnel in order`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = try world(simulation, isWilling: true)
            let caller = world.call()
            try await world.pass(.milliseconds(10))
            caller.send(asking)
            try await world.pass(.milliseconds(10))
            caller.connection?.close()
            try await world.pass(.milliseconds(10))
            #expect(world.proxied.map(\.status) == [101])
            #expect(world.proxied.map(\.reason) == [""])
        }
    }

    @Test func `a server that does not want to is answered by as ever`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = try world(simulation, isWilling: false)
            #expect(try await world.ask(asking).status == 200)
        }
    }
}
