// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import Ports
import Testing

@testable import Live

@Suite struct RememberedHeadTests {
    private static let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

    private func length(_ last: LastHead<Int>, _ input: [UInt8]) -> Int? {
        input.withUnsafeBytes { last.next(in: $0)?.length }
    }

    private func head(_ path: String) -> MessageHead {
        .request(HTTPRequest(method: .get, scheme: "http", authority: "a", path: path))
    }

    @Test func `the last head is known again when all of its bytes come again`() {
        var last = LastHead<Int>()
        #expect(length(last, Self.bytes) == nil)
        let known = LastHead<Int>.Known(1, head("/"))
        Self.bytes.withUnsafeBytes { last.keep(known, $0) }
        #expect(length(last, Self.bytes) == Self.bytes.count)
        #expect(length(last, Self.bytes + [1, 2]) == Self.bytes.count)
        #expect(length(last, Self.bytes.dropLast()) == nil)
        for place in Self.bytes.indices {
            var other = Self.bytes
            other[place] ^= 1
            #expect(length(last, other) == nil)
        }
        #expect(length(last, []) == nil)
    }

    @Test func `only the last head is known, and none that is large`() {
        var last = LastHead<Int>()
        Self.bytes.withUnsafeBytes { last.keep(LastHead.Known(1, head("/")), $0) }
        let second = Array("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        second.withUnsafeBytes { last.keep(LastHead.Known(2, head("/2")), $0) }
        #expect(length(last, Self.bytes) == nil)
        #expect(second.withUnsafeBytes { last.next(in: $0)?.known.head } == 2)
        let large = [UInt8](repeating: 65, count: 2049)
        large.withUnsafeBytes { last.keep(LastHead.Known(3, head("/3")), $0) }
        #expect(length(last, large) == nil)
        #expect(length(last, second) == nil)
    }

    @Test func `what a head came to is known from the second time on, of that very head only`() {
        let heads = SentHeads<Int>()
        let (one, equal) = (head("/"), head("/"))
        let view = ByteBuffer(string: "one").readableBytesView
        heads.tell(one, view, 7)
        #expect(heads.sent(one) == nil)
        heads.tell(one, view, 7)
        #expect(heads.sent(one)?.note == 7)
        #expect(heads.sent(one).map { String(buffer: $0.bytes) } == "one")
        #expect(heads.sent(equal) == nil)
    }
}
