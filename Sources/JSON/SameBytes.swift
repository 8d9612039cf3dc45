// SPDX-License-Identifier: Apache-2.0

extension String {
    /// True when both texts are the same bytes, which is what being the same means in JSON.
    ///
    /// Swift takes `é` as one scalar and as two for equal; an API server must not.
    func hasSameBytes(as other: String) -> Bool {
        // Different texts nearly always differ in their length.
        guard utf8.count == other.utf8.count else { return false }
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
