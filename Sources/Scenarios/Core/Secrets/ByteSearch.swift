// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds texts in long texts by their bytes.
enum ByteSearch {
    /// True when the bytes hold the text, which is not empty.
    static func contains(_ text: String, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var copy = text
        return copy.withUTF8 { wanted in
            guard let start = bytes.baseAddress, let other = wanted.baseAddress, let first = wanted.first
            else { return false }
            var place = 0
            let last = bytes.count - wanted.count
            while place <= last, let found = memchr(start + place, Int32(first), last - place + 1) {
                place = UnsafeRawPointer(found) - UnsafeRawPointer(start)
                if memcmp(start + place, other, wanted.count) == 0 { return true }
                place += 1
            }
            return false
        }
    }

    /// True when a text holds another one, which is not empty, byte for byte.
    static func contains(_ text: String, in other: String) -> Bool {
        var copy = other
        return copy.withUTF8 { contains(text, in: $0) }
    }

    /// A text with another one in the place of each appearance of a value.
    ///
    /// - Parameters:
    ///   - value: What is replaced.
    ///   - text: The text.
    ///   - other: What comes in its place.
    ///   - asWord: True leaves alone what is only a part of a longer word.
    /// - Returns: The changed text.
    static func replace(_ value: String, in text: String, with other: String, asWord: Bool) -> String {
        let (wanted, bytes) = (Array(value.utf8), Array(text.utf8))
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let end = place + wanted.count
            if end <= bytes.count, bytes[place] == wanted[0], bytes[place..<end].elementsEqual(wanted),
                !asWord || isWord(bytes, place..<end)
            {
                result += Array(other.utf8)
                place = end
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isWord(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let before = range.lowerBound > 0 ? bytes[range.lowerBound - 1] : 0x20
        let after = range.upperBound < bytes.count ? bytes[range.upperBound] : 0x20
        return !isLetterOrDigit(before) && !isLetterOrDigit(after)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) || (48...57).contains(byte)
    }
}
