// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Synchronization
import Testing

@testable import Ports

/// A clock with one timer, moved by hand.
private final class StepClock: HostClock {
    private let state = Mutex<(now: Instant, due: Instant?, action: (@Sendable () -> Void)?)>(
        (Instant(seconds: 0), nil, nil)
    )

    var now: Instant { state.withLock { $0.now } }

    func sleep(until deadline: Instant) async throws(CancellationError) {}

    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        state.withLock { ($0.due, $0.action) = (instant, action) }
        return TimerID(number: 1)
    }

    func cancel(_ timer: TimerID) { state.withLock { ($0.due, $0.action) = (nil, nil) } }

    func pass(_ seconds: Int64) {
        for _ in 0..<seconds {
            let action = state.withLock { state -> (@Sendable () -> Void)? in
                state.now = state.now.advanced(by: .seconds(1))
                guard let due = state.due, due <= state.now else { return nil }
                defer { (state.due, state.action) = (nil, nil) }
                return state.action
            }
            action?()
        }
    }
}

/// A connection that keeps what it was told.
private final class KeptConnection: Connection {
    let facts = ConnectionFacts(
        id: 1,
        client: SocketAddress(ip: "10.0.0.2", port: 1),
        server: SocketAddress(ip: "10.0.0.1", port: 443),
        transport: .tcp,
        version: .http11,
        tls: nil
    )
    private let words = Mutex<[String]>([])

    var told: [String] { words.withLock { $0 } }

    func send(_ frame: Frame, exchange: UInt64) { words.withLock { $0.append("send") } }
    func cancel(exchange: UInt64) { words.withLock { $0.append("cancel") } }
    func close() { words.withLock { $0.append("close") } }
    func abort() { words.withLock { $0.append("abort") } }
}

/// Tells one task what another has done.
private final class Flag: Sendable {
    let isSet = Mutex(false)
}

@Suite struct ServerLimitTests {
    private let clock = StepClock()
    private let connection = KeptConnection()

    private func server(_ limits: ServerLimits) -> (ServerConnection, AsyncStream<ServerExchange>) {
        let (exchanges, arrivals) = AsyncStream<ServerExchange>.makeStream()
        let server = ServerConnection(
            facts: connection.facts,
            prompt: nil,
            arrivals: arrivals,
            clock: clock,
            limits: limits
        )
        server.opened(connection)
        return (server, exchanges)
    }

    private func head() -> HTTPRequest {
        HTTPRequest(method: .post, scheme: "https", authority: "a", path: "/")
    }

    @Test func `a body that is too long is cut off and handed over at once`() async throws {
        let (server, exchanges) = server(ServerLimits(bodyBytes: 10))
        server.received(Frame(head: .request(head()), isLast: false), exchange: 1, on: connection)
        server.received(
            Frame(body: Array(repeating: 1, count: 8), isLast: false),
            exchange: 1,
            on: connection
        )
        server.received(
            Frame(body: Array(repeating: 1, count: 80), isLast: false),
            exchange: 1,
            on: connection
        )
        server.received(Frame(body: [1], isLast: true), exchange: 1, on: connection)
        var iterator = exchanges.makeAsyncIterator()
        let exchange = try #require(await iterator.next(isolation: #isolation))
        #expect(exchange.request.body.count == 11)
    }

    @Test func `a request that does not go on is given up`() {
        let (server, _) = server(ServerLimits(patience: .seconds(30), idle: .seconds(90)))
        clock.pass(20)
        server.arriving(exchange: 1, on: connection)
        clock.pass(25)
        server.received(Frame(head: .request(head()), isLast: false), exchange: 1, on: connection)
        clock.pass(25)
        #expect(connection.told == [])
        clock.pass(35)
        #expect(connection.told == ["abort"])
    }

    @Test func `an idle connection is closed, a busy one is not`() {
        let (server, _) = server(ServerLimits(patience: .seconds(30), idle: .seconds(90)))
        server.received(Frame(head: .request(head()), isLast: true), exchange: 1, on: connection)
        clock.pass(1_000)
        #expect(connection.told == [])
        server.finished(1)
        clock.pass(80)
        #expect(connection.told == [])
        clock.pass(45)
        #expect(connection.told == ["close"])
    }

    @Test func `without limits no timer waits`() {
        let (server, _) = server(ServerLimits())
        server.received(Frame(head: .request(head()), isLast: false), exchange: 1, on: connection)
        clock.pass(100_000)
        #expect(connection.told == [])
    }

    @Test func `who sends waits for a client that does not read`() async {
        let (server, _) = server(ServerLimits())
        server.received(Frame(head: .request(head()), isLast: true), exchange: 1, on: connection)
        await server.waitUntilTaken(1)
        server.stalled(exchange: 1, on: connection)
        let flag = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await server.waitUntilTaken(1)
                flag.isSet.withLock { $0 = true }
            }
            for _ in 0..<50 { await Task.yield() }
            #expect(!flag.isSet.withLock { $0 })
            server.flowing(exchange: 1, on: connection)
        }
        #expect(flag.isSet.withLock { $0 })
        // Nobody waits for a client that has gone.
        server.stalled(exchange: 1, on: connection)
        server.closed(connection, .reset)
        await server.waitUntilTaken(1)
    }
}
