// SPDX-License-Identifier: Apache-2.0

/// Base64 in its standard alphabet with padding: the form of `bytes` fields.
enum Base64 {
    /// Where a text is no Base64.
    struct Mistake: Error, Equatable {
        /// The first byte that does not fit, from 0.
        let offset: Int
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte - 0x41)
        case 0x61...0x7a: UInt32(byte - 0x61) + 26
        case 0x30...0x39: UInt32(byte - 0x30) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// The bytes that a text stands for; line ends inside it are passed over.
    ///
    /// - Throws: `Mistake` with the first byte that does not fit.
    static func decode(_ text: String) throws(Mistake) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        var offset = 0
        for byte in text.utf8 {
            defer { offset += 1 }
            if byte == 0x0a || byte == 0x0d { continue }
            if byte == UInt8(ascii: "=") {
                guard count % 4 >= 2, padding < 4 - count % 4 else { throw Mistake(offset: offset) }
                padding += 1
                continue
            }
            guard padding == 0, let digit = digit(byte) else { throw Mistake(offset: offset) }
            bits = bits << 6 | digit
            count += 1
            if count % 4 == 0 {
                bytes += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8)]
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bits = 0
            }
        }
        switch count % 4 {
        case 0 where padding == 0: break
        case 2 where padding == 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3 where padding == 1:
            bytes += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
        default: throw Mistake(offset: offset)
        }
        return bytes
    }

    /// The text that stands for bytes.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var place = 0
        while place < bytes.count {
            let left = bytes.count - place
            var bits = UInt32(bytes[place]) << 16
            if left > 1 { bits |= UInt32(bytes[place + 1]) << 8 }
            if left > 2 { bits |= UInt32(bytes[place + 2]) }
            text.append(alphabet[Int(bits >> 18)])
            text.append(alphabet[Int(bits >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(bits >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(bits & 63)] : UInt8(ascii: "="))
            place += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
