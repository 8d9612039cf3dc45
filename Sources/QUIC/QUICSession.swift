// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import Ports

/// One QUIC connection: its transport, its handshake, and the HTTP that it carries.
final class QUICSession {
    /// Largest payload of a datagram that the library may write.
    static let datagramLimit = 1_452
    static let streamLimit: UInt64 = 128
    static let handshakeLimit: UInt64 = 10_000_000_000
    static let idleLimit: UInt64 = 60_000_000_000
    /// How long a reader may take for what was sent before a close; assumed.
    static let patience: UInt64 = 60_000_000_000

    unowned let endpoint: QUICEndpoint
    let isServer: Bool
    private(set) var transport: OpaquePointer?
    var tls: gnutls_session_t?
    /// The server's name that the client checks; the library keeps the pointer.
    let checkedName: UnsafeMutableBufferPointer<CChar>
    let reference = UnsafeMutablePointer<ngtcp2_crypto_conn_ref>.allocate(capacity: 1)
    var remote: DatagramAddress
    /// Whoever accepted the connection; nil on the client's side.
    let acceptance: QUICEndpoint.Acceptance?
    var identity: TLSIdentity?
    var hello: ClientHello
    var answer: TLSFacts?
    private(set) var handler: (any ConnectionHandler)?
    private(set) var connection: QUICConnection?
    var http: HTTP3Layer?
    /// Where the owner believes the other side, and where it has shown to be since.
    private var toldPeer: SocketAddress?
    private var newPeer: SocketAddress?

    /// Every name that packets for this connection may bear.
    var connectionIDs: Set<ConnectionID> = []
    /// The name that the client made up for the server in its first packet.
    var initialID: ConnectionID?
    /// The connection is over and only waits to be buried.
    private(set) var isOver = false
    /// When the connection ends although the other side does not have all that was sent; nil while it is to stay.
    private var closeBy: UInt64?
    private var reason: NetworkFailure = .closed
    var closeError = ngtcp2_connection_close_error()
    var packet = [UInt8](repeating: 0, count: datagramLimit)

    /// When the session wants to be woken; nil when it is over.
    var deadline: UInt64? {
        guard !isOver, let transport else { return nil }
        return min(ngtcp2_conn_get_expiry(transport), closeBy ?? .max)
    }

    // MARK: Beginning

    /// The server's side of a connection whose first packet has this header.
    init?(
        accepting header: ngtcp2_pkt_hd,
        proof: AddressProof,
        from remote: DatagramAddress,
        by acceptance: QUICEndpoint.Acceptance,
        endpoint: QUICEndpoint
    ) {
        self.endpoint = endpoint
        self.remote = remote
        self.acceptance = acceptance
        isServer = true
        checkedName = .allocate(capacity: 0)
        hello = ClientHello(applicationProtocols: ["h3"], versions: ["TLSv1.3"])
        var header = header
        var parameters = makeParameters()
        parameters.original_dcid = header.dcid
        if case .right(let original) = proof {
            parameters.original_dcid = original
            parameters.retry_scid = header.dcid
            parameters.retry_scid_present = 1
        }
        var id = ConnectionID.random(length: QUICEndpoint.connectionIDLength)
        var settings = makeSettings(handshakeLimit: Self.handshakeLimit)
        settings.token = header.token
        var callbacks = Self.callbacks
        let status = withPath(remote) { [self] path in
            ngtcp2_conn_server_new_versioned(
                &transport,
                &header.scid,
                &id,
                path,
                header.version,
                NGTCP2_CALLBACKS_VERSION,
                &callbacks,
                NGTCP2_SETTINGS_VERSION,
                &settings,
                NGTCP2_TRANSPORT_PARAMS_VERSION,
                &parameters,
                nil,
                Unmanaged.passUnretained(self).toOpaque()
            )
        }
        guard status == 0, startTLS() else { return nil }
        claim(id)
    }

    /// The client's side of a connection to a server.
    init?(
        connectingTo remote: DatagramAddress,
        hello: ClientHello,
        trust: TLSTrust,
        timeoutNanoseconds: UInt64,
        endpoint: QUICEndpoint,
        handler: any ConnectionHandler
    ) {
        self.endpoint = endpoint
        self.remote = remote
        self.hello = hello
        self.handler = handler
        acceptance = nil
        isServer = false
        let name = (hello.serverName ?? "").utf8CString
        checkedName = .allocate(capacity: name.count)
        _ = checkedName.initialize(from: name)
        identity = TLSIdentity(trust: trust)
        var parameters = makeParameters()
        var server = ConnectionID.random(length: QUICEndpoint.connectionIDLength)
        var own = ConnectionID.random(length: QUICEndpoint.connectionIDLength)
        var settings = makeSettings(handshakeLimit: timeoutNanoseconds)
        var callbacks = Self.callbacks
        let status = withPath(remote) { [self] path in
            ngtcp2_conn_client_new_versioned(
                &transport,
                &server,
                &own,
                path,
                UInt32(NGTCP2_PROTO_VER_V1),
                NGTCP2_CALLBACKS_VERSION,
                &callbacks,
                NGTCP2_SETTINGS_VERSION,
                &settings,
                NGTCP2_TRANSPORT_PARAMS_VERSION,
                &parameters,
                nil,
                Unmanaged.passUnretained(self).toOpaque()
            )
        }
        guard status == 0, identity != nil, startTLS(trusting: trust) else { return nil }
        claim(own)
    }

    deinit {
        http = nil
        ngtcp2_conn_del(transport)
        if let tls { gnutls_deinit(tls) }
        checkedName.deallocate()
        reference.deallocate()
    }

    private func makeParameters() -> ngtcp2_transport_params {
        var parameters = ngtcp2_transport_params()
        ngtcp2_transport_params_default_versioned(NGTCP2_TRANSPORT_PARAMS_VERSION, &parameters)
        parameters.initial_max_stream_data_bidi_local = 256 * 1_024
        parameters.initial_max_stream_data_bidi_remote = 256 * 1_024
        parameters.initial_max_stream_data_uni = 256 * 1_024
        parameters.initial_max_data = 1_024 * 1_024
        parameters.initial_max_streams_bidi = isServer ? Self.streamLimit : 0
        parameters.initial_max_streams_uni = 3
        parameters.max_idle_timeout = Self.idleLimit
        parameters.active_connection_id_limit = 7
        return parameters
    }

    private func makeSettings(handshakeLimit: UInt64) -> ngtcp2_settings {
        var settings = ngtcp2_settings()
        ngtcp2_settings_default_versioned(NGTCP2_SETTINGS_VERSION, &settings)
        settings.initial_ts = endpoint.socket.now()
        settings.handshake_timeout = handshakeLimit
        settings.max_tx_udp_payload_size = Self.datagramLimit
        settings.no_pmtud = 1
        return settings
    }

    // MARK: Events

    func receive(_ bytes: [UInt8], from remote: DatagramAddress) {
        guard !isOver, let transport else { return }
        self.remote = remote
        var facts = ngtcp2_pkt_info()
        let now = endpoint.socket.now()
        let status = withPath(remote) { path in
            ngtcp2_conn_read_pkt_versioned(
                transport,
                path,
                NGTCP2_PKT_INFO_VERSION,
                &facts,
                bytes,
                bytes.count,
                now
            )
        }
        switch status {
        case 0: write()
        case NGTCP2_ERR_DRAINING: end(reasonOfOtherSide(transport))
        case NGTCP2_ERR_DROP_CONN, NGTCP2_ERR_RETRY: end(.reset)
        default: fail(status)
        }
    }

    func expire(_ now: UInt64) {
        guard !isOver, let transport else { return }
        switch ngtcp2_conn_handle_expiry(transport, now) {
        case 0: write()
        case NGTCP2_ERR_IDLE_CLOSE: end(connection == nil ? .timedOut : .closed)
        case NGTCP2_ERR_HANDSHAKE_TIMEOUT: end(.timedOut)
        case let status: fail(status)
        }
    }

    /// The handshake is done: the connection exists for both sides.
    func handshakeCompleted() -> Bool {
        guard let local = endpoint.socket.localAddress.socketAddress, let peer = remote.socketAddress else {
            return false
        }
        if let tls, let name = gnutls_ciphersuite_get(tls) { answer?.cipher = String(cString: name) }
        let facts = ConnectionFacts(
            id: endpoint.makeNumber(),
            client: isServer ? peer : local,
            server: isServer ? local : peer,
            transport: .quic,
            version: .http3,
            tls: isServer ? answer : clientFacts()
        )
        let connection = QUICConnection(facts: facts, session: self)
        self.connection = connection
        toldPeer = peer
        if isServer {
            handler = acceptance?.accept(facts)
            // A client without a ticket makes a whole handshake the next time: nothing is lost but time.
            if let tls { _ = gnutls_session_ticket_send(tls, 1, 0) }
        }
        handler?.opened(connection)
        return handler != nil
    }

    /// The other side has shown that it is at another address now.
    func moved(to address: DatagramAddress) {
        if isServer, connection != nil { newPeer = address.socketAddress }
    }

    /// Hands on what the last datagram brought.
    func deliver() {
        guard let connection, let handler else { return }
        if let peer = newPeer {
            newPeer = nil
            if peer != toldPeer { handler.migrated(to: peer, on: connection) }
            toldPeer = peer
        }
        http?.deliver(to: handler, on: connection)
    }

    // MARK: Ending

    /// Why the other side has ended the connection, by what it said.
    private func reasonOfOtherSide(_ transport: OpaquePointer) -> NetworkFailure {
        var error = ngtcp2_connection_close_error()
        ngtcp2_conn_get_connection_close_error(transport, &error)
        guard error.type == NGTCP2_CONNECTION_CLOSE_ERROR_CODE_TYPE_TRANSPORT else { return .closed }
        // A TLS alert is told as 0x100 and the alert's number.
        if error.error_code & ~0xff == 0x100 {
            return .tlsAlert(Self.alertName(UInt8(error.error_code & 0xff)))
        }
        return error.error_code == UInt64(NGTCP2_NO_ERROR) ? .closed : .reset
    }

    /// The connection is over without a word to the other side.
    func end(_ reason: NetworkFailure) {
        guard !isOver else { return }
        isOver = true
        self.reason = reason
    }

    /// Ends the connection because of an error of the transport or of the handshake.
    func fail(_ status: Int32) {
        guard let transport else { return end(.reset) }
        var failure = NetworkFailure.reset
        switch status {
        case NGTCP2_ERR_CRYPTO:
            let alert = ngtcp2_conn_get_tls_alert(transport)
            ngtcp2_connection_close_error_set_transport_error_tls_alert(&closeError, alert, nil, 0)
            failure = .tlsAlert(Self.alertName(alert))
        case NGTCP2_ERR_CALLBACK_FAILURE where http?.error != nil:
            let code = nghttp3_err_infer_quic_app_error_code(http?.error ?? 0)
            ngtcp2_connection_close_error_set_application_error(&closeError, code, nil, 0)
        default:
            ngtcp2_connection_close_error_set_transport_error_liberr(&closeError, status, nil, 0)
        }
        sayClose()
        end(failure)
    }

    /// Ends the connection in order when the other side has all that was sent.
    func closeWhenSent() {
        if closeBy == nil { closeBy = endpoint.socket.now() + Self.patience }
        endpoint.settle(self)
    }

    /// Ends a connection that is to end, when it is time.
    func closeIfSent() {
        guard let closeBy, !isOver else { return }
        write()
        guard http?.isSending != true || closeBy <= endpoint.socket.now() else { return }
        sayEnd(code: NGHTTP3_H3_NO_ERROR, reason: .closed)
    }

    /// Cuts the connection.
    func abort() {
        sayEnd(code: NGHTTP3_H3_INTERNAL_ERROR, reason: .reset)
        endpoint.settle(self)
    }

    private func sayEnd(code: Int32, reason: NetworkFailure) {
        write()
        guard !isOver else { return }
        ngtcp2_connection_close_error_set_application_error(&closeError, UInt64(code), nil, 0)
        sayClose()
        end(reason)
    }

    private func sayClose() {
        guard let transport else { return }
        var facts = ngtcp2_pkt_info()
        let count = ngtcp2_conn_write_connection_close_versioned(
            transport,
            pathPointer,
            NGTCP2_PKT_INFO_VERSION,
            &facts,
            &packet,
            packet.count,
            &closeError,
            endpoint.socket.now()
        )
        if count > 0 { sendPacket(count) }
    }

    /// Tells the owner, once, that the connection is over or never was.
    func tellEnd() {
        let owner = handler
        handler = nil
        if let connection { owner?.closed(connection, reason) } else { owner?.failed(reason) }
    }
}
#endif
