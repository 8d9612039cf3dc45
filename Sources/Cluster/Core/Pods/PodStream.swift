// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Streams

/// One stream of a process: what comes on it goes in, what to send comes out.
///
/// - Source: that servers send each message back is what echo programs do; close code 1001 for a server that goes is
///   RFC 6455, 7.4.1, and UNAVAILABLE for a call that a server gives up is what gRPC's libraries send: documented.
struct PodStream: Sendable {
    enum Inbound: Sendable {
        case websocket(WebSocketReader)
        case grpc(GRPCReader)
    }

    enum Action: Sendable {
        /// Send it after the time that an answer takes.
        case reply(Frame)
        /// The other side has ended the stream: so does the process, after what it has still to send.
        case finish(Frame)
    }

    /// The call that asks how a program is, as health checks make it.
    static let healthPath = "/grpc.health.v1.Health/Check"

    private(set) var inbound: Inbound
    /// What each message is answered with; nil for the same message.
    private var fixed: [UInt8]?
    private let script: PodScript.Streaming
    /// How many messages it has sent by itself.
    private(set) var pushed = 0
    /// True once the client has said that it sends nothing more.
    private(set) var isHalfClosed = false
    /// True once the process has ended its side.
    private(set) var isOver = false
    /// The last instant at which something is still to be sent: answers keep their order.
    var free = Instant(nanoseconds: 0)

    init(_ inbound: Inbound, _ script: PodScript.Streaming) {
        self.inbound = inbound
        self.script = script
    }

    /// A call that asks how the program is: SERVING, or NOT_SERVING.
    ///
    /// - Source: the gRPC health checking protocol: documented.
    init(healthOf script: PodScript) {
        self.init(.grpc(GRPCReader()), PodScript.Streaming())
        fixed = [8, script.isReady ? 1 : 2]
    }

    var isSocket: Bool { if case .websocket = inbound { true } else { false } }

    /// Takes what came.
    mutating func take(_ bytes: [UInt8], isLast: Bool) -> [Action] {
        guard !isOver else { return [] }
        var actions: [Action] = []
        switch inbound {
        case .websocket(var reader):
            for frame in reader.read(bytes) { actions += answer(frame) }
            inbound = .websocket(reader)
            if reader.isBroken, !isOver { actions.append(close(1002)) }
        case .grpc(var reader):
            actions = reader.read(bytes).map { message in
                .reply(Frame(body: GRPCMessage.bytes(fixed ?? message), isLast: false))
            }
            inbound = .grpc(reader)
            if isLast { actions += halfClose() }
        }
        return actions
    }

    private mutating func answer(_ frame: WebSocketFrame) -> [Action] {
        switch frame.kind {
        case .text, .binary, .continuation: return [.reply(Self.piece(frame))]
        case .ping: return [.reply(Self.piece(WebSocketFrame(.pong, frame.payload)))]
        case .pong: return []
        case .close: return [close(frame.closeCode == 1005 ? 1000 : frame.closeCode)]
        }
    }

    private mutating func halfClose() -> [Action] {
        isHalfClosed = true
        return script.push == nil ? [end(script.status)] : []
    }

    private mutating func close(_ code: Int) -> Action {
        isOver = true
        return .finish(Self.piece(.close(code)))
    }

    private mutating func end(_ status: Int) -> Action {
        isOver = true
        return .finish(Frame(trailers: Self.trailers(status)))
    }

    /// The next message that the process sends by itself, and what follows it; nothing when there is none.
    mutating func push() -> [Action] {
        guard !isOver, script.push != nil else { return [] }
        if let most = script.pushes, pushed >= most { return [] }
        pushed += 1
        let text = Array("push \(pushed)".utf8)
        guard !isSocket else { return [.reply(Self.piece(WebSocketFrame(.text, text)))] }
        let message = Action.reply(Frame(body: GRPCMessage.bytes(text), isLast: false))
        return script.pushes == pushed ? [message, end(script.status)] : [message]
    }

    /// The process goes: what it says to the other side; nil when it says nothing.
    mutating func goodbye() -> Frame? {
        // A call with one answer ends by itself.
        guard script.goodbye, !isOver, isSocket || !isHalfClosed || script.push != nil else { return nil }
        isOver = true
        return isSocket ? Self.piece(.close(1001)) : Frame(trailers: Self.trailers(14))
    }

    private static func piece(_ frame: WebSocketFrame) -> Frame { Frame(body: frame.bytes(), isLast: false) }

    /// The last fields of a call.
    static func trailers(_ status: Int) -> HTTPFields {
        guard let name = HTTPField.Name("grpc-status") else { return [:] }
        return [name: String(status)]
    }
}
