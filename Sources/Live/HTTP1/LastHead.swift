// SPDX-License-Identifier: Apache-2.0
import Ports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The last head that was read on a connection: one that comes again byte for byte is not read again.
///
/// Most clients ask for the same thing again and again, and most servers answer with the same head. What is given for
/// one is the same value behind the same reference, so that others know it again too.
struct LastHead<Head> {
    /// What a head was read as.
    final class Known {
        let head: Head
        let message: MessageHead

        init(_ head: Head, _ message: MessageHead) {
            self.head = head
            self.message = message
        }
    }

    /// Larger heads are few, and would be kept for long.
    private static var limit: Int { 2048 }

    private var bytes: [UInt8] = []
    private var known: Known?

    /// What the head at the beginning of the input is known as, and how long it is; nil when it has to be read.
    func next(in input: UnsafeRawBufferPointer) -> (length: Int, known: Known)? {
        guard let known, let base = input.baseAddress, input.count >= bytes.count,
            memcmp(base, bytes, bytes.count) == 0
        else { return nil }
        return (bytes.count, known)
    }

    /// Remembers what a head, its blank line included, was read as.
    mutating func keep(_ known: Known, _ lines: UnsafeRawBufferPointer) {
        bytes.removeAll(keepingCapacity: true)
        self.known = lines.count <= Self.limit ? known : nil
        if self.known != nil { bytes.append(contentsOf: lines) }
    }
}
