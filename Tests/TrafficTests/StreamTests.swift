// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Streams
import Synchronization
import Testing

@testable import Traffic

/// What a server does with streams.
private enum Manner: Sendable {
    /// It sends every message back, and ends when it is told to.
    case echo
    /// It answers requests as any other.
    case refuse
    /// It agrees, and says nothing more.
    case silent
    /// It agrees, and ends the stream by itself after a while.
    case leave(after: Duration)
    /// It agrees, and cuts the connection after a while.
    case cut(after: Duration)
}

/// A server of WebSockets and gRPC over the network's events.
private final class StreamServer: ConnectionHandler {
    private let host: Host
    private let manner: Manner
    private let reader = Mutex((WebSocketReader(), GRPCReader(), isSocket: false))

    init(_ host: Host, _ manner: Manner) {
        self.host = host
        self.manner = manner
    }

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        if case .request(let head)? = frame.head { begin(head, exchange, connection) }
        guard case .echo = manner else { return }
        let (frames, messages, isSocket) = reader.withLock { reader in
            reader.isSocket
                ? (reader.0.read(frame.body), [[UInt8]](), true) : ([], reader.1.read(frame.body), false)
        }
        for message in frames {
            connection.send(Frame(body: message.bytes(), isLast: false), exchange: exchange)
        }
        for message in messages {
            connection.send(Frame(body: GRPCMessage.bytes(message), isLast: false), exchange: exchange)
        }
        if frame.isLast, !isSocket { end(exchange, status: 0, connection) }
    }

    private func begin(_ head: HTTPRequest, _ exchange: UInt64, _ connection: any Connection) {
        if case .refuse = manner {
            return connection.send(Frame(head: .response(HTTPResponse(status: .ok))), exchange: exchange)
        }
        let key = head.headerFields[.secWebSocketKey]
        reader.withLock { $0.isSocket = key != nil }
        var answer = HTTPResponse(status: key == nil ? .ok : .switchingProtocols)
        if let key {
            answer.headerFields[.secWebSocketAccept] = WebSocketHandshake.accept(key)
        } else {
            answer.headerFields[.contentType] = "application/grpc"
        }
        connection.send(Frame(head: .response(answer), isLast: false), exchange: exchange)
        switch manner {
        case .leave(let time):
            host.clock.schedule(after: time) { [self] in
                if key == nil { return end(exchange, status: 14, connection) }
                connection.send(
                    Frame(body: WebSocketFrame.close(1001).bytes(), isLast: false),
                    exchange: exchange
                )
            }
        case .cut(let time): host.clock.schedule(after: time) { connection.abort() }
        default: break
        }
    }

    private func end(_ exchange: UInt64, status: Int, _ connection: any Connection) {
        guard let name = HTTPField.Name("grpc-status") else { return }
        connection.send(Frame(trailers: [name: String(status)]), exchange: exchange)
    }
}

@Suite struct StreamTests {
    private func play(
        _ manner: Manner,
        _ use: StreamUse,
        lasting: Duration = .seconds(30),
        count: Int = 1
    ) throws -> (streams: [StreamRecord], requests: [RequestRecord]) {
        let simulation = Simulation(seed: 1)
        let host = simulation.host("server")
        host.network.claim(ip: "10.0.0.1")
        _ = try host.network.listen(on: SocketAddress(ip: "10.0.0.1", port: 80), options: ListenOptions()) {
            _ in StreamServer(host, manner)
        }
        let isSocket = use.kind == .websocket
        _ = try simulation.play(
            traffic("\(isSocket ? "GET" : "POST") http://10.0.0.1/chat", .every(.milliseconds(10))) {
                $0.count = count
                $0.lasting = lasting
                $0.stream = use
                $0.connections.versions = [isSocket ? .http11 : .http2]
                $0.connections.requestsPerConnection = isSocket ? 1 : nil
            }
        )
        return (simulation.streamRecords, simulation.requestRecords)
    }

    @Test(arguments: [StreamUse.Kind.websocket, .grpc])
    func `messages go out in their rhythm, and each is answered`(_ kind: StreamUse.Kind) throws {
        let (streams, requests) = try play(.echo, StreamUse(kind: kind, messageInterval: .seconds(2)))
        #expect(requests.map(\.status) == [kind == .websocket ? 101 : 200])
        #expect(streams.map(\.stage) == ["opened", "ended"])
        let end = try #require(streams.last)
        #expect(end.outcome == "finished" && end.code == (kind == .websocket ? 1000 : 0))
        #expect((14...15).contains(end.sent) && end.received == end.sent)
        #expect(end.slowest > .zero && end.slowest < .milliseconds(100))
        #expect(end.duration > .seconds(29) && end.duration < .seconds(31))
        #expect(streams.allSatisfy { $0.connection == requests[0].connection && $0.exchange == 1 })
    }

    @Test(arguments: [StreamUse.Kind.websocket, .grpc])
    func `a stream ends after its messages, or after its time`(_ kind: StreamUse.Kind) throws {
        let few = StreamUse(kind: kind, messageInterval: .seconds(1), messages: 3)
        let (counted, _) = try play(.echo, few)
        #expect(counted.last?.outcome == "finished" && counted.last?.sent == 3 && counted.last?.received == 3)
        let held = StreamUse(kind: kind, messageInterval: .seconds(1), hold: .seconds(5))
        let (timed, _) = try play(.echo, held)
        #expect(timed.last?.outcome == "finished")
        #expect(timed.last.map { $0.duration > .seconds(4) && $0.duration < .seconds(6) } == true)
    }

    @Test func `a call with one message is one request and one answer`() throws {
        let (streams, requests) = try play(.echo, StreamUse(kind: .grpc), count: 3)
        #expect(requests.map(\.status) == [200, 200, 200])
        #expect(streams.filter { $0.stage == "ended" }.map(\.sent) == [1, 1, 1])
        #expect(
            streams.filter { $0.stage == "ended" }.allSatisfy { $0.outcome == "finished" && $0.code == 0 }
        )
    }

    @Test(arguments: [StreamUse.Kind.websocket, .grpc])
    func `a server that leaves is come back to, unless nobody wants that`(_ kind: StreamUse.Kind) throws {
        var use = StreamUse(kind: kind, messageInterval: .seconds(60), answerTimeout: .seconds(100))
        let (back, _) = try play(.leave(after: .seconds(4)), use)
        let ends = back.filter { $0.stage == "ended" }
        #expect(ends.count >= 6)
        #expect(ends[0].outcome == (kind == .websocket ? "server ended" : "failed"))
        #expect(ends[0].code == (kind == .websocket ? 1001 : 14))
        use.reopensAfter = nil
        let (gone, _) = try play(.leave(after: .seconds(4)), use)
        #expect(gone.filter { $0.stage == "ended" }.count == 1)
    }

    @Test(arguments: [StreamUse.Kind.websocket, .grpc])
    func `a cut connection is told as one`(_ kind: StreamUse.Kind) throws {
        let (streams, _) = try play(
            .cut(after: .seconds(4)),
            StreamUse(kind: kind, messageInterval: .seconds(60), reopensAfter: nil)
        )
        #expect(streams.last?.outcome == "reset")
        #expect(streams.last?.code == (kind == .websocket ? 1006 : -1))
    }

    @Test(arguments: [StreamUse.Kind.websocket, .grpc])
    func `who waits too long for an answer gives up`(_ kind: StreamUse.Kind) throws {
        let use = StreamUse(
            kind: kind,
            messageInterval: .seconds(1),
            answerTimeout: .seconds(3),
            reopensAfter: nil
        )
        let (streams, _) = try play(.silent, use)
        #expect(streams.last?.outcome == "no answer")
        #expect(streams.last.map { $0.duration > .seconds(2) && $0.duration < .seconds(5) } == true)
    }

    @Test(arguments: [StreamUse.Kind.websocket, .grpc])
    func `a server that knows nothing of streams gives an ordinary answer`(_ kind: StreamUse.Kind) throws {
        let (streams, requests) = try play(.refuse, StreamUse(kind: kind, reopensAfter: nil))
        #expect(streams.isEmpty)
        #expect(requests.map(\.status) == [200])
    }
}

extension Simulation {
    /// The streams of the trace.
    fileprivate var streamRecords: [StreamRecord] {
        trace.entries.compactMap { if case .stream(let record) = $0.event { record } else { nil } }
    }
}
