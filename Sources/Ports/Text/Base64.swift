// SPDX-License-Identifier: Apache-2.0

/// Base64 in its standard alphabet with padding (RFC 4648).
public enum Base64 {
    /// Where a text is no Base64.
    public struct Mistake: Error, Equatable {
        /// The first byte that does not fit, from 0.
        public let offset: Int

        /// Makes a mistake.
        public init(offset: Int) {
            self.offset = offset
        }
    }

    /// The bytes that a text stands for; line ends inside it are passed over.
    ///
    /// - Throws: `Mistake` with the first byte that does not fit.
    public static func decode(_ text: String) throws(Mistake) -> [UInt8] {
        var decoder = Decoder()
        var offset = 0
        for byte in text.utf8 {
            if byte != 0x0a, byte != 0x0d, !decoder.take(byte) { throw Mistake(offset: offset) }
            offset += 1
        }
        guard let bytes = decoder.finished else { throw Mistake(offset: offset) }
        return bytes
    }

    /// The text that stands for bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
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

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Takes digits one by one.
    public struct Decoder: Sendable {
        private var bytes: [UInt8] = []
        private var bits: UInt32 = 0
        private var digits = 0
        private var padding = 0

        /// Makes a decoder that has taken nothing.
        public init() {}

        /// Takes a digit or padding; false when the byte does not belong here.
        public mutating func take(_ byte: UInt8) -> Bool {
            if byte == UInt8(ascii: "=") {
                guard digits % 4 >= 2, padding < 4 - digits % 4 else { return false }
                padding += 1
                return true
            }
            guard padding == 0, let value = Self.value(byte) else { return false }
            bits = bits << 6 | value
            digits += 1
            if digits % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bits = 0
            }
            return true
        }

        /// The bytes; nil when the text stopped in the middle.
        public var finished: [UInt8]? {
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
            case UInt8(ascii: "+"): 62
            case UInt8(ascii: "/"): 63
            default: nil
            }
        }
    }
}
