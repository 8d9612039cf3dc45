// SPDX-License-Identifier: Apache-2.0

extension NameRules {
    /// True for most keys that are right: seen in one pass over the bytes, since each write asks for many.
    ///
    /// What it is not sure of is looked at in full.
    static func isUsual(_ text: String) -> Bool {
        var copy = text
        return copy.withUTF8 { bytes in
            guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return isUsualName(bytes[...]) }
            let prefix = bytes[..<slash]
            return prefix.count <= 253 && isUsualSubdomain(prefix) && isUsualName(bytes[(slash + 1)...])
        }
    }

    private static func isUsualName(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard bytes.count <= 63, let first = bytes.first, let last = bytes.last else { return false }
        guard isLetterOrDigit(first), isLetterOrDigit(last) else { return false }
        for byte in bytes where !isLetterOrDigit(byte) {
            guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") else {
                return false
            }
        }
        return true
    }

    /// Labels of small letters and digits between dots, with hyphens inside.
    private static func isUsualSubdomain(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var isAfterLetter = false
        for byte in bytes {
            if isLowerOrDigit(byte) {
                isAfterLetter = true
            } else if byte == UInt8(ascii: "."), isAfterLetter {
                isAfterLetter = false
            } else {
                // With a hyphen it depends on what comes before and behind.
                return false
            }
        }
        return isAfterLetter
    }
}
