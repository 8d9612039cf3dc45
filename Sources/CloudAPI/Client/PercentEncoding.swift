// SPDX-License-Identifier: Apache-2.0

/// Percent-encoding as the cloud's signatures use it, and form decoding as its gateway reads parameters.
public enum PercentEncoding {
    /// Encodes everything but letters, digits, `-`, `_`, `.` and `~`.
    public static func encode(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count * 3)
        append(text, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends a text, encoded as often as it says: what is encoded twice has its percent signs encoded too.
    static func append(_ text: String, times: Int = 1, to output: inout [UInt8]) {
        var copy = text
        copy.withUTF8 { bytes in
            var start = 0
            for place in 0..<bytes.count where !isPlain(bytes[place]) {
                output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<place]))
                start = place + 1
                output.append(UInt8(ascii: "%"))
                for _ in 1..<times {
                    output.append(UInt8(ascii: "2"))
                    output.append(UInt8(ascii: "5"))
                }
                output.append(hexDigit(bytes[place] >> 4))
                output.append(hexDigit(bytes[place] & 15))
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        }
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    @inline(__always)
    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    /// Decodes a form or query component: `+` is a blank, broken escapes stay as they are.
    public static func decode(_ text: Substring) -> String {
        var copy = text
        return copy.withUTF8 { decode($0) }
    }

    private static func decode(_ input: UnsafeBufferPointer<UInt8>) -> String {
        guard input.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else {
            return String(decoding: input, as: UTF8.self)
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: input.count) { output in
            var (place, count) = (0, 0)
            while place < input.count {
                var byte = input[place]
                place += 1
                if byte == UInt8(ascii: "+") {
                    byte = 0x20
                } else if byte == UInt8(ascii: "%"), place + 1 < input.count,
                    let high = hexValue(input[place]), let low = hexValue(input[place + 1])
                {
                    byte = high << 4 | low
                    place += 2
                }
                output[count] = byte
                count += 1
            }
            return String(decoding: output[..<count], as: UTF8.self)
        }
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    /// Reads `a=1&b=2` into pairs, in order.
    public static func pairs(_ text: Substring) -> [(String, String)] {
        var copy = text
        return copy.withUTF8 { bytes in
            var pairs: [(String, String)] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
                let part = UnsafeBufferPointer(rebasing: bytes[start..<end])
                start = end + 1
                if part.isEmpty { continue }
                let middle = part.firstIndex(of: UInt8(ascii: "=")) ?? part.count
                let value = UnsafeBufferPointer(rebasing: part[min(middle + 1, part.count)...])
                pairs.append((decode(UnsafeBufferPointer(rebasing: part[..<middle])), decode(value)))
            }
            return pairs
        }
    }
}
