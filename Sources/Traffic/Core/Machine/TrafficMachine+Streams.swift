// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Streams

/// Streams that stay open: a request that asks for one, messages on it, its end.
///
/// A request's record is made when its stream opens, with the answer that opened it; the stream has records of its
/// own for its opening and its end.
extension TrafficMachine {
    // MARK: The request

    /// The first frame of a request that asks for a stream, and the stream that it will be.
    mutating func beginStream(_ id: RequestID, _ frame: Frame, at now: Instant) -> Frame {
        guard let use = description.stream, case .request(var head)? = frame.head else { return frame }
        var stream = OpenStream(use.kind, at: now)
        var first = frame
        switch use.kind {
        case .websocket:
            stream.key = WebSocketHandshake.key(streamRandom.next(), streamRandom.next())
            head.headerFields[.connection] = "Upgrade"
            head.headerFields[.upgrade] = "websocket"
            head.headerFields[.secWebSocketVersion] = "13"
            head.headerFields[.secWebSocketKey] = stream.key
            first.isLast = false
        case .grpc:
            head.headerFields[.contentType] = "application/grpc"
            head.headerFields[.te] = "trailers"
            first.isLast = use.messages == 1 || (use.messages == nil && use.messageInterval == nil)
            stream.isHalfClosed = first.isLast
        }
        first.head = .request(head)
        let place = streams.insert(stream)
        requests.update(id) { $0.stream = place }
        if use.kind == .grpc {
            first.body = GRPCMessage.bytes(ask(id, place, at: now))
            if !first.isLast {
                setTimer(.message(id), after: use.messageInterval ?? .seconds(1), at: now)
            }
        }
        return first
    }

    /// What becomes of a piece of an answer.
    enum Taken {
        /// It is an ordinary answer: there will be no stream.
        case plain
        /// The stream goes on.
        case open
        /// The stream is over.
        case ended
    }

    /// Takes a piece of an answer on a stream.
    mutating func takeStream(
        _ frame: Frame,
        _ id: RequestID,
        on connection: ConnectionID,
        at now: Instant
    ) -> Taken {
        guard let place = requests[id]?.stream, let stream = streams[place] else { return .plain }
        if case .response(let head)? = frame.head, !stream.isOpen {
            guard agrees(head, stream) else {
                dropStream(id, place)
                return .plain
            }
            opened(id, place, at: now)
            if frame.isLast { return endCall(id, head.headerFields, at: now) }
        }
        guard streams[place]?.isOpen == true else { return .open }
        switch streams[place]?.inbound {
        case .websocket(var reader):
            let frames = reader.read(frame.body)
            streams.update(place) { $0.inbound = .websocket(reader) }
            for message in frames where !takeWebSocket(message, id, place, at: now) { return .ended }
            if reader.isBroken || frame.isLast {
                return finishSocket(id, reader.isBroken ? .malformed : .network(.closed), code: 1006, at: now)
            }
        case .grpc(var reader):
            for message in reader.read(frame.body) { heard(message, place, at: now) }
            streams.update(place) { $0.inbound = .grpc(reader) }
            if frame.isLast { return endCall(id, frame.trailers ?? [:], at: now) }
        case nil: return .plain
        }
        return .open
    }

    /// True when a server's answer opens the stream.
    private func agrees(_ head: HTTPResponse, _ stream: OpenStream) -> Bool {
        switch stream.inbound {
        case .websocket:
            head.status.code == 101
                && head.headerFields[.secWebSocketAccept] == WebSocketHandshake.accept(stream.key)
        case .grpc:
            head.status.code == 200
                && head.headerFields[.contentType]?.hasPrefix("application/grpc") == true
        }
    }

    private mutating func opened(_ id: RequestID, _ place: SlotID, at now: Instant) {
        guard let use = description.stream, let request = requests[id] else { return }
        if let deadline = request.deadline { deadlines.remove(deadline) }
        requests.update(id) { $0.deadline = nil }
        counts.addAnswer(status: request.status, nanoseconds: now.nanoseconds - request.begun.nanoseconds)
        act(.ended(request.ended(RequestOutcome.answered.words, at: now), request.probe))
        streams.update(place) { stream in
            stream.isOpen = true
            if use.kind == .websocket { stream.since = now }
        }
        act(.stream(record(request, place, stage: "opened", at: now)))
        if let hold = use.hold { setTimer(.held(id), after: hold, at: now) }
        if use.kind == .websocket, let interval = use.messageInterval {
            setTimer(.message(id), after: interval, at: now)
        }
        if phase == .stopped || isPastEnd(now) { hangUp(id, at: now) }
    }

    /// True when the traffic's own time is over.
    private func isPastEnd(_ now: Instant) -> Bool {
        streamsEnd.map { $0 <= now } ?? false
    }

    // MARK: The end

    /// The client has had enough: it says so, and waits for the other side's end.
    mutating func hangUp(_ id: RequestID, at now: Instant) {
        guard let use = description.stream, let request = requests[id], let stream = streams[request.stream],
            stream.isOpen
        else { return }
        let place = request.stream
        guard stream.wantsEndSince == nil else { return }
        let wasHalfClosed = stream.isHalfClosed
        streams.update(place) { stream in
            stream.isHalfClosed = true
            stream.wantsEndSince = now
        }
        if use.kind == .websocket {
            send(.close(1000), id)
            setTimer(.answer(id), after: answerTimeout, at: now)
        } else if !wasHalfClosed {
            send(Frame(), id)
            setTimer(.answer(id), after: answerTimeout, at: now)
        } else if let connection = request.connection {
            // The server sends as long as it likes: the client cancels the call.
            act(.cancel(exchange: request.exchange, connection))
            giveUp(request.exchange, on: connection, sentAt: request.sentAt, at: now)
            end(id, .finished, code: -1, at: now)
        }
    }

    /// A WebSocket is over, and its connection with it.
    mutating func finishSocket(
        _ id: RequestID,
        _ outcome: StreamOutcome,
        code: Int,
        at now: Instant
    ) -> Taken {
        let connection = requests[id]?.connection
        end(id, outcome, code: code, at: now)
        if let connection { close(connection, at: now) }
        return .ended
    }

    /// A call is over, with a status in its last fields.
    private mutating func endCall(_ id: RequestID, _ fields: HTTPFields, at now: Instant) -> Taken {
        guard let request = requests[id], let stream = streams[request.stream] else { return .ended }
        let status = fields.first { $0.name.canonicalName == "grpc-status" }.flatMap { Int($0.value) }
        let outcome: StreamOutcome =
            switch status {
            case nil: .malformed
            case 0?: stream.isHalfClosed ? .finished : .serverEnded
            default: .failed
            }
        end(id, outcome, code: status ?? -1, at: now)
        return .ended
    }

    /// A stream has ended: its record, and perhaps another after a while.
    mutating func end(_ id: RequestID, _ outcome: StreamOutcome, code: Int, at now: Instant) {
        guard let request = requests.remove(id) else { return }
        act(
            .stream(
                record(request, request.stream, stage: "ended", outcome: outcome, code: code, at: now)
            )
        )
        streams.remove(request.stream)
        if outcome != .finished { comeBack(request, at: now) }
        tellIfDrained(at: now)
    }

    /// A client that lost its stream, or did not get one, asks for another after a while.
    mutating func comeBack(_ request: PendingRequest, at now: Instant) {
        guard request.probe == 0, phase != .stopped, !isPastEnd(now),
            let pause = description.stream?.reopensAfter
        else { return }
        comingBack += 1
        setTimer(.again(request.prepared, client: request.client), after: pause, at: now)
    }

    /// No stream came of a request.
    private mutating func dropStream(_ id: RequestID, _ place: SlotID) {
        streams.remove(place)
        requests.update(id) { $0.stream = .none }
        // The connection of a refused upgrade has no other use.
        guard description.stream?.kind == .websocket, let connection = requests[id]?.connection else {
            return
        }
        connections.update(connection) { $0.isRetired = true }
    }

    private func record(
        _ request: PendingRequest,
        _ place: SlotID,
        stage: String,
        outcome: StreamOutcome? = nil,
        code: Int = -1,
        at now: Instant
    ) -> StreamRecord {
        let stream = streams[place]
        return StreamRecord(
            traffic: description.name,
            connection: request.connectionNumber,
            exchange: Int64(request.exchange),
            kind: description.stream?.kind.rawValue ?? "",
            host: request.prepared.host,
            path: request.prepared.path,
            servedBy: request.answer?.servedBy ?? "",
            stage: stage,
            outcome: outcome?.words ?? "",
            code: code,
            sent: stream?.sent ?? 0,
            received: stream?.received ?? 0,
            duration: stream?.since.duration(to: now) ?? .zero,
            slowest: stream?.slowest ?? .zero
        )
    }

    /// The traffic ends: so do its streams.
    mutating func hangUpAll(at now: Instant) {
        comingBack = 0
        for id in requests.ids { hangUp(id, at: now) }
        tellIfDrained(at: now)
    }

    // MARK: The clock

    var answerTimeout: Duration { description.stream?.answerTimeout ?? .seconds(10) }

    /// Timers are not called off: what they find when they are due tells whether they still count.
    mutating func setTimer(_ timer: StreamTimer, after length: Duration, at now: Instant) {
        _ = streamTimers.insert(timer, after: max(1, length.nanoseconds), now: now)
        setStreamAlarm()
    }

    private mutating func setStreamAlarm() {
        guard let next = streamTimers.earliest, streamAlarm.map({ next < $0 }) ?? true else { return }
        streamAlarm = next
        act(.wake(.stream, next))
    }

    /// Something may be due on a stream.
    mutating func streamDue(at now: Instant) {
        guard let alarm = streamAlarm, alarm <= now else { return }
        streamAlarm = nil
        while let timer = streamTimers.popExpired(now: now) { due(timer, at: now) }
        setStreamAlarm()
    }

    private mutating func due(_ timer: StreamTimer, at now: Instant) {
        switch timer {
        case .message(let id): say(id, at: now)
        case .held(let id): hangUp(id, at: now)
        case .answer(let id): lookForAnswer(id, at: now)
        case .again(let prepared, let client):
            guard comingBack > 0 else { return }
            comingBack -= 1
            begin(prepared, client: client, at: now)
        }
    }

    /// An answer that does not come makes the client give the stream up.
    private mutating func lookForAnswer(_ id: RequestID, at now: Instant) {
        guard let request = requests[id], let connection = request.connection,
            let stream = streams[request.stream], stream.isOpen
        else { return }
        let oldest = [stream.questions.first?.at, stream.wantsEndSince].compactMap { $0 }
        guard oldest.contains(where: { $0.advanced(by: answerTimeout) <= now }) else { return }
        act(.cancel(exchange: request.exchange, connection))
        giveUp(request.exchange, on: connection, sentAt: request.sentAt, at: now)
        end(id, .noAnswer, code: -1, at: now)
    }
}
