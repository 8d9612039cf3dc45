// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC

extension QUICSession {
    /// What ngtcp2 calls; the work of TLS and of packet protection is its crypto library's own.
    static let callbacks: ngtcp2_callbacks = {
        var callbacks = ngtcp2_callbacks()
        callbacks.client_initial = ngtcp2_crypto_client_initial_cb
        callbacks.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb
        callbacks.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb
        callbacks.encrypt = ngtcp2_crypto_encrypt_cb
        callbacks.decrypt = ngtcp2_crypto_decrypt_cb
        callbacks.hp_mask = ngtcp2_crypto_hp_mask_cb
        callbacks.recv_retry = ngtcp2_crypto_recv_retry_cb
        callbacks.update_key = ngtcp2_crypto_update_key_cb
        callbacks.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb
        callbacks.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb
        callbacks.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb
        callbacks.version_negotiation = ngtcp2_crypto_version_negotiation_cb
        callbacks.rand = { bytes, count, _ in
            _ = gnutls_rnd(GNUTLS_RND_NONCE, bytes, count)
        }
        setNames(&callbacks)
        setConnection(&callbacks)
        setStreams(&callbacks)
        return callbacks
    }()

    private static func setNames(_ callbacks: inout ngtcp2_callbacks) {
        callbacks.get_new_connection_id = { _, id, token, length, data in
            guard let id, let token, let session = QUICSession.from(data) else {
                return NGTCP2_ERR_CALLBACK_FAILURE
            }
            return session.makeConnectionID(id, token: token, length: length)
                ? 0 : NGTCP2_ERR_CALLBACK_FAILURE
        }
        callbacks.remove_connection_id = { _, id, data in
            if let id { QUICSession.from(data)?.forget(id.pointee) }
            return 0
        }
    }

    private static func setConnection(_ callbacks: inout ngtcp2_callbacks) {
        callbacks.handshake_completed = { _, data in
            QUICSession.from(data)?.handshakeCompleted() == true ? 0 : NGTCP2_ERR_CALLBACK_FAILURE
        }
        callbacks.path_validation = { _, _, path, result, data in
            if result == NGTCP2_PATH_VALIDATION_RESULT_SUCCESS, let remote = path?.pointee.remote {
                let bytes = UnsafeRawBufferPointer(start: remote.addr, count: Int(remote.addrlen))
                QUICSession.from(data)?.moved(to: DatagramAddress(bytes: Array(bytes)))
            }
            return 0
        }
        callbacks.recv_tx_key = { _, level, data in
            guard level == NGTCP2_CRYPTO_LEVEL_APPLICATION else { return 0 }
            guard let session = QUICSession.from(data), session.http == nil else { return 0 }
            session.http = HTTP3Layer(session: session)
            return session.http == nil ? NGTCP2_ERR_CALLBACK_FAILURE : 0
        }
    }

    private static func setStreams(_ callbacks: inout ngtcp2_callbacks) {
        callbacks.recv_stream_data = { _, flags, stream, _, bytes, count, data, _ in
            let isLast = flags & UInt32(NGTCP2_STREAM_DATA_FLAG_FIN) != 0
            guard let http = QUICSession.from(data)?.http else { return NGTCP2_ERR_CALLBACK_FAILURE }
            return http.received(bytes, count, of: stream, isLast: isLast) ? 0 : NGTCP2_ERR_CALLBACK_FAILURE
        }
        callbacks.acked_stream_data_offset = { _, stream, _, count, data, _ in
            QUICSession.from(data)?.http?.acknowledged(count, of: stream) ?? true
                ? 0 : NGTCP2_ERR_CALLBACK_FAILURE
        }
        callbacks.stream_close = { _, flags, stream, code, data, _ in
            let isCoded = flags & UInt32(NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET) != 0
            QUICSession.from(data)?.http?.closed(stream, code: isCoded ? code : nil)
            return 0
        }
        callbacks.stream_reset = { _, stream, _, _, data, _ in
            QUICSession.from(data)?.http?.shutReading(stream)
            return 0
        }
        callbacks.stream_stop_sending = { _, stream, _, data, _ in
            QUICSession.from(data)?.http?.shutReading(stream)
            return 0
        }
        callbacks.extend_max_stream_data = { _, stream, _, data, _ in
            QUICSession.from(data)?.http?.unblock(stream)
            return 0
        }
        callbacks.extend_max_remote_streams_bidi = { _, limit, data in
            QUICSession.from(data)?.http?.setStreamLimit(limit)
            return 0
        }
        callbacks.extend_max_local_streams_bidi = { _, _, data in
            QUICSession.from(data)?.http?.openWaitingStreams()
            return 0
        }
    }
}
#endif
