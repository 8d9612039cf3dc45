// SPDX-License-Identifier: Apache-2.0

/// Base64 with the standard alphabet and padding (RFC 4648).
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let padded = Array(part) + [0, 0]
            let bits = UInt32(padded[0]) << 16 | UInt32(padded[1]) << 8 | UInt32(padded[2])
            for place in 0..<4 {
                let isPadding = place > part.count
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> (18 - 6 * place)) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Takes digits one by one.
    struct Decoder {
        private var bytes: [UInt8] = []
        private var bits: UInt32 = 0
        private var digits = 0
        private var padding = 0

        /// False when the byte does not belong here.
        mutating func take(_ byte: UInt8) -> Bool {
            if byte == UInt8(ascii: "=") {
                padding += 1
                return padding <= 2
            }
            guard padding == 0, let value = Self.value(byte) else { return false }
            bits = bits << 6 | value
            digits += 1
            if digits % 4 == 0 {
                bytes += [
                    UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                    UInt8(truncatingIfNeeded: bits),
                ]
                bits = 0
            }
            return true
        }

        /// The bytes; nil when the text stopped in the middle.
        var finished: [UInt8]? {
            switch (digits % 4, padding) {
            case (0, 0): bytes
            case (2, 2): bytes + [UInt8(truncatingIfNeeded: bits >> 4)]
            case (3, 1):
                bytes + [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
            default: nil
            }
        }

        private static func value(_ byte: UInt8) -> UInt32? {
            switch byte {
            case 0x41...0x5a: UInt32(byte) - 0x41
            case 0x61...0x7a: UInt32(byte) - 0x61 + 26
            case 0x30...0x39: UInt32(byte) - 0x30 + 52
            case 0x2b: 62
            case 0x2f: 63
            default: nil
            }
        }
    }
}
