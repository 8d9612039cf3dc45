// SPDX-License-Identifier: Apache-2.0

/// A borrowed run of bytes: what patterns are compared with, so that no text is copied for a decision.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension String {
    /// Calls `body` with the text's UTF-8 bytes, without copying them where the text is stored as UTF-8.
    @inline(__always)
    func withBytes<Result>(_ body: (Bytes) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }

    /// The text with ASCII letters in lower case; itself when there is nothing to change.
    var asciiLowercased: String {
        withBytes { bytes in bytes.contains { $0 &- 0x41 < 26 } } ? lowercased() : self
    }
}

/// An ASCII letter in lower case, any other byte as it is.
@inline(__always)
func asciiLowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}
