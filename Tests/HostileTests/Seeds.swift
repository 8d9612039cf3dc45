// SPDX-License-Identifier: Apache-2.0

/// Inputs that are changed into others.
enum Seeds {
    /// Whole inputs for a reader.
    static func inputs(_ reader: ByteReader) -> [[UInt8]] {
        switch reader {
        case .requests: requests.map { Array($0.utf8) }
        case .answers: answers.map { Array($0.utf8) }
        case .frames: frames
        case .hello: [hello]
        case .patterns: patterns.map { Array($0.utf8) }
        case .words: words.map { Array($0.utf8) }
        }
    }

    /// Pieces that are put into inputs.
    static func tokens(_ reader: ByteReader) -> [[UInt8]] {
        switch reader {
        case .requests, .answers: messageTokens.map { Array($0.utf8) }
        case .frames: frames.map { Array($0.prefix(9)) } + [[0, 0, 0], [255, 255, 255, 255]]
        case .hello: [[22, 3, 1], [0, 0], [255, 255], [0, 16, 0, 5, 0, 3, 2, 0x68, 0x32]]
        case .patterns:
            ["*", "?", "~", "~*", "(", ")", "[", "\\", "a+", "\u{0}", "|", "é"].map { Array($0.utf8) }
        case .words:
            [
                "|", "-9223372036854775808", "9223372036854775807", "=", ";", ",", ":", "q=0", "/", "::", "[",
                "]", "%",
            ]
            .map { Array($0.utf8) }
        }
    }

    private static let requests = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /a?b=c HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n",
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 3),
        String(repeating: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok", count: 3),
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nCookie: x=1\r\nCookie: y=2\r\n\r\n",
    ]

    private static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nuntil the end",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nConnection: close\r\n\r\n",
    ]

    private static let messageTokens = [
        "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ":", ": ", ",", ";", "0\r\n\r\n", "GET ", " HTTP/1.1\r\n",
        "HTTP/1.0",
        "Host: b\r\n", "Content-Length: 7\r\n", "Content-Length: +1\r\n", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
        "Expect: 100-continue\r\n",
        "fffffffffffffff\r\n", "-1\r\n", "\u{0}", "\u{7f}", "é", "http://b/", "1;a=b\r\n",
        String(repeating: "a", count: 600),
    ]

    /// HEADERS, DATA, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION.
    private static let frames: [[UInt8]] = [
        // :method GET, :scheme http, :path /, :authority a
        [0, 0, 6, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 0x01, 0x61],
        [
            0, 0, 6, 1, 4, 0, 0, 0, 3, 0x83, 0x86, 0x84, 0x41, 0x01, 0x61, 0, 0, 2, 0, 1, 0, 0, 0, 3, 0x6f,
            0x6b,
        ],
        [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8],
        [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0],
        [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
        [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff],
        [0, 0, 3, 1, 0, 0, 0, 0, 5, 0x82, 0x86, 0x84, 0, 0, 3, 9, 4, 0, 0, 0, 5, 0x41, 0x01, 0x61],
    ]

    private static let patterns = [
        "/tea/*\u{0}/tea/green", "*.example.com\u{0}a.example.com", "~^/a(b|c)+$\u{0}/abcbc", "~*/X\u{0}/x",
        "a?c*\u{0}abcd",
    ]

    private static let words = [
        "0123456789abcdef|1767225000|1767220000", "192.168.0.1/16", "2001:db8::1", "gzip;q=0.5, br",
        "a=1; b=2",
        "http://a.example:80/p?q=r#f", "${host}:${port}/${path}?${query}", "[::1]:443", "1048576",
    ]

    /// A client's hello with a server name, ALPN and the versions 1.2 and 1.3.
    private static let hello: [UInt8] = {
        func sized(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + bytes
        }
        let name: [UInt8] = [0, 0] + sized(sized([0] + sized(Array("a.example".utf8), 2), 2), 2)
        let protocols: [UInt8] = [0, 16] + sized(sized(sized(Array("h2".utf8), 1), 2), 2)
        let versions: [UInt8] = [0, 43] + sized(sized([3, 4, 3, 3], 1), 2)
        let random = [UInt8](repeating: 7, count: 32)
        let body =
            [3, 3] + random + [0] + sized([0x13, 0x01, 0xc0, 0x2f], 2) + [1, 0]
            + sized(name + protocols + versions, 2)
        return [22, 3, 1] + sized([1] + sized(body, 3), 2)
    }()
}
