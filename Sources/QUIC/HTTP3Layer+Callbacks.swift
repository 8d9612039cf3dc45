// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import Ports

extension HTTP3Layer {
    /// What nghttp3 calls.
    static let callbacks: nghttp3_callbacks = {
        var callbacks = nghttp3_callbacks()
        setFields(&callbacks)
        callbacks.recv_data = { _, stream, bytes, count, data, _ in
            guard let layer = HTTP3Layer.from(data) else { return NGHTTP3_ERR_CALLBACK_FAILURE }
            layer.stream(stream)?.addBody(UnsafeBufferPointer(start: bytes, count: count))
            layer.mark(stream)
            layer.allow(UInt64(count), on: stream)
            return 0
        }
        callbacks.deferred_consume = { _, stream, count, data, _ in
            HTTP3Layer.from(data)?.allow(UInt64(count), on: stream)
            return 0
        }
        callbacks.end_stream = { _, stream, data, _ in
            guard let layer = HTTP3Layer.from(data) else { return NGHTTP3_ERR_CALLBACK_FAILURE }
            layer.stream(stream)?.endMessage()
            layer.mark(stream)
            return 0
        }
        callbacks.acked_stream_data = { _, stream, count, data, _ in
            guard let layer = HTTP3Layer.from(data), let stream = layer.stream(stream) else { return 0 }
            stream.acknowledge(Int(count))
            layer.noteStall(of: stream)
            return 0
        }
        callbacks.stream_close = { _, stream, _, data, _ in
            HTTP3Layer.from(data)?.forget(stream)
            return 0
        }
        callbacks.stop_sending = { _, stream, code, data, _ in
            guard let transport = HTTP3Layer.from(data)?.session.transport else {
                return NGHTTP3_ERR_CALLBACK_FAILURE
            }
            return ngtcp2_conn_shutdown_stream_read(transport, stream, code) == 0
                ? 0 : NGHTTP3_ERR_CALLBACK_FAILURE
        }
        callbacks.reset_stream = { _, stream, code, data, _ in
            guard let transport = HTTP3Layer.from(data)?.session.transport else {
                return NGHTTP3_ERR_CALLBACK_FAILURE
            }
            return ngtcp2_conn_shutdown_stream_write(transport, stream, code) == 0
                ? 0 : NGHTTP3_ERR_CALLBACK_FAILURE
        }
        callbacks.shutdown = { _, _, data in
            HTTP3Layer.from(data)?.otherSideDrains()
            return 0
        }
        return callbacks
    }()

    private static func setFields(_ callbacks: inout nghttp3_callbacks) {
        callbacks.begin_headers = { _, stream, data, _ in
            HTTP3Layer.from(data)?.beginHead(on: stream)
            return 0
        }
        callbacks.recv_header = { _, stream, _, name, value, _, data, _ in
            HTTP3Layer.from(data)?.stream(stream)?.addField(
                HTTP3Layer.text(name),
                HTTP3Layer.text(value),
                isTrailer: false
            )
            return 0
        }
        callbacks.end_headers = { _, stream, _, data, _ in
            guard let layer = HTTP3Layer.from(data) else { return NGHTTP3_ERR_CALLBACK_FAILURE }
            guard layer.stream(stream)?.endHead() == true else { return NGHTTP3_ERR_CALLBACK_FAILURE }
            layer.mark(stream)
            return 0
        }
        callbacks.recv_trailer = { _, stream, _, name, value, _, data, _ in
            HTTP3Layer.from(data)?.stream(stream)?.addField(
                HTTP3Layer.text(name),
                HTTP3Layer.text(value),
                isTrailer: true
            )
            return 0
        }
    }

    /// What nghttp3 calls for the body of a message that goes out.
    static let readBody: nghttp3_read_data_callback = { _, stream, pieces, count, flags, data, _ in
        guard let layer = HTTP3Layer.from(data), let pieces, count > 0, let flags else {
            return Int(NGHTTP3_ERR_CALLBACK_FAILURE)
        }
        return layer.nextPiece(of: stream, into: pieces, flags: flags)
    }

    /// The layer that a callback's user data stands for.
    static func from(_ data: UnsafeMutableRawPointer?) -> HTTP3Layer? {
        data.map { Unmanaged<HTTP3Layer>.fromOpaque($0).takeUnretainedValue() }
    }

    static func text(_ buffer: OpaquePointer?) -> String {
        let bytes = nghttp3_rcbuf_get_buf(buffer)
        return String(decoding: UnsafeBufferPointer(start: bytes.base, count: bytes.len), as: UTF8.self)
    }
}
#endif
