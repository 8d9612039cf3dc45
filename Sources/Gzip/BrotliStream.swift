// SPDX-License-Identifier: Apache-2.0

/// A body on its way, packed as Brotli (RFC 7932): repeats by a greedy search, a prefix code for each piece.
///
/// Each piece ends on a byte and can be unpacked as soon as it arrives. Contexts and the built-in words are not used.
/// The same bytes always give the same packed bytes.
public struct BrotliStream: Sendable {
    private var writer = BitWriter()
    private var hasBegun = false

    /// Bytes of one block at most.
    private static let blockBytes = 1 << 16

    /// Begins a body.
    public init() {}

    /// Packs a piece of the body; the last one brings the end.
    public mutating func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        if !hasBegun { writer.put(0, 1) }  // repeats reach back 65,520 bytes at most
        hasBegun = true
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let end = min(start + Self.blockBytes, bytes.count)
                packBlock(UnsafeBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
        if isLast {
            writer.put(0b11, 2)  // the last block, which is empty
            writer.align()
        } else if !bytes.isEmpty {
            writer.put(0b000110, 6)  // an empty block that is skipped, and ends on a byte
            writer.align()
        }
        return writer.take()
    }

    private mutating func packBlock(_ bytes: UnsafeBufferPointer<UInt8>) {
        let commands = BrotliCommand.commands(for: bytes)
        var packed = writer
        packed.put(0, 1 + 2)  // not the last block, four half bytes of length
        packed.put(UInt64(bytes.count - 1), 16)
        packed.put(0, 1)  // packed
        let before = packed.count
        BrotliBlock(bytes, commands).write(to: &packed)
        guard packed.count - before >= bytes.count * 8 else {
            writer = packed
            return
        }
        writer.put(0, 1 + 2)
        writer.put(UInt64(bytes.count - 1), 16)
        writer.put(1, 1)  // as it is
        writer.align()
        writer.append(bytes)
    }
}

extension BrotliStream {
    /// True when an Accept-Encoding field names Brotli.
    public static func isAccepted(_ acceptEncoding: String) -> Bool {
        AcceptedCodings(acceptEncoding).takes(["br"]) ?? false
    }
}

/// Bytes as they are, then a repeat of earlier ones.
struct BrotliCommand {
    /// Where the bytes begin, and how many there are.
    let start: Int
    let inserted: Int
    /// How long the repeat is, and how far back; 0 when the block ends before it.
    let copied: Int
    let distance: Int

    private static let longest = 4096

    /// A block as commands.
    static func commands(for bytes: UnsafeBufferPointer<UInt8>) -> [BrotliCommand] {
        var search = RepeatSearch(bytes, longest: longest)
        var commands: [BrotliCommand] = []
        var (start, index) = (0, 0)
        while index < bytes.count {
            let (length, distance) = search.best(at: index)
            guard length >= 4 else {
                search.note(index)
                index += 1
                continue
            }
            commands.append(
                BrotliCommand(start: start, inserted: index - start, copied: length, distance: distance)
            )
            for step in 0..<length { search.note(index + step) }
            index += length
            start = index
        }
        if start < bytes.count {
            commands.append(
                BrotliCommand(start: start, inserted: bytes.count - start, copied: 0, distance: 0)
            )
        }
        return commands
    }
}
