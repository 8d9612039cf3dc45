// SPDX-License-Identifier: Apache-2.0

/// The FNV-1a hash: stable between runs and machines, unlike Swift's own.
enum FowlerNollVo {
    /// The 32-bit hash of some bytes, going on from another.
    static func hash32(_ bytes: some Sequence<UInt8>, from start: UInt32 = 0x811c_9dc5) -> UInt32 {
        bytes.reduce(start) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    /// The 64-bit hash of some bytes, going on from another.
    static func hash64(_ bytes: some Sequence<UInt8>, from start: UInt64 = 0xcbf2_9ce4_8422_2325) -> UInt64 {
        bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    /// A made-up identifier of hexadecimal digits for a text, the same each time.
    static func hexadecimal(_ text: String, count: Int) -> String {
        var digits = ""
        var state = hash64(text.utf8)
        while digits.utf8.count < count {
            state = hash64([0x2e], from: state)
            let word = String(state, radix: 16)
            digits += String(repeating: "0", count: 16 - word.utf8.count) + word
        }
        return String(digits.prefix(count))
    }

    /// A made-up identifier of lower-case letters and digits for a text, the same each time.
    static func identifier(_ text: String, count: Int) -> String {
        let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        var state = hash64(text.utf8)
        var letters = ""
        for _ in 0..<count {
            state = hash64([0x2e], from: state)
            letters.append(alphabet[Int((state >> 32) % 36)])
        }
        return letters
    }
}
