// SPDX-License-Identifier: Apache-2.0
import Ports
import Streams

/// Messages on streams: asked, answered, pushed.
extension TrafficMachine {
    /// The next message, noted as one that waits for an answer.
    mutating func ask(_ id: RequestID, _ place: SlotID, at now: Instant) -> [UInt8] {
        setTimer(.answer(id), after: answerTimeout, at: now)
        return streams.update(place) { stream in
            stream.sent += 1
            let text = Array("message \(stream.sent)".utf8)
            stream.questions.append(OpenStream.Question(text: text, at: now))
            return text
        } ?? []
    }

    /// A message is due.
    mutating func say(_ id: RequestID, at now: Instant) {
        guard let use = description.stream, let place = requests[id]?.stream,
            let stream = streams[place], !stream.isHalfClosed
        else { return }
        if let most = use.messages, stream.sent >= most { return hangUp(id, at: now) }
        if let connection = requests[id]?.connection, let due = connections[connection]?.migratesAt,
            due <= now
        {
            migrate(connection, at: now)
        }
        let text = ask(id, place, at: now)
        let isLast = use.kind == .grpc && use.messages.map { stream.sent + 1 >= $0 } ?? false
        switch use.kind {
        case .websocket: send(WebSocketFrame(.text, text), id)
        case .grpc: send(Frame(body: GRPCMessage.bytes(text), isLast: isLast), id)
        }
        if isLast {
            streams.update(place) { $0.isHalfClosed = true }
        } else if let interval = use.messageInterval {
            setTimer(.message(id), after: interval, at: now)
        }
    }

    /// A message came: the answer to the oldest that has none, or one that the server began.
    mutating func heard(_ message: [UInt8], _ place: SlotID, at now: Instant) {
        streams.update(place) { stream in
            stream.received += 1
            guard let first = stream.questions.first, first.text == message else { return }
            stream.questions.removeFirst()
            stream.slowest = max(stream.slowest, first.at.duration(to: now))
        }
    }

    /// Takes a frame of a WebSocket; false when the socket is over with it.
    mutating func takeWebSocket(
        _ frame: WebSocketFrame,
        _ id: RequestID,
        _ place: SlotID,
        at now: Instant
    ) -> Bool {
        switch frame.kind {
        case .text, .binary, .continuation: if frame.isFinal { heard(frame.payload, place, at: now) }
        case .ping: send(WebSocketFrame(.pong, frame.payload), id)
        case .pong: break
        case .close:
            let isWanted = streams[place]?.wantsEndSince != nil
            if !isWanted { send(.close(frame.closeCode == 1005 ? 1000 : frame.closeCode), id) }
            _ = finishSocket(id, isWanted ? .finished : .serverEnded, code: frame.closeCode, at: now)
            return false
        }
        return true
    }

    mutating func send(_ frame: WebSocketFrame, _ id: RequestID) {
        let mask = UInt32(truncatingIfNeeded: streamRandom.next())
        send(Frame(body: frame.bytes(mask: mask), isLast: false), id)
    }

    mutating func send(_ frame: Frame, _ id: RequestID) {
        guard let request = requests[id], let connection = request.connection else { return }
        act(.send(frame, exchange: request.exchange, connection))
    }
}
