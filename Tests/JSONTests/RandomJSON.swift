// SPDX-License-Identifier: Apache-2.0
import JSON

/// Seeded random JSON: values, and texts that almost are.
struct RandomJSON {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A number below `bound` (SplitMix64).
    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        bits ^= bits >> 31
        return Int(bits % UInt64(bound))
    }

    mutating func value(depth: Int = 4) -> JSONValue {
        switch below(depth == 0 ? 6 : 9) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .integer(integer())
        case 3: return .number(Self.numbers[below(Self.numbers.count)])
        case 4, 5: return .string(text())
        case 6: return .array((0..<below(5)).map { _ in value(depth: depth - 1) })
        default:
            // Sometimes long enough to need an index.
            let count = below(20) == 0 ? 30 : below(6)
            return .object(JSONObject((0..<count).map { _ in (text(), value(depth: depth - 1)) }))
        }
    }

    private static let numbers = [
        "-0", "1.50", "1e400", "-1E-7", "18446744073709551616", "0.000",
        "123456789012345678901234567890.5e+12",
    ]
    private static let scalars = Array(
        "ab\"\\/\n\t\r\0\u{8}\u{c}\u{1f}\u{7f}é\u{301}€😀\u{fffd}\u{2028}\u{10ffff} ".unicodeScalars
    )

    private mutating func integer() -> Int64 {
        let magnitude = Int64(below(.max)) >> Int64(below(63))
        return below(2) == 0 ? magnitude : -magnitude - 1
    }

    private mutating func text() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<below(below(10) == 0 ? 40 : 5) { text.append(Self.scalars[below(Self.scalars.count)]) }
        return String(text)
    }

    private static let fragments: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "null", "true", "1", "-",
            "0", ".", "e", "E+",
            " ", "\n", "{\"a\":", "[[[[", "1e999", "\u{0}", "é", "\\u0000", "9223372036854775808", "/",
            "\u{feff}",
        ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90], [0x80]]

    /// Changes a text in one to four places: bytes flipped, cut, doubled, or a fragment put in.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(4) {
            let place = below(bytes.count + 1)
            let end = min(bytes.count, place + 1 + below(8))
            switch below(6) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: Self.fragments[below(Self.fragments.count)], at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count + 1))
            case 3 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
            case 4 where place < bytes.count: bytes[place] = UInt8(below(256))
            case 5 where below(4) == 0: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: Self.fragments[below(Self.fragments.count)], at: place)
            }
        }
        return bytes
    }
}
