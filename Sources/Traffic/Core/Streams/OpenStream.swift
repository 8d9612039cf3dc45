// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Ports
import Streams

/// A client's stream from its request to its end.
struct OpenStream: Sendable {
    /// What reads the other side's bytes.
    enum Inbound: Sendable {
        case websocket(WebSocketReader)
        case grpc(GRPCReader)
    }

    /// A message that has no answer yet.
    struct Question: Sendable {
        var text: [UInt8]
        var at: Instant
    }

    /// When it was opened; before that, when its request was sent.
    var since: Instant
    /// True once the server has agreed to it.
    var isOpen = false
    var inbound: Inbound
    /// The key of a WebSocket's request.
    var key = ""
    var sent = 0
    var received = 0
    var questions: Deque<Question> = []
    var slowest = Duration.zero
    /// True once the client has said that it will send nothing more.
    var isHalfClosed = false
    /// Since when the client has been waiting for the end; nil while it wants the stream to go on.
    var wantsEndSince: Instant?

    init(_ kind: StreamUse.Kind, at now: Instant) {
        since = now
        switch kind {
        case .websocket: inbound = .websocket(WebSocketReader())
        case .grpc: inbound = .grpc(GRPCReader())
        }
    }
}

/// Something that is due on a stream.
enum StreamTimer: Sendable {
    /// The next message.
    case message(RequestID)
    /// The answer to a message is late, or the other side's end is.
    case answer(RequestID)
    /// The stream has been held for long enough.
    case held(RequestID)
    /// A client opens another one.
    case again(PreparedRequest, client: Int)
}

/// How a stream ended.
enum StreamOutcome: Sendable, Hashable {
    /// As the client wanted it.
    case finished
    /// The server said so first.
    case serverEnded
    /// A call ended with a status that is not OK.
    case failed
    /// The answer to a message did not come in time.
    case noAnswer
    /// What came was neither frame nor message.
    case malformed
    /// The network ended it.
    case network(NetworkFailure)

    /// One to three words, stable, as the trace has them.
    var words: String {
        switch self {
        case .finished: "finished"
        case .serverEnded: "server ended"
        case .failed: "failed"
        case .noAnswer: "no answer"
        case .malformed: "malformed message"
        case .network(let failure): failure.description
        }
    }
}
