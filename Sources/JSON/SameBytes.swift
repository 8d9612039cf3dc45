// SPDX-License-Identifier: Apache-2.0

extension String {
    /// True when both texts are the same bytes, which is what being the same means in JSON.
    ///
    /// Swift takes `é` as one scalar and as two for equal; an API server must not.
    func hasSameBytes(as other: String) -> Bool {
        // Different texts nearly always differ here, and for ASCII the second question settles it.
        guard utf8.count == other.utf8.count, self == other else { return false }
        return isASCII || utf8.elementsEqual(other.utf8)
    }

    private var isASCII: Bool {
        let all = utf8.withContiguousStorageIfAvailable { bytes in
            var all: UInt8 = 0
            for byte in bytes { all |= byte }
            return all
        }
        return (all ?? 0x80) < 0x80
    }
}
