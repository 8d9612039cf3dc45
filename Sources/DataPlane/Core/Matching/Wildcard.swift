// SPDX-License-Identifier: Apache-2.0

/// A pattern in which `*` stands for any run of bytes, an empty one too, and `?` for exactly one.
struct Wildcard: Sendable, Hashable {
    private let pattern: [UInt8]
    private let isCaseIgnored: Bool

    init(_ text: String, isCaseIgnored: Bool) {
        pattern = Array((isCaseIgnored ? text.asciiLowercased : text).utf8)
        self.isCaseIgnored = isCaseIgnored
    }

    /// True when the whole of `text` fits the pattern; the cost is at most their lengths multiplied.
    func matches(_ text: Bytes) -> Bool {
        pattern.withUnsafeBufferPointer { pattern in
            var (place, star, resume) = (0, -1, 0)
            var index = 0
            while index < text.count {
                let byte = isCaseIgnored ? asciiLowercased(text[index]) : text[index]
                if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                    star = place
                    resume = index
                    place += 1
                } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == byte
                {
                    place += 1
                    index += 1
                } else if star >= 0 {
                    // The last star takes one byte more.
                    place = star + 1
                    resume += 1
                    index = resume
                } else {
                    return false
                }
            }
            while place < pattern.count, pattern[place] == UInt8(ascii: "*") { place += 1 }
            return place == pattern.count
        }
    }
}
