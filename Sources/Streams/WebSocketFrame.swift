// SPDX-License-Identifier: Apache-2.0

/// A frame of a WebSocket: a message, a piece of one, or a word about the connection.
///
/// - Source: RFC 6455, 5.2: documented.
public struct WebSocketFrame: Sendable, Hashable {
    /// What a frame is, by its opcode.
    public enum Kind: UInt8, Sendable, Hashable {
        /// A further piece of a message.
        case continuation = 0
        /// A text.
        case text = 1
        /// Bytes.
        case binary = 2
        /// The end, with a code.
        case close = 8
        /// A question whether the other side is there.
        case ping = 9
        /// The answer to it.
        case pong = 10
    }

    /// What it is.
    public var kind: Kind
    /// What it carries.
    public var payload: [UInt8]
    /// True for the last piece of a message.
    public var isFinal = true

    /// Makes a frame.
    public init(_ kind: Kind, _ payload: [UInt8] = [], isFinal: Bool = true) {
        self.kind = kind
        self.payload = payload
        self.isFinal = isFinal
    }

    /// The end of a connection, with its code.
    public static func close(_ code: Int) -> WebSocketFrame {
        WebSocketFrame(.close, [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)])
    }

    /// The code of a close frame; 1005 when it has none, as the RFC has it.
    public var closeCode: Int {
        payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : 1005
    }

    /// The frame as it is sent.
    ///
    /// - Parameter mask: What clients hide the payload with; nil for servers, which do not.
    /// - Returns: The bytes.
    public func bytes(mask: UInt32? = nil) -> [UInt8] {
        var bytes: [UInt8] = [kind.rawValue | (isFinal ? 0x80 : 0)]
        let masked: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: bytes.append(UInt8(payload.count) | masked)
        case ..<65_536:
            bytes.append(126 | masked)
            bytes += [UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default:
            bytes.append(127 | masked)
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        guard let mask else { return bytes + payload }
        let key = (0..<4).reversed().map { UInt8(truncatingIfNeeded: mask >> ($0 * 8)) }
        return bytes + key + payload.enumerated().map { $0.element ^ key[$0.offset & 3] }
    }
}
