// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Ports
import Testing

@testable import Live

/// Reads a body that comes in pieces of a size.
private func read(
    _ text: String,
    _ framing: BodyFraming,
    pieces: Int,
    limits: MessageLimits = MessageLimits()
) throws(MessageFault) -> (body: String, rest: String, reader: BodyReader) {
    var reader = BodyReader(framing, limits: limits)
    var input = ByteBuffer()
    var body: [UInt8] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
        input.writeBytes(bytes[start..<min(start + pieces, bytes.count)])
        try reader.read(&input, into: &body)
    }
    return (String(decoding: body, as: UTF8.self), String(buffer: input), reader)
}

@Suite struct BodyReaderTests {
    @Test(arguments: [1, 2, 3, 7, 1000]) func `chunks come together however they are cut`(
        _ pieces: Int
    ) throws {
        let text =
            "4\r\nWiki\r\n6;name=value\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-End: yes\r\n\r\nGET"
        let found = try read(text, .chunked, pieces: pieces)
        #expect(found.body == "Wikipedia in \r\n\r\nchunks.")
        #expect(found.reader.isOver)
        #expect(found.reader.trailers?.count == 1)
        #expect(found.rest == "GET")
    }

    @Test(arguments: [1, 5, 100]) func `a length is counted`(_ pieces: Int) throws {
        let found = try read("0123456789GET", .length(10), pieces: pieces)
        #expect(found.body == "0123456789")
        #expect(found.rest == "GET")
        #expect(found.reader.isOver)
    }

    @Test(arguments: [
        "g\r\n", "\r\n", "-1\r\n", "+1\r\na", "0x1\r\na", "1 2\nab", "1\na\n", "2\r\nabc\r\n",
        "2\r\nab0\r\n\r\n",
        "fffffffffffffffff\r\n", "1;\u{1}\r\na", "0\r\nX : b\r\n\r\n", "0\r\nX: b\r\n c\r\n\r\n", "0\r\n\n",
    ])
    func `broken chunks are refused`(_ text: String) {
        #expect(throws: MessageFault.malformed) { try read(text, .chunked, pieces: 1) }
    }

    @Test func `a chunk line that never ends is refused`() {
        let text = "1;" + String(repeating: "a", count: 5000)
        #expect(throws: MessageFault.malformed) { try read(text, .chunked, pieces: 100) }
    }

    @Test func `a body above the limit is refused`() {
        let limits = MessageLimits(bodyBytes: 8)
        #expect(throws: MessageFault.bodyTooLarge) {
            try read("0123456789", .length(10), pieces: 4, limits: limits)
        }
        #expect(throws: MessageFault.bodyTooLarge) {
            try read("4\r\nabcd\r\n5\r\nefghi\r\n", .chunked, pieces: 4, limits: limits)
        }
    }
}

@Suite struct HeadReaderTests {
    private func feed(
        _ text: String,
        pieces: Int,
        _ limits: MessageLimits = MessageLimits()
    ) throws(MessageFault)
        -> Int?
    {
        var reader = HeadReader(limits: limits)
        let bytes = Array(text.utf8)
        for end in Array(stride(from: pieces, to: bytes.count, by: pieces)) + [bytes.count] {
            let result = bytes[..<end].withUnsafeBytes { bytes -> Result<Int?, MessageFault> in
                do throws(MessageFault) {
                    return .success(try reader.end(in: bytes))
                } catch {
                    return .failure(error)
                }
            }
            if let found = try result.get() { return found }
        }
        return nil
    }

    @Test(arguments: [1, 3, 1000]) func `the blank line is found however the bytes come`(_ pieces: Int) throws
    {
        #expect(try feed("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest", pieces: pieces) == 27)
        #expect(try feed("GET / HTTP/1.1\r\nHost: a\r\n", pieces: pieces) == nil)
    }

    @Test(arguments: ["GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "\n"])
    func `a line that ends without CR is refused`(_ text: String) {
        #expect(throws: MessageFault.malformed) { try feed(text, pieces: 1) }
    }

    @Test func `what is too large is refused before it is whole`() {
        let limits = MessageLimits(targetBytes: 100, fieldBytes: 200)
        #expect(throws: MessageFault.targetTooLong) {
            try feed("GET /" + String(repeating: "a", count: 400), pieces: 50, limits)
        }
        #expect(throws: MessageFault.fieldsTooLarge) {
            try feed("GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 4000), pieces: 50, limits)
        }
    }

    /// Nothing that comes may trap, and the same bytes mean the same however they are cut.
    @Test(arguments: 1...20) func `any bytes are read or refused`(_ seed: UInt64) {
        var random = RandomStream(seed: seed)
        let words = [
            "GET ", "POST ", "/", "a", " HTTP/1.1", " HTTP/1.0", "\r\n", "\r", "\n", "Host: a", "Host", ":",
            " ",
            "Content-Length: 3", "Content-Length: 03", "Transfer-Encoding: chunked", "\r\n\r\n", "\u{0}", "é",
            "5\r\n", "0\r\n", ";", "ffff", "Connection: upgrade", "Upgrade: websocket",
            "Expect: 100-continue",
        ]
        for _ in 0..<400 {
            let count = Int(1 + random.next() % 14)
            let text = (0..<count).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined()
            let whole = outcome(text, pieces: 10_000)
            #expect(outcome(text, pieces: Int(1 + random.next() % 5)) == whole, "\(text.debugDescription)")
        }
    }

    private func outcome(_ text: String, pieces: Int) -> String {
        do throws(MessageFault) {
            guard let length = try feed(text, pieces: pieces) else { return "incomplete" }
            let bytes = Array(text.utf8)
            let head = bytes[..<length].withUnsafeBytes { bytes -> Result<RequestHead, MessageFault> in
                do throws(MessageFault) {
                    return .success(try RequestHead(bytes, isSecure: false))
                } catch {
                    return .failure(error)
                }
            }
            let found = try head.get()
            let rest = String(decoding: bytes[length...], as: UTF8.self)
            let body = try read(rest, found.framing, pieces: pieces)
            return "\(found.request) \(found.framing) \(body.body) \(body.reader.isOver)"
        } catch {
            return "\(error)"
        }
    }
}
