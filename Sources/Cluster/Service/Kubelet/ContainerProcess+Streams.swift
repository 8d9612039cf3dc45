// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Streams
import Synchronization

/// Streams: WebSockets that a process agrees to, and calls of gRPC.
extension ContainerProcess {
    /// Names a stream.
    struct StreamKey: Sendable, Hashable {
        let client: UInt64
        let exchange: UInt64
    }

    /// Opens a stream when the request asks for one and the script speaks that language.
    ///
    /// - Returns: False for an ordinary request.
    func beginsStream(_ frame: Frame, _ client: UInt64, _ exchange: UInt64) -> Bool {
        guard case .request(let head) = frame.head else { return false }
        let key = StreamKey(client: client, exchange: exchange)
        let begun = state.withLock { state -> (answer: Frame, push: Duration?)? in
            guard let (stream, answer, script) = Self.stream(head, state.script, state.answers) else {
                return nil
            }
            guard state.clients[client] != nil, !state.script.hangs else { return (Frame(), nil) }
            state.streams[key] = stream
            state.clients[client]?.open.append(exchange)
            state.openCount += 1
            return (answer, script.push)
        }
        guard let begun else { return false }
        guard begun.answer.head != nil else { return true }
        later([.reply(begun.answer)], key)
        if !frame.body.isEmpty || frame.isLast { takeStream(frame, key) }
        if let push = begun.push { pushLater(push, key) }
        return true
    }

    /// The stream that a request asks for, and the head that opens it.
    private static func stream(
        _ head: HTTPRequest,
        _ script: PodScript,
        _ answers: PodAnswers
    ) -> (PodStream, Frame, PodScript.Streaming)? {
        let fields = head.headerFields
        if let websocket = script.websocket, fields[.upgrade]?.lowercased() == "websocket",
            let key = fields[.secWebSocketKey]
        {
            return (
                PodStream(.websocket(WebSocketReader()), websocket), answers.upgrade(accepting: key),
                websocket
            )
        }
        if let grpc = script.grpc, fields[.contentType]?.hasPrefix("application/grpc") == true {
            if head.path == PodStream.healthPath {
                return (PodStream(healthOf: script), answers.call, PodScript.Streaming())
            }
            return (PodStream(.grpc(GRPCReader()), grpc), answers.call, grpc)
        }
        return nil
    }

    /// Takes a further piece of a stream; false when there is none of that name.
    func takeStream(_ frame: Frame, _ key: StreamKey) {
        let actions = state.withLock { state in
            state.streams[key]?.take(frame.body, isLast: frame.isLast) ?? []
        }
        later(actions, key)
    }

    func isStream(_ client: UInt64, _ exchange: UInt64) -> Bool {
        state.withLock { $0.streams[StreamKey(client: client, exchange: exchange)] != nil }
    }

    /// Sends each after the time that an answer takes, in order.
    private func later(_ actions: [PodStream.Action], _ key: StreamKey) {
        for action in actions {
            let due = state.withLock { state -> Instant? in
                guard var stream = state.streams[key] else { return nil }
                let range = state.script.answer.latency
                let latency =
                    range.lowerBound == range.upperBound
                    ? range.lowerBound : state.random.duration(in: range)
                stream.free = max(stream.free, host.clock.now.advanced(by: latency))
                state.streams[key] = stream
                return stream.free
            }
            guard let due else { return }
            host.clock.schedule(at: due) { [self] in perform(action, key) }
        }
    }

    private func perform(_ action: PodStream.Action, _ key: StreamKey) {
        switch action {
        case .reply(let frame):
            let connection = state.withLock { state in
                state.streams[key] == nil ? nil : state.clients[key.client]?.connection
            }
            connection?.send(frame, exchange: key.exchange)
        case .finish(let frame):
            let isSocket = state.withLock { $0.streams.removeValue(forKey: key)?.isSocket ?? false }
            finish(key.client, key.exchange, frame)
            // A WebSocket's connection has no other use.
            if isSocket { closeClient(key.client) }
        }
    }

    private func closeClient(_ client: UInt64) {
        state.withLock { $0.clients.removeValue(forKey: client)?.connection }?.close()
    }

    private func pushLater(_ pause: Duration, _ key: StreamKey) {
        host.clock.schedule(after: pause) { [self] in
            let actions = state.withLock { $0.streams[key]?.push() ?? [] }
            guard !actions.isEmpty else { return }
            later(actions, key)
            pushLater(pause, key)
        }
    }

    /// The process drains: it tells those at the other end, as far as its script says so.
    func sayGoodbye() {
        let goodbyes = state.withLock { state -> [(StreamKey, any Connection, Frame)] in
            let keys = state.streams.keys.sorted { ($0.client, $0.exchange) < ($1.client, $1.exchange) }
            return keys.compactMap { key in
                guard let connection = state.clients[key.client]?.connection,
                    let frame = state.streams[key]?.goodbye()
                else { return nil }
                return (key, connection, frame)
            }
        }
        for (key, connection, frame) in goodbyes {
            connection.send(frame, exchange: key.exchange)
            guard frame.isLast else { continue }
            forget(key)
            connection.drain()
        }
    }

    /// A call ended without a further answer.
    private func forget(_ key: StreamKey) {
        state.withLock { $0.streams[key] = nil }
        ended(key.client, key.exchange)
    }
}
