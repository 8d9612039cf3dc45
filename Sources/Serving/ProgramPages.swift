// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The pages of the program's own code that are in memory.
///
/// A start runs through code all over the program once: half of what a server that waits has in memory is that. Pages
/// that are wanted again come from the system's cache, without the disk.
enum ProgramPages {
    /// How long after a start they are given back: the first clients run through the code that the start has read.
    static let patience = Duration.seconds(1)

    /// Gives all of them back; what still runs takes its own again.
    static func release() {
        #if os(Linux)
        guard let program = link("/proc/self/exe"), let maps = bytes("/proc/self/maps") else { return }
        for line in maps.split(separator: UInt8(ascii: "\n")) where line.suffix(program.count) == program[...]
        {
            // 00400000-034b2000 r-xp 00000000 fe:00 123 /usr/bin/albedo
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard words.count == 3, words[1].elementsEqual("r-xp".utf8) else { continue }
            let bounds = words[0].split(separator: UInt8(ascii: "-")).compactMap { digits in
                UInt(String(decoding: digits, as: UTF8.self), radix: 16)
            }
            guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
            // Nobody has written into these pages, so what is dropped can be read again. What can not be dropped stays.
            _ = madvise(
                UnsafeMutableRawPointer(bitPattern: bounds[0]),
                Int(bounds[1] - bounds[0]),
                MADV_DONTNEED
            )
        }
        #endif
    }

    #if os(Linux)
    private static func link(_ path: String) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    private static func bytes(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while case let count = read(file, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return bytes
    }
    #endif
}
