// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC

/// What a client's first packet shows of its address.
enum AddressProof {
    case none
    /// It brings back what was sent to its address; its very first packet named the server so.
    case right(originalID: ngtcp2_cid)
    case wrong
}

/// Clients that have to show that they are where they say before anything is kept of them: whoever makes up addresses
/// cannot fill the endpoint with handshakes that nobody will finish.
///
/// - Source: RFC 9000, 8.1.2: documented; from how many handshakes on is assumed.
extension QUICEndpoint {
    /// Handshakes under way beyond which proof is asked for.
    static let strangerLimit = 200

    private static let proofNanoseconds: UInt64 = 10_000_000_000

    func proof(in header: ngtcp2_pkt_hd, from remote: DatagramAddress) -> AddressProof {
        guard let token = header.token.base, header.token.len > 0,
            Int32(token.pointee) == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY
        else { return .none }
        var (id, header) = (ngtcp2_cid(), header)
        let status = remote.withAddress { address in
            ngtcp2_crypto_verify_retry_token(
                &id,
                token,
                header.token.len,
                resetSecret,
                resetSecret.count,
                header.version,
                address.addr,
                address.addrlen,
                &header.dcid,
                Self.proofNanoseconds,
                socket.now()
            )
        }
        return status == 0 ? .right(originalID: id) : .wrong
    }

    /// Answers a first packet with a token that only whoever is at that address gets.
    func askForProof(_ header: ngtcp2_pkt_hd, _ remote: DatagramAddress) {
        var (header, id) = (header, ConnectionID.random(length: Self.connectionIDLength))
        var token = [UInt8](repeating: 0, count: 128)
        let length = remote.withAddress { address in
            ngtcp2_crypto_generate_retry_token(
                &token,
                resetSecret,
                resetSecret.count,
                header.version,
                address.addr,
                address.addrlen,
                &id,
                &header.dcid,
                socket.now()
            )
        }
        guard length > 0 else { return }
        var packet = [UInt8](repeating: 0, count: 256)
        let count = ngtcp2_crypto_write_retry(
            &packet,
            packet.count,
            header.version,
            &header.scid,
            &id,
            &header.dcid,
            token,
            length
        )
        if count > 0 { socket.send(Array(packet.prefix(count)), to: remote) }
    }
}
#endif
