// SPDX-License-Identifier: Apache-2.0
import Crypto
import Ports

/// The words by which both sides of an upgrade to WebSocket know each other.
public enum WebSocketHandshake {
    /// What a server answers to a client's key.
    ///
    /// - Source: RFC 6455, 4.2.2: documented.
    public static func accept(_ key: String) -> String {
        let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        return Base64.encode(Array(Insecure.SHA1.hash(data: Array(text.utf8))))
    }

    /// The key that a client sends, made of sixteen bytes of chance.
    public static func key(_ first: UInt64, _ second: UInt64) -> String {
        Base64.encode(
            [first, second].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
            }
        )
    }
}
