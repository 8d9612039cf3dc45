// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC

/// The names that packets for a connection may bear.
extension QUICSession {
    /// Gives the connection one more name.
    func claim(_ id: ngtcp2_cid) {
        let id = ConnectionID(id)
        connectionIDs.insert(id)
        endpoint.add(id, of: self)
    }

    func makeConnectionID(
        _ id: UnsafeMutablePointer<ngtcp2_cid>,
        token: UnsafeMutablePointer<UInt8>,
        length: Int
    )
        -> Bool
    {
        id.pointee = ConnectionID.random(length: length)
        let secret = endpoint.resetSecret
        guard ngtcp2_crypto_generate_stateless_reset_token(token, secret, secret.count, id) == 0 else {
            return false
        }
        claim(id.pointee)
        return true
    }

    func forget(_ id: ngtcp2_cid) {
        let id = ConnectionID(id)
        connectionIDs.remove(id)
        endpoint.remove(id)
    }

    /// The session that a callback's user data stands for.
    static func from(_ data: UnsafeMutableRawPointer?) -> QUICSession? {
        data.map { Unmanaged<QUICSession>.fromOpaque($0).takeUnretainedValue() }
    }
}
#endif
