// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The last piece of a body as a chunk on the wire, kept by an event loop: an event that goes to many who watch is
/// written once, and its bytes are shared.
final class ChunkMemo {
    /// Larger pieces are few, and would be kept for long.
    private static let limit = 64 * 1024

    @exclusivity(unchecked) private var piece: [UInt8] = []
    @exclusivity(unchecked) private var chunk = ByteBuffer()

    /// A piece as a chunk; nil for one that is not kept.
    func chunk(_ piece: [UInt8]) -> ByteBuffer? {
        guard piece.count <= Self.limit, !piece.isEmpty else { return nil }
        // While the memo holds a piece nobody can change it in its place.
        let isSame = self.piece.withUnsafeBufferPointer { known in
            piece.withUnsafeBufferPointer { known.baseAddress == $0.baseAddress && known.count == $0.count }
        }
        if isSame { return chunk }
        var fresh = ByteBuffer()
        fresh.reserveCapacity(piece.count + 16)
        fresh.writeChunk(piece)
        (self.piece, chunk) = (piece, fresh)
        return fresh
    }
}
