// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC

/// A QUIC connection's name for itself: up to 20 bytes.
struct ConnectionID: Hashable {
    let bytes: [UInt8]

    init(bytes: UnsafePointer<UInt8>?, count: Int) {
        self.bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    init(_ id: ngtcp2_cid) {
        bytes = withUnsafeBytes(of: id.data) { Array($0.prefix(id.datalen)) }
    }

    /// A new one, by chance.
    static func random(length: Int) -> ngtcp2_cid {
        var id = ngtcp2_cid()
        ngtcp2_cid_init(&id, Randomness.bytes(length), length)
        return id
    }
}

/// Bytes that nobody can guess: QUIC is spoken on sockets only, where runs need not repeat.
enum Randomness {
    static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let status = gnutls_rnd(GNUTLS_RND_KEY, &bytes, count)
        precondition(status == 0, "GnuTLS has no random bytes to give")
        return bytes
    }
}
#endif
