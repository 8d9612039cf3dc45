// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Streams

@Suite struct GRPCTests {
    @Test func `a message has a flag, its length and its bytes`() {
        #expect(GRPCMessage.bytes([7, 8]) == [0, 0, 0, 0, 2, 7, 8])
        #expect(GRPCMessage.bytes([]) == [0, 0, 0, 0, 0])
    }

    @Test(arguments: [1, 2, 5, 6, 1000])
    func `messages are read again, in pieces of any size`(_ size: Int) {
        let messages: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 9, count: 300)]
        let bytes = messages.flatMap(GRPCMessage.bytes)
        var reader = GRPCReader()
        var seen: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            seen += reader.read(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(seen == messages)
    }

    @Test(arguments: [[2, 0, 0, 0, 0] as [UInt8], [0, 0xff, 0, 0, 0]])
    func `what is no message, or longer than anybody takes, breaks the reader`(_ bytes: [UInt8]) {
        var reader = GRPCReader()
        #expect(reader.read(bytes).isEmpty)
        #expect(reader.isBroken)
    }

    @Test func `statuses have names`() {
        #expect(GRPCMessage.name(ofStatus: 14) == "UNAVAILABLE")
        #expect(GRPCMessage.name(ofStatus: 17).isEmpty)
    }
}
