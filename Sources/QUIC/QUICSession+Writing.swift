// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import Ports

extension QUICSession {
    /// Sends all that the transport lets go now.
    func write() {
        guard !isOver, let transport else { return }
        let now = endpoint.socket.now()
        while true {
            var stream: Int64 = -1
            var isLast: Int32 = 0
            var count = 0
            withUnsafeTemporaryAllocation(of: nghttp3_vec.self, capacity: 16) { pieces in
                var found = 0
                if let http, ngtcp2_conn_get_max_data_left(transport) > 0 {
                    found = http.nextPieces(&stream, &isLast, into: pieces)
                }
                guard found >= 0 else {
                    count = Int(NGTCP2_ERR_CALLBACK_FAILURE)
                    return
                }
                count = writePacket(stream, pieces.baseAddress, found, isLast: isLast != 0, now)
            }
            if count == Int(NGTCP2_ERR_WRITE_MORE) { continue }
            if count < 0 { return fail(Int32(count)) }
            if count == 0 { break }
            sendPacket(count)
        }
        ngtcp2_conn_update_pkt_tx_time(transport, now)
    }

    /// Writes pieces of a stream into the packet; the packet's length, 0 when nothing may be sent now.
    private func writePacket(
        _ stream: Int64,
        _ pieces: UnsafePointer<nghttp3_vec>?,
        _ pieceCount: Int,
        isLast: Bool,
        _ now: UInt64
    ) -> Int {
        var facts = ngtcp2_pkt_info()
        var taken: ngtcp2_ssize = -1
        let flags = NGTCP2_WRITE_STREAM_FLAG_MORE | (isLast ? NGTCP2_WRITE_STREAM_FLAG_FIN : 0)
        // Both libraries' vectors are a pointer and a length.
        let count = ngtcp2_conn_writev_stream_versioned(
            transport,
            pathPointer,
            NGTCP2_PKT_INFO_VERSION,
            &facts,
            &packet,
            packet.count,
            &taken,
            UInt32(flags),
            stream,
            UnsafeRawPointer(pieces)?.assumingMemoryBound(to: ngtcp2_vec.self),
            pieceCount,
            now
        )
        switch Int32(count) {
        case NGTCP2_ERR_STREAM_DATA_BLOCKED:
            http?.block(stream)
            return Int(NGTCP2_ERR_WRITE_MORE)
        case NGTCP2_ERR_STREAM_SHUT_WR, NGTCP2_ERR_STREAM_NOT_FOUND:
            http?.shutWriting(stream)
            return Int(NGTCP2_ERR_WRITE_MORE)
        default:
            if taken >= 0 { http?.wrote(taken, of: stream) }
            return count
        }
    }

    func sendPacket(_ count: Int) {
        let path = endpoint.pathStorage.pointee.path.remote
        let bytes = UnsafeRawBufferPointer(start: path.addr, count: Int(path.addrlen))
        let address = bytes.isEmpty ? remote : DatagramAddress(bytes: Array(bytes))
        endpoint.socket.send(Array(packet.prefix(count)), to: address)
    }

    var pathPointer: UnsafeMutablePointer<ngtcp2_path> {
        UnsafeMutableRawPointer(endpoint.pathStorage).assumingMemoryBound(to: ngtcp2_path.self)
    }

    /// Calls with the way from the socket to that address.
    func withPath<Result>(
        _ remote: DatagramAddress,
        _ body: (UnsafePointer<ngtcp2_path>) -> Result
    ) -> Result {
        endpoint.socket.localAddress.withAddress { local in
            remote.withAddress { remote in
                var path = ngtcp2_path(local: local, remote: remote, user_data: nil)
                return body(&path)
            }
        }
    }
}

extension DatagramAddress {
    /// The address as the library takes it, for the length of the call.
    func withAddress<Result>(_ body: (ngtcp2_addr) -> Result) -> Result {
        bytes.withUnsafeBytes { raw in
            let pointer = UnsafeMutableRawPointer(mutating: raw.baseAddress)?
                .assumingMemoryBound(to: ngtcp2_sockaddr.self)
            return body(ngtcp2_addr(addr: pointer, addrlen: ngtcp2_socklen(raw.count)))
        }
    }
}
#endif
