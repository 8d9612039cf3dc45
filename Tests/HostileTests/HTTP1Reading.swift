// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOEmbedded
import Ports
import Synchronization

@testable import Live

/// What an end of an HTTP/1 connection makes of bytes.
struct HTTP1Reading {
    /// Heads, bodies and ends, a line for each.
    var transcript: String
    /// What did not hold; nil when all did.
    var complaint: String?

    private static let limits = MessageLimits(targetBytes: 512, fieldBytes: 1024, bodyBytes: 4096)
    private static let facts = ConnectionFacts(
        id: 1,
        client: Ports.SocketAddress(ip: "192.0.2.1", port: 1),
        server: Ports.SocketAddress(ip: "192.0.2.2", port: 80),
        transport: .tcp,
        version: .http11,
        tls: nil
    )

    /// Requests, each answered at once when it is whole.
    static func requests(_ pieces: [[UInt8]]) -> HTTP1Reading {
        let listener = Listener(answers: true)
        let channel = EmbeddedChannel()
        let server = HTTP1Server(
            ListenOptions(limits: limits, allowsTunnels: false),
            isSecure: false,
            handler: listener
        )
        let connection = HTTP1Connection(facts: facts, end: server, postbox: LoopPostbox(channel.eventLoop))
        try? channel.pipeline.syncOperations.addHandler(server)
        server.open(connection)
        return feed(pieces, to: channel, listener)
    }

    /// The answers to one request.
    static func answers(_ pieces: [[UInt8]], isHead: Bool) -> HTTP1Reading {
        let listener = Listener(answers: false)
        let channel = EmbeddedChannel()
        let client = HTTP1Client(handler: listener)
        let connection = HTTP1Connection(facts: facts, end: client, postbox: LoopPostbox(channel.eventLoop))
        try? channel.pipeline.syncOperations.addHandler(client)
        client.open(connection)
        let request = HTTPRequest(method: isHead ? .head : .get, scheme: "http", authority: "a", path: "/")
        connection.send(Frame(head: .request(request)), exchange: 1)
        channel.embeddedEventLoop.run()
        return feed(pieces, to: channel, listener)
    }

    private static func feed(
        _ pieces: [[UInt8]],
        to channel: EmbeddedChannel,
        _ listener: Listener
    ) -> HTTP1Reading {
        for piece in pieces {
            // Errors of a channel that the reader has closed are what is wanted.
            _ = try? channel.writeInbound(ByteBuffer(bytes: piece))
            channel.embeddedEventLoop.run()
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return listener.reading
    }
}

/// Writes down what it is told.
private final class Listener: ConnectionHandler {
    private struct State {
        var lines: [String] = []
        /// Where the lines of the present message begin.
        var begin = 0
        var body: [UInt8] = []
        var isInside = false
        var complaint: String?
    }

    private let answers: Bool
    private let state = Mutex(State())

    init(answers: Bool) {
        self.answers = answers
    }

    var reading: HTTP1Reading {
        state.withLock { state in
            let rest = state.body.isEmpty ? [] : ["body \(state.body)"]
            return HTTP1Reading(
                transcript: (state.lines + rest).joined(separator: "\n"),
                complaint: state.complaint
            )
        }
    }

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        state.withLock { state in
            if let head = frame.head {
                if state.isInside { state.complaint = "a head inside a message" }
                state.isInside = true
                state.begin = state.lines.count
                switch head {
                case .request(let request):
                    state.lines.append("\(exchange) \(request) \(request.headerFields)")
                    state.complaint = state.complaint ?? Self.complaint(about: request)
                case .response(let response):
                    state.lines.append("\(exchange) \(response) \(response.headerFields)")
                }
            } else if !state.isInside {
                state.complaint = "a piece outside of a message"
            }
            state.body += frame.body
            guard frame.isLast else { return }
            state.isInside = false
            state.lines.append("body \(state.body) end \(frame.trailers.map { "\($0)" } ?? "")")
            state.body = []
        }
        guard frame.isLast, answers else { return }
        connection.send(
            Frame(head: .response(HTTPResponse(status: .ok)), body: Array("ok".utf8)),
            exchange: exchange
        )
    }

    /// What goes on to a server must be read there as it was here.
    private static func complaint(about request: HTTPRequest) -> String? {
        var written = ByteBuffer()
        written.writeHead(request, version: .http11)
        written.writeStaticString("\r\n")
        let bytes = Array(written.readableBytesView)
        return bytes.withUnsafeBytes { bytes in
            do throws(MessageFault) {
                let read = try RequestHead(bytes, isSecure: false).request
                let isSame =
                    read.method == request.method && read.path == request.path
                    && read.authority == request.authority && read.headerFields == request.headerFields
                return isSame ? nil : "\(request) \(request.headerFields) became \(read) \(read.headerFields)"
            } catch {
                // HTTP/1.0 has requests that HTTP/1.1 has not.
                return request.authority == nil ? nil : "\(request) \(request.headerFields) is refused"
            }
        }
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {}

    func garbled(_ fault: MessageFault, exchange: UInt64, on connection: any Connection) {
        state.withLock { state in
            // How much of it was told before it turned out to be none depends on the pieces.
            if state.isInside { state.lines.removeSubrange(state.begin...) }
            state.lines.append("garbled \(fault)")
            state.body = []
            state.isInside = false
        }
        connection.close()
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}
