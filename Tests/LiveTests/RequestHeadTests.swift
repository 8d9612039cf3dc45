// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Testing

@testable import Live

private func request(_ text: String) throws(MessageFault) -> RequestHead {
    let bytes = Array(text.utf8)
    let result = bytes.withUnsafeBytes { bytes -> Result<RequestHead, MessageFault> in
        do throws(MessageFault) {
            return .success(try RequestHead(bytes, isSecure: false))
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}

private func response(
    _ text: String,
    to method: HTTPRequest.Method = .get
) throws(MessageFault) -> ResponseHead {
    let bytes = Array(text.utf8)
    let result = bytes.withUnsafeBytes { bytes -> Result<ResponseHead, MessageFault> in
        do throws(MessageFault) {
            return .success(try ResponseHead(bytes, to: method))
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}

@Suite struct RequestHeadTests {
    @Test func `a head is taken apart`() throws {
        let head = try request(
            "POST /a?b=%20c HTTP/1.1\r\nhOst: cafe.example:80\r\nX-Two:  a b \t\r\nContent-Length: 12\r\n\r\n"
        )
        #expect(head.request.method == .post)
        #expect(head.request.path == "/a?b=%20c")
        #expect(head.request.authority == "cafe.example:80")
        #expect(head.request.headerFields[HTTPField.Name("x-two")!] == "a b")
        #expect(head.framing == .length(12))
        #expect(head.keepsAlive)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nHost: a\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", true),
    ])
    func `the client says whether the connection goes on`(_ text: String, _ keepsAlive: Bool) throws {
        #expect(try request(text).keepsAlive == keepsAlive)
    }

    @Test func `a client without an own wish on HTTP slash 1 point 0 wants the end`() throws {
        #expect(try request("GET / HTTP/1.0\r\nHost: a\r\n\r\n").request.headerFields[.connection] == "close")
    }

    @Test func `only WebSocket is an upgrade`() throws {
        let asked = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: "
        #expect(try request(asked + "websocket\r\n\r\n").wantsTunnel)
        #expect(try !request(asked + "h2c\r\n\r\n").wantsTunnel)
        #expect(try !request("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n").wantsTunnel)
    }

    /// What two readers could understand differently, or is no request at all.
    static let refused = [
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1x\r\nHost: a\r\n\r\n",
        "GET / http/1.1\r\nHost: a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a\u{1}b HTTP/1.1\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        " / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\tX: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\u{0}c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\u{b}c\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    ]

    @Test(arguments: refused) func `what could be understood in two ways is refused`(_ text: String) {
        #expect(throws: MessageFault.malformed) { try request(text) }
    }
}

@Suite struct ResponseHeadTests {
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", BodyFraming.length(3)),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .chunked),
        ("HTTP/1.1 200 OK\r\n\r\n", .untilClose), ("HTTP/1.1 204\r\n\r\n", .none),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", .none),
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", .tunnel),
    ])
    func `the head says where the answer ends`(_ text: String, _ framing: BodyFraming) throws {
        #expect(try response(text).framing == framing)
    }

    @Test func `an answer to HEAD has no body`() throws {
        #expect(try response("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", to: .head).framing == .none)
    }

    @Test(arguments: [
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n", "HTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1  200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
    ])
    func `what is no answer is refused`(_ text: String) {
        #expect(throws: MessageFault.malformed) { try response(text) }
    }
}
