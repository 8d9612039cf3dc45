// SPDX-License-Identifier: Apache-2.0

/// A text in which `*` stands for anything and `?` for one character.
public struct Glob: Sendable, Hashable, CustomStringConvertible {
    /// The text as it was written.
    public let pattern: String
    private let bytes: [UInt8]
    /// True when only the text itself fits.
    private let isPlain: Bool

    /// Makes a pattern.
    public init(_ pattern: String) {
        self.pattern = pattern
        bytes = Array(pattern.utf8)
        isPlain = !bytes.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    /// True when the pattern covers the whole text.
    public func matches(_ text: String) -> Bool {
        var copy = text
        return copy.withUTF8 { matches($0) }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if isPlain { return text.elementsEqual(bytes) }
        var (place, at) = (0, 0)
        var star: (place: Int, at: Int)?
        while at < text.count {
            if place < bytes.count, bytes[place] == UInt8(ascii: "*") {
                star = (place, at)
                place += 1
            } else if place < bytes.count, bytes[place] == UInt8(ascii: "?") || bytes[place] == text[at] {
                place += 1
                at += 1
            } else if let last = star {
                // The star takes one more.
                (place, at) = (last.place + 1, last.at + 1)
                star = (last.place, last.at + 1)
            } else {
                return false
            }
        }
        return bytes[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// The pattern.
    public var description: String { pattern }
}
