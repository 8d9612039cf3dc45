// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Testing

private let service = Endpoint(host: "10.0.0.1", port: 80)

private func serve(_ simulation: Simulation, name: String = "server", delay: Duration = .zero) {
    simulation.start(name) { host in
        host.network.claim(ip: service.host)
        let address = SocketAddress(ip: service.host, port: service.port)
        try await HTTPServer(host: host, address: address) { request in
            try? await host.clock.sleep(for: delay)
            let text = "\(request.head.path ?? "") \(String(decoding: request.body, as: UTF8.self))"
            return HTTPServerResponse(head: HTTPResponse(status: .ok), body: .bytes(Array(text.utf8)))
        }.run()
    }
}

private func get(
    _ client: HTTPClient,
    _ path: String,
    timeout: Duration = .seconds(10)
) async throws -> String {
    let request = HTTPRequest(method: .get, scheme: "http", authority: "server", path: path)
    let reply = try await client.send(request, body: Array("body".utf8), to: service, timeout: timeout)
    return String(decoding: try await reply.collect(), as: UTF8.self)
}

@Suite struct NetworkTests {
    @Test func `an exchange crosses the network and takes its time`() throws {
        let simulation = Simulation(seed: 1)
        let (text, took) = try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            try await host.clock.sleep(for: .seconds(1))
            let before = host.clock.now
            let text = try await get(HTTPClient(host: host), "/a?b")
            return (text, before.duration(to: host.clock.now))
        }
        #expect(text == "/a?b body")
        #expect(took >= .microseconds(1000) && took < .milliseconds(2))
    }

    @Test func `a connection is used again`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            _ = try await get(client, "/1")
            let before = host.clock.now
            _ = try await get(client, "/2")
            #expect(before.duration(to: host.clock.now) < .microseconds(700))
        }
    }

    @Test func `a port where nobody listens refuses and an address of nobody times out`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            simulation.host("server").network.claim(ip: service.host)
            await #expect(throws: NetworkFailure.refused) { try await get(client, "/") }
            simulation.host("server").network.release(ip: service.host)
            let before = host.clock.now
            await #expect(throws: NetworkFailure.timedOut) {
                try await get(client, "/", timeout: .seconds(3))
            }
            #expect(before.duration(to: host.clock.now) == .seconds(3))
        }
    }

    @Test func `a crash resets open exchanges and a restart serves again`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation, delay: .seconds(5))
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            host.clock.schedule(after: .seconds(2)) { simulation.crash("server") }
            await #expect(throws: NetworkFailure.reset) { try await get(client, "/") }
            await #expect(throws: NetworkFailure.refused) { try await get(client, "/") }
            serve(simulation)
            try await host.clock.sleep(for: .seconds(1))
            #expect(try await get(client, "/again") == "/again body")
        }
    }

    @Test func `a machine that goes down answers nothing`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            _ = try await get(client, "/")
            simulation.crash("server", machine: true)
            await #expect(throws: NetworkFailure.timedOut) { try await get(client, "/") }
        }
    }

    @Test func `a connection to a machine that went down ends with the sender's patience`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            _ = try await get(client, "/")
            simulation.crash("server", machine: true)
            let before = host.clock.now
            await #expect(throws: NetworkFailure.timedOut) {
                try await get(client, "/", timeout: .seconds(500))
            }
            #expect(before.duration(to: host.clock.now) < .seconds(200))
        }
    }

    @Test func `nothing of a world is left when it is over`() throws {
        final class Marker: Sendable {}
        weak var left: Marker?
        do {
            let simulation = Simulation(seed: 1)
            let marker = Marker()
            left = marker
            try simulation.run { [marker] in
                serve(simulation)
                let host = simulation.host("client")
                host.clock.schedule(after: .seconds(9000)) { _ = (marker, host) }
                try await host.clock.sleep(for: .seconds(1))
                _ = try await get(HTTPClient(host: host), "/")
            }
        }
        #expect(left == nil)
    }

    @Test func `a connection is not left when a world ends with something on its way`() throws {
        final class Sender: ConnectionHandler, @unchecked Sendable {
            weak var connection: (any Connection)?
            func opened(_ connection: any Connection) {
                self.connection = connection
                let request = HTTPRequest(method: .get, scheme: "http", authority: "server", path: "/")
                connection.send(Frame(head: .request(request)), exchange: 1)
            }
            func failed(_ failure: NetworkFailure) {}
            func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {}
            func cancelled(exchange: UInt64, on connection: any Connection) {}
            func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
        }
        let sender = Sender()
        do {
            let simulation = Simulation(seed: 1)
            try simulation.run {
                serve(simulation)
                let host = simulation.host("client")
                try await host.clock.sleep(for: .seconds(1))
                let address = SocketAddress(ip: service.host, port: service.port)
                host.network.connect(to: address, options: ConnectOptions(), handler: sender)
                while sender.connection == nil { try await host.clock.sleep(for: .microseconds(50)) }
            }
        }
        #expect(sender.connection == nil)
    }

    @Test func `what crosses a cut link arrives when it is healed`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            _ = try await get(client, "/")
            simulation.fabric.cut("client", "server")
            host.clock.schedule(after: .seconds(4)) { simulation.fabric.heal("client", "server") }
            let before = host.clock.now
            #expect(try await get(client, "/late") == "/late body")
            #expect(before.duration(to: host.clock.now) >= .seconds(4))
        }
    }

    @Test func `a connection whose link stays cut ends with the sender's patience`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            _ = try await get(client, "/")
            simulation.fabric.cut("client", "*")
            let before = host.clock.now
            await #expect(throws: NetworkFailure.timedOut) {
                try await get(client, "/", timeout: .seconds(500))
            }
            #expect(before.duration(to: host.clock.now) > .seconds(100))
        }
    }

    @Test func `a hung host answers when it goes on`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            simulation.setHung(true, "server")
            host.clock.schedule(after: .seconds(2)) { simulation.setHung(false, "server") }
            let before = host.clock.now
            #expect(try await get(client, "/") == "/ body")
            #expect(before.duration(to: host.clock.now) >= .seconds(2))
        }
    }

    @Test func `lost packets cost time and nothing else`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            simulation.fabric.setCondition(LinkCondition(loss: 0.5), between: "client", and: "server")
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            let before = host.clock.now
            for number in 0..<20 {
                #expect(try await get(client, "/\(number)", timeout: .seconds(600)) == "/\(number) body")
            }
            #expect(before.duration(to: host.clock.now) > .seconds(1))
        }
    }

    @Test func `what crosses a quick link overtakes hundreds that cross a slow one`() throws {
        let simulation = Simulation(seed: 1)
        let slowest = LinkCondition(latency: .milliseconds(200), jitter: .milliseconds(40))
        simulation.fabric.setCondition(slowest, between: "slow", and: "server")
        try simulation.run {
            serve(simulation)
            let (slow, quick) = (simulation.host("slow"), simulation.host("quick"))
            try await slow.clock.sleep(for: .seconds(1))
            try await withThrowingTaskGroup(of: Duration.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let before = slow.clock.now
                        _ = try await get(HTTPClient(host: slow), "/\(number)")
                        return before.duration(to: slow.clock.now)
                    }
                }
                try await quick.clock.sleep(for: .milliseconds(450))
                let client = HTTPClient(host: quick)
                for number in 0..<100 {
                    let before = quick.clock.now
                    #expect(try await get(client, "/\(number)") == "/\(number) body")
                    #expect(before.duration(to: quick.clock.now) < .milliseconds(2))
                }
                for try await took in group {
                    #expect(took >= .milliseconds(800) && took < .milliseconds(1000))
                }
            }
        }
    }

    @Test func `a reset between two hosts cuts what is open`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation, delay: .seconds(5))
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            host.clock.schedule(after: .seconds(2)) { simulation.fabric.reset("server", "client") }
            await #expect(throws: NetworkFailure.reset) { try await get(client, "/") }
        }
    }

    @Test func `names resolve to what they were given`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            serve(simulation)
            let host = simulation.host("client")
            let client = HTTPClient(host: host)
            try await host.clock.sleep(for: .seconds(1))
            let named = Endpoint(host: "Shop.example.com", port: 80)
            let request = HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/")
            await #expect(throws: NetworkFailure.unresolved("Shop.example.com")) {
                try await client.send(request, to: named, timeout: .seconds(1))
            }
            simulation.fabric.setName("shop.example.com", addresses: [service.host])
            #expect(try await client.send(request, to: named, timeout: .seconds(1)).status == 200)
        }
    }

    @Test func `a client that leaves is noticed by a handler that streams`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let (gone, signal) = AsyncStream<Void>.makeStream()
            simulation.start("server") { host in
                let address = SocketAddress(ip: service.host, port: service.port)
                try await HTTPServer(host: host, address: address) { request in
                    let (pieces, continuation) = AsyncStream<[UInt8]>.makeStream()
                    request.disconnection.onGone {
                        continuation.finish()
                        signal.yield()
                    }
                    continuation.yield([1])
                    continuation.yield([2])
                    return HTTPServerResponse(head: HTTPResponse(status: .ok), body: .stream(pieces))
                }.run()
            }
            let host = simulation.host("client")
            try await host.clock.sleep(for: .seconds(1))
            let request = HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/")
            let client = HTTPClient(host: host)
            var seen: [UInt8] = []
            do {
                let reply = try await client.send(request, to: service, timeout: .seconds(1))
                for try await piece in reply.body {
                    seen += piece
                    if seen.count == 2 { break }
                }
            }
            #expect(seen == [1, 2])
            for await _ in gone { break }
        }
    }
}
