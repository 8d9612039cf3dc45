// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
public import Ports

/// All QUIC connections of one UDP socket.
///
/// Datagrams go in, datagrams, deadlines and events of HTTP exchanges come out: ngtcp2 does the transport, GnuTLS the
/// handshake, nghttp3 the mapping of HTTP. Confined to the socket's loop, which is why the compiler's check is off.
public final class QUICEndpoint: @unchecked Sendable {
    /// Open connections, those in handshake included; one more is refused.
    static let connectionLimit = 10_000
    static let connectionIDLength = 16

    /// What a listener does with connections; nil while none are taken.
    struct Acceptance {
        let tls: any TLSChooser
        let accept: @Sendable (ConnectionFacts) -> any ConnectionHandler
    }

    let socket: any DatagramSocket
    let makeNumber: @Sendable () -> UInt64
    private(set) var acceptance: Acceptance?
    private var sessions: [ObjectIdentifier: QUICSession] = [:]
    /// Sessions whose handshake is not done.
    private var strangers: Set<ObjectIdentifier> = []
    private var sessionByID: [ConnectionID: QUICSession] = [:]
    private var closesWhenIdle = false
    /// When the socket will wake the endpoint; never later than the earliest deadline.
    private var nextWake: UInt64?
    let identities = TLSIdentities()
    let tickets = SessionTickets()
    /// Where writing has the path put: the library keeps pointers into it.
    let pathStorage = UnsafeMutablePointer<ngtcp2_path_storage>.allocate(capacity: 1)
    let resetSecret: [UInt8]

    /// Makes an endpoint on a socket.
    ///
    /// - Parameters:
    ///   - socket: The socket; it hands everything that arrives to `receive`.
    ///   - makeNumber: Gives connection numbers that nothing else in the process has.
    public init(socket: any DatagramSocket, makeNumber: @escaping @Sendable () -> UInt64) {
        self.socket = socket
        self.makeNumber = makeNumber
        resetSecret = Randomness.bytes(32)
        ngtcp2_path_storage_zero(pathStorage)
    }

    deinit {
        pathStorage.deallocate()
    }

    /// Takes connections from now on; replaces whoever took them before.
    public func listen(
        tls: any TLSChooser,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) {
        acceptance = Acceptance(tls: tls, accept: accept)
        closesWhenIdle = false
    }

    /// Takes no more connections; the socket closes when those that are open have ended.
    public func stopListening() {
        acceptance = nil
        closesWhenIdle = true
        closeIfIdle()
    }

    /// Opens a connection to a server; the handler is told how that went.
    public func connect(
        to address: DatagramAddress,
        hello: ClientHello,
        trust: TLSTrust,
        timeoutNanoseconds: UInt64,
        handler: any ConnectionHandler
    ) {
        closesWhenIdle = true
        guard
            let session = QUICSession(
                connectingTo: address,
                hello: hello,
                trust: trust,
                timeoutNanoseconds: timeoutNanoseconds,
                endpoint: self,
                handler: handler
            )
        else {
            handler.failed(.tlsAlert("internal_error"))
            return closeIfIdle()
        }
        sessions[ObjectIdentifier(session)] = session
        session.write()
        settle(session)
    }

    // MARK: What the socket tells

    /// A datagram arrived.
    public func receive(_ bytes: [UInt8], from remote: DatagramAddress) {
        guard !bytes.isEmpty else { return }  // the library takes an empty datagram for a mistake of ours
        var header = ngtcp2_version_cid()
        let status = ngtcp2_pkt_decode_version_cid(&header, bytes, bytes.count, Self.connectionIDLength)
        if status == NGTCP2_ERR_VERSION_NEGOTIATION { return offerVersions(header, to: remote) }
        guard status == 0 else { return }
        let id = ConnectionID(bytes: header.dcid, count: header.dcidlen)
        guard let session = sessionByID[id] ?? accept(bytes, from: remote) else { return }
        session.receive(bytes, from: remote)
        settle(session)
    }

    /// The time that was asked for has come.
    public func wake() {
        let now = socket.now()
        for session in Array(sessions.values) where (session.deadline ?? .max) <= now {
            session.expire(now)
            settle(session)
        }
        nextWake = sessions.values.lazy.compactMap(\.deadline).min()
        socket.wake(at: nextWake)
    }

    // MARK: Sessions

    private func accept(_ bytes: [UInt8], from remote: DatagramAddress) -> QUICSession? {
        bytes.withUnsafeBufferPointer { buffer -> QUICSession? in
            // The header points into the datagram.
            var header = ngtcp2_pkt_hd()
            guard let acceptance, ngtcp2_accept(&header, buffer.baseAddress, buffer.count) == 0 else {
                return nil
            }
            guard sessions.count < Self.connectionLimit else {
                refuse(header, remote, code: UInt32(NGTCP2_CONNECTION_REFUSED))
                return nil
            }
            let proof = proof(in: header, from: remote)
            if case .wrong = proof {
                refuse(header, remote, code: UInt32(NGTCP2_INVALID_TOKEN))
                return nil
            }
            if case .none = proof, strangers.count >= Self.strangerLimit {
                askForProof(header, remote)
                return nil
            }
            return open(header, proof, from: remote, by: acceptance)
        }
    }

    private func open(
        _ header: ngtcp2_pkt_hd,
        _ proof: AddressProof,
        from remote: DatagramAddress,
        by acceptance: Acceptance
    ) -> QUICSession? {
        guard
            let session = QUICSession(
                accepting: header,
                proof: proof,
                from: remote,
                by: acceptance,
                endpoint: self
            )
        else { return nil }
        sessions[ObjectIdentifier(session)] = session
        strangers.insert(ObjectIdentifier(session))
        sessionByID[ConnectionID(header.dcid)] = session
        session.initialID = ConnectionID(header.dcid)
        return session
    }

    func add(_ id: ConnectionID, of session: QUICSession) {
        sessionByID[id] = session
    }

    func remove(_ id: ConnectionID) {
        sessionByID[id] = nil
    }

    /// Does what is left to do after a session was fed: buries it when it is over, and asks for its deadline.
    func settle(_ session: QUICSession) {
        session.deliver()
        session.closeIfSent()
        if session.connection != nil || session.isOver { strangers.remove(ObjectIdentifier(session)) }
        if session.isOver {
            for id in session.connectionIDs { sessionByID[id] = nil }
            if let id = session.initialID { sessionByID[id] = nil }
            sessions[ObjectIdentifier(session)] = nil
            session.tellEnd()
            closeIfIdle()
        } else if let deadline = session.deadline, deadline < nextWake ?? .max {
            nextWake = deadline
            socket.wake(at: deadline)
        }
    }

    private func closeIfIdle() {
        if closesWhenIdle, sessions.isEmpty { socket.close() }
    }

    // MARK: Answers without a session

    private func offerVersions(_ header: ngtcp2_version_cid, to remote: DatagramAddress) {
        var packet = [UInt8](repeating: 0, count: 256)
        let versions: [UInt32] = [NGTCP2_PROTO_VER_V1]
        let count = ngtcp2_pkt_write_version_negotiation(
            &packet,
            packet.count,
            Randomness.bytes(1)[0],
            header.scid,
            header.scidlen,
            header.dcid,
            header.dcidlen,
            versions,
            versions.count
        )
        if count > 0 { socket.send(Array(packet.prefix(count)), to: remote) }
    }

    private func refuse(_ header: ngtcp2_pkt_hd, _ remote: DatagramAddress, code: UInt32) {
        var packet = [UInt8](repeating: 0, count: 1_200)
        var header = header
        let count = ngtcp2_crypto_write_connection_close(
            &packet,
            packet.count,
            header.version,
            &header.scid,
            &header.dcid,
            UInt64(code),
            nil,
            0
        )
        if count > 0 { socket.send(Array(packet.prefix(count)), to: remote) }
    }
}
#endif
