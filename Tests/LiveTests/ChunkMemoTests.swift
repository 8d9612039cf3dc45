// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import Live

@Suite struct ChunkMemoTests {
    @Test(arguments: [1, 9, 15, 16, 255, 256, 4095, 4096, 65536])
    func `a piece is a chunk as the writer makes it`(count: Int) throws {
        let piece = [UInt8](repeating: 7, count: count)
        let chunk = try #require(ChunkMemo().chunk(piece))
        let head = Array((String(count, radix: 16) + "\r\n").utf8)
        #expect(Array(chunk.readableBytesView) == head + piece + Array("\r\n".utf8))
    }

    @Test func `the same piece is the same bytes, another one is not`() throws {
        let memo = ChunkMemo()
        var piece = Array("first".utf8)
        let first = try #require(memo.chunk(piece))
        #expect(memo.chunk(piece) == first)
        piece[0] = UInt8(ascii: "F")
        let second = try #require(memo.chunk(piece))
        #expect(String(buffer: second) == "5\r\nFirst\r\n")
        #expect(String(buffer: first) == "5\r\nfirst\r\n")
    }

    @Test func `the end of a body is no chunk, and long pieces are not kept`() {
        #expect(ChunkMemo().chunk([]) == nil)
        #expect(ChunkMemo().chunk([UInt8](repeating: 0, count: 65537)) == nil)
    }
}
