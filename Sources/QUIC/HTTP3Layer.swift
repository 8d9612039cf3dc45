// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import HTTPTypes
import Ports

/// HTTP/3 on one QUIC connection: streams to frames of exchanges and back.
final class HTTP3Layer {
    unowned let session: QUICSession
    private let isServer: Bool
    private var http: OpaquePointer?
    private var streams: [Int64: HTTP3Stream] = [:]
    private var streamOfExchange: [UInt64: Int64] = [:]
    private var exchangeCount: UInt64 = 0
    /// Streams with something to hand on, in the order in which it came.
    private var dirty: [Int64] = []
    /// Exchanges that the other side has given up.
    private var cancelled: [UInt64] = []
    /// Exchanges that have stalled, or go on.
    private var stalls: [(exchange: UInt64, isStalled: Bool)] = []
    private var isDraining = false
    /// The other side takes no further exchange, and the owner has not been told.
    private var hasNews = false
    /// Requests that wait until the server allows more streams.
    private var waiting: [(frame: Frame, exchange: UInt64)] = []
    /// The error of the HTTP library that ends the connection.
    private(set) var error: Int32?

    /// Opens the control streams; nil when the other side does not allow that.
    init?(session: QUICSession) {
        self.session = session
        isServer = session.isServer
        var callbacks = Self.callbacks
        var settings = nghttp3_settings()
        nghttp3_settings_default_versioned(NGHTTP3_SETTINGS_VERSION, &settings)
        settings.qpack_max_dtable_capacity = 4_096
        settings.qpack_blocked_streams = 100
        let make = isServer ? nghttp3_conn_server_new_versioned : nghttp3_conn_client_new_versioned
        let status = make(
            &http,
            NGHTTP3_CALLBACKS_VERSION,
            &callbacks,
            NGHTTP3_SETTINGS_VERSION,
            &settings,
            nghttp3_mem_default(),
            Unmanaged.passUnretained(self).toOpaque()
        )
        guard status == 0, let http, let transport = session.transport,
            ngtcp2_conn_get_max_local_streams_uni(transport) >= 3
        else { return nil }
        if isServer { nghttp3_conn_set_max_client_streams_bidi(http, QUICSession.streamLimit) }
        var control: Int64 = 0
        var encoder: Int64 = 0
        var decoder: Int64 = 0
        guard ngtcp2_conn_open_uni_stream(transport, &control, nil) == 0,
            nghttp3_conn_bind_control_stream(http, control) == 0,
            ngtcp2_conn_open_uni_stream(transport, &encoder, nil) == 0,
            ngtcp2_conn_open_uni_stream(transport, &decoder, nil) == 0,
            nghttp3_conn_bind_qpack_streams(http, encoder, decoder) == 0
        else { return nil }
    }

    deinit {
        nghttp3_conn_del(http)
    }

    // MARK: What the transport tells

    /// Bytes of a stream arrived; false when they break the protocol.
    func received(_ bytes: UnsafePointer<UInt8>?, _ count: Int, of stream: Int64, isLast: Bool) -> Bool {
        let consumed = nghttp3_conn_read_stream(http, stream, bytes, count, isLast ? 1 : 0)
        guard consumed >= 0 else {
            error = Int32(consumed)
            return false
        }
        allow(UInt64(consumed), on: stream)
        return true
    }

    /// Lets the other side send that many bytes more; on a stream that is paused it has to wait.
    func allow(_ count: UInt64, on id: Int64) {
        guard let transport = session.transport else { return }
        ngtcp2_conn_extend_max_offset(transport, count)
        if let stream = streams[id], stream.isPaused {
            stream.withhold(count)
        } else {
            ngtcp2_conn_extend_max_stream_offset(transport, id, count)
        }
    }

    /// The owner wants no more of an exchange for now, or goes on.
    func setPaused(_ isPaused: Bool, exchange: UInt64) {
        guard let id = streamOfExchange[exchange], let stream = streams[id] else { return }
        stream.isPaused = isPaused
        guard !isPaused, let transport = session.transport else { return }
        ngtcp2_conn_extend_max_stream_offset(transport, id, stream.takeWithheld())
    }

    /// What has piled up on a stream may be too much now, or little enough.
    func noteStall(of stream: HTTP3Stream) {
        if stream.stallChanges() { stalls.append((stream.exchange, stream.isStalled)) }
    }

    func acknowledged(_ count: UInt64, of stream: Int64) -> Bool {
        nghttp3_conn_add_ack_offset(http, stream, count) == 0
    }

    /// A stream is over in both directions.
    func closed(_ stream: Int64, code: UInt64?) {
        _ = nghttp3_conn_close_stream(http, stream, code ?? UInt64(NGHTTP3_H3_NO_ERROR))
        if isServer, ngtcp2_is_bidi_stream(stream) != 0, let transport = session.transport {
            ngtcp2_conn_extend_max_streams_bidi(transport, 1)
        }
    }

    func shutReading(_ stream: Int64) { _ = nghttp3_conn_shutdown_stream_read(http, stream) }

    func shutWriting(_ stream: Int64) { nghttp3_conn_shutdown_stream_write(http, stream) }

    func block(_ stream: Int64) { nghttp3_conn_block_stream(http, stream) }

    func unblock(_ stream: Int64) { _ = nghttp3_conn_unblock_stream(http, stream) }

    func setStreamLimit(_ limit: UInt64) { nghttp3_conn_set_max_client_streams_bidi(http, limit) }

    func nextPieces(
        _ stream: UnsafeMutablePointer<Int64>,
        _ isLast: UnsafeMutablePointer<Int32>,
        into pieces: UnsafeMutableBufferPointer<nghttp3_vec>
    ) -> Int {
        let count = nghttp3_conn_writev_stream(http, stream, isLast, pieces.baseAddress, pieces.count)
        if count < 0 { error = Int32(count) }
        return count
    }

    func wrote(_ count: Int, of stream: Int64) { _ = nghttp3_conn_add_write_offset(http, stream, count) }

    // MARK: What the HTTP library tells

    func stream(_ id: Int64) -> HTTP3Stream? { streams[id] }

    /// True while a client does not have all of an answer that is whole.
    var isSending: Bool { isServer && streams.values.contains { $0.isSent } }

    /// The other side began a message on a stream.
    func beginHead(on id: Int64) {
        if let stream = streams[id] { return stream.beginHead() }
        guard isServer else { return }
        exchangeCount += 1
        streams[id] = HTTP3Stream(id: id, exchange: exchangeCount, isServer: true)
        streamOfExchange[exchangeCount] = id
    }

    func mark(_ id: Int64) {
        if dirty.last != id { dirty.append(id) }
    }

    /// The library is done with a stream.
    func forget(_ id: Int64) {
        guard let stream = streams[id] else { return }
        if !stream.isReceived || !stream.isSent { cancelled.append(stream.exchange) }
        if dirty.contains(id) { return }  // what is left to hand on goes first
        remove(stream)
    }

    private func remove(_ stream: HTTP3Stream) {
        streams[stream.id] = nil
        streamOfExchange[stream.exchange] = nil
    }

    func otherSideDrains() { hasNews = true }

    /// Hands on what has come since the last time.
    func deliver(to handler: any ConnectionHandler, on connection: any Connection) {
        if hasNews {
            hasNews = false
            handler.draining(connection)
        }
        let ids = dirty
        dirty = []
        for id in ids {
            guard let stream = streams[id], let frame = stream.takeIncoming() else { continue }
            handler.received(frame, exchange: stream.exchange, on: connection)
            if stream.isReceived, stream.isSent, !isServer { remove(stream) }
        }
        let changed = stalls
        stalls = []
        for (exchange, isStalled) in changed {
            if isStalled {
                handler.stalled(exchange: exchange, on: connection)
            } else {
                handler.flowing(exchange: exchange, on: connection)
            }
        }
        let lost = cancelled
        cancelled = []
        for exchange in lost {
            if let id = streamOfExchange[exchange], let stream = streams[id] { remove(stream) }
            handler.cancelled(exchange: exchange, on: connection)
        }
    }

    // MARK: What the owner wants

    func send(_ frame: Frame, exchange: UInt64) {
        if let id = streamOfExchange[exchange], let stream = streams[id] { return send(frame, on: stream) }
        guard !isServer, frame.head != nil || waiting.contains(where: { $0.exchange == exchange }) else {
            return
        }
        waiting.append((frame, exchange))
        openWaitingStreams()
    }

    /// Begins the requests that wait, as far as the server allows streams.
    func openWaitingStreams() {
        guard let transport = session.transport else { return }
        while let next = waiting.first {
            if let id = streamOfExchange[next.exchange], let stream = streams[id] {
                send(next.frame, on: stream)
            } else {
                var id: Int64 = 0
                guard ngtcp2_conn_open_bidi_stream(transport, &id, nil) == 0 else { return }
                let stream = HTTP3Stream(id: id, exchange: next.exchange, isServer: false)
                streams[id] = stream
                streamOfExchange[next.exchange] = id
                send(next.frame, on: stream)
            }
            waiting.removeFirst()
        }
    }

    private func send(_ frame: Frame, on stream: HTTP3Stream) {
        guard !stream.isSent else { return }
        if case .response(let head) = frame.head, head.status.kind == .informational {
            // HTTP/3 has no 101; whoever asks for an upgrade there gets the final answer only.
            return FieldLines(head).withLines { _ = nghttp3_conn_submit_info(http, stream.id, $0, $1) }
        }
        stream.append(frame.body, isLast: frame.isLast, trailers: frame.trailers)
        noteStall(of: stream)
        guard let head = frame.head else {
            _ = nghttp3_conn_resume_stream(http, stream.id)
            return
        }
        var reader = nghttp3_data_reader(read_data: Self.readBody)
        let hasBody = !frame.isLast || !frame.body.isEmpty || frame.trailers != nil
        withUnsafePointer(to: &reader) { reader in
            let reader = hasBody ? reader : nil
            switch head {
            case .request(var request):
                if frame.isLast, hasBody, frame.trailers == nil {
                    request.headerFields[.contentLength] = String(frame.body.count)
                }
                FieldLines(request).withLines {
                    _ = nghttp3_conn_submit_request(http, stream.id, $0, $1, reader, nil)
                }
            case .response(var response):
                if frame.isLast, response.headerFields[.contentLength] == nil,
                    response.status.code != 204, response.status.code != 304
                {
                    response.headerFields[.contentLength] = String(frame.body.count)
                }
                FieldLines(response).withLines {
                    _ = nghttp3_conn_submit_response(http, stream.id, $0, $1, reader)
                }
            }
        }
    }

    /// Gives the library the next piece of a body; -104 says that there is none yet.
    func nextPiece(
        of id: Int64,
        into piece: UnsafeMutablePointer<nghttp3_vec>,
        flags: UnsafeMutablePointer<UInt32>
    ) -> Int {
        guard let stream = streams[id] else {
            flags.pointee |= UInt32(NGHTTP3_DATA_FLAG_EOF)
            return 0
        }
        if let chunk = stream.nextChunk() {
            piece.pointee = nghttp3_vec(base: chunk.baseAddress, len: chunk.count)
            return 1
        }
        guard stream.isSent else { return Int(NGHTTP3_ERR_WOULDBLOCK) }
        flags.pointee |= UInt32(NGHTTP3_DATA_FLAG_EOF)
        if let trailers = stream.outgoingTrailers, !trailers.isEmpty {
            flags.pointee |= UInt32(NGHTTP3_DATA_FLAG_NO_END_STREAM)
            FieldLines(trailers).withLines { _ = nghttp3_conn_submit_trailers(http, id, $0, $1) }
        }
        return 0
    }

    func cancel(exchange: UInt64) {
        waiting.removeAll { $0.exchange == exchange }
        guard let id = streamOfExchange[exchange], let transport = session.transport else { return }
        if let stream = streams[id] { remove(stream) }
        nghttp3_conn_shutdown_stream_write(http, id)
        ngtcp2_conn_shutdown_stream(transport, id, UInt64(NGHTTP3_H3_REQUEST_CANCELLED))
    }

    /// Says that no further exchange is taken.
    func drain() {
        guard !isDraining else { return }
        isDraining = true
        _ = nghttp3_conn_submit_shutdown_notice(http)
        _ = nghttp3_conn_shutdown(http)
    }
}
#endif
