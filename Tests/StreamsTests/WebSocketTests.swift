// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Streams

@Suite struct WebSocketTests {
    /// The samples of RFC 6455, 5.7.
    @Test func `frames are the bytes of the standard's samples`() {
        let hello = Array("Hello".utf8)
        #expect(WebSocketFrame(.text, hello).bytes() == [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])
        #expect(
            WebSocketFrame(.text, hello).bytes(mask: 0x37fa_213d) == [
                0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
            ]
        )
        #expect(
            WebSocketFrame(.binary, Array(repeating: 0, count: 256)).bytes().prefix(4) == [0x82, 0x7e, 1, 0]
        )
        let long = WebSocketFrame(.binary, Array(repeating: 0, count: 65_536)).bytes()
        #expect(long.prefix(10) == [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0])
    }

    /// The sample of RFC 6455, 1.3.
    @Test func `a server's answer to a key is the standard's`() {
        #expect(
            WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        )
    }

    @Test func `keys are sixteen bytes in Base64`() {
        #expect(WebSocketHandshake.key(0, 0) == "AAAAAAAAAAAAAAAAAAAAAA==")
        #expect(WebSocketHandshake.key(1, 2) != WebSocketHandshake.key(2, 1))
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536])
    func `what was written is read again, in pieces of any size`(_ length: Int) {
        let frames = [
            WebSocketFrame(.text, (0..<length).map { UInt8(truncatingIfNeeded: $0) }),
            WebSocketFrame(.ping), WebSocketFrame.close(1001),
        ]
        let bytes = frames[0].bytes(mask: 0x0102_0304) + frames[1].bytes() + frames[2].bytes(mask: 7)
        for size in [1, 2, 3, 7, 4096, bytes.count] where size > bytes.count / 70_000 {
            var reader = WebSocketReader()
            var seen: [WebSocketFrame] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                seen += reader.read(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(seen == frames)
            #expect(!reader.isBroken)
        }
    }

    @Test(arguments: [[0x83, 0x00] as [UInt8], [0xc1, 0x00], [0x82, 0x7f, 0, 0, 0, 1, 0, 0, 0, 0]])
    func `what is no frame, or longer than anybody takes, breaks the reader`(_ bytes: [UInt8]) {
        var reader = WebSocketReader()
        #expect(reader.read(bytes).isEmpty)
        #expect(reader.isBroken)
        #expect(reader.read(WebSocketFrame(.ping).bytes()).isEmpty)
    }

    @Test func `a close frame has its code`() {
        #expect(WebSocketFrame.close(1001).closeCode == 1001)
        #expect(WebSocketFrame(.close).closeCode == 1005)
    }
}
