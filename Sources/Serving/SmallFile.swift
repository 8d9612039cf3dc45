// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files that tell others something of a running server: for the owner alone, and there as a whole or not at all.
///
/// They are not flushed to the disk, which takes longer than all the rest of a start: after a power cut they are of no
/// use to anybody.
enum SmallFile {
    /// Writes a text.
    ///
    /// - Throws: `ServeFailure` with the system's reason.
    static func write(_ text: String, to path: String) throws(ServeFailure) {
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(path) }
        let isWritten = writeAll(Array(text.utf8), to: file)
        let isClosed = close(file) == 0
        guard isWritten, isClosed, rename(draft, path) == 0 else {
            let failure = failure(path)
            unlink(draft)
            throw failure
        }
    }

    private static func writeAll(_ bytes: [UInt8], to file: CInt) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = unsafeWrite(file, rest)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    private static func unsafeWrite(_ file: CInt, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        let part = UnsafeRawBufferPointer(rebasing: bytes)
        #if canImport(Glibc)
        return Glibc.write(file, part.baseAddress, part.count)
        #elseif canImport(Musl)
        return Musl.write(file, part.baseAddress, part.count)
        #else
        return Darwin.write(file, part.baseAddress, part.count)
        #endif
    }

    private static func failure(_ path: String) -> ServeFailure {
        ServeFailure("cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
