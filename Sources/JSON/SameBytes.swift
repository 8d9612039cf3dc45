// SPDX-License-Identifier: Apache-2.0

extension String {
    /// True when both texts are the same bytes, which is what being the same means in JSON.
    ///
    /// Swift takes `é` as one scalar and as two for equal; an API server must not.
    @inline(__always)
    func hasSameBytes(as other: String) -> Bool {
        // Short texts lie in these words themselves, and a copy has the words of its original.
        if words == other.words { return true }
        // Different texts nearly always differ in their length.
        return utf8.count == other.utf8.count && hasSameBytes(ofOneLength: other)
    }

    /// The text as it lies in memory: texts with the same words are the same, those with others need not differ.
    @inline(__always)
    private var words: (UInt64, UInt64) { unsafeBitCast(self, to: (UInt64, UInt64).self) }

    @inline(never)
    private func hasSameBytes(ofOneLength other: String) -> Bool {
        let answer = utf8.withContiguousStorageIfAvailable { one in
            other.utf8.withContiguousStorageIfAvailable { Self.isSame(one, $0) }
        }
        return (answer ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Compares bytes of one length, eight at a time.
    @inline(__always)
    private static func isSame(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Bool
    {
        let (left, right) = (UnsafeRawBufferPointer(one), UnsafeRawBufferPointer(other))
        var place = 0
        while place + 8 <= left.count {
            let word = left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if word != right.loadUnaligned(fromByteOffset: place, as: UInt64.self) { return false }
            place += 8
        }
        while place < left.count {
            if left[place] != right[place] { return false }
            place += 1
        }
        return true
    }
}
