// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Streams

/// The answers of a process, made once and sent many times.
struct PodAnswers: Sendable {
    private let name: String
    private let image: String
    private var general = Pair()
    private var paths: [Pair] = []
    private var failure = Pair()

    private struct Pair: Sendable {
        var whole = Frame()
        /// For HEAD: the same head, no body.
        var bodiless = Frame()
    }

    init(_ script: PodScript, name: String, image: String) {
        self.name = name
        self.image = image
        follow(script)
    }

    /// Makes the answers of a script.
    mutating func follow(_ script: PodScript) {
        general = pair(script.answer)
        paths = script.paths.map { pair($0.answer) }
        failure = pair(PodScript.Answer(status: script.errorStatus, body: "error\n"))
    }

    /// The answer of a path, or the general one.
    func frame(_ place: Int?, hasBody: Bool) -> Frame {
        let pair = place.map { paths[$0] } ?? general
        return hasBody ? pair.whole : pair.bodiless
    }

    /// The answer to a request that fails.
    func error(hasBody: Bool) -> Frame { hasBody ? failure.whole : failure.bodiless }

    /// The answer that agrees to a WebSocket.
    func upgrade(accepting key: String) -> Frame {
        var head = HTTPResponse(status: .switchingProtocols)
        head.headerFields[.upgrade] = "websocket"
        head.headerFields[.connection] = "Upgrade"
        head.headerFields[.secWebSocketAccept] = WebSocketHandshake.accept(key)
        return Frame(head: .response(named(head)), isLast: false)
    }

    /// The answer that begins a call of gRPC.
    var call: Frame {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "application/grpc"
        return Frame(head: .response(named(head)), isLast: false)
    }

    private func named(_ head: HTTPResponse) -> HTTPResponse {
        var head = head
        for (field, value) in [("x-served-by", name), ("x-image", image)] {
            if let field = HTTPField.Name(field) { head.headerFields[field] = value }
        }
        return head
    }

    private func pair(_ answer: PodScript.Answer) -> Pair {
        let body = Array((answer.body ?? "\(name)\n").utf8)
        var head = HTTPResponse(status: HTTPResponse.Status(code: answer.status))
        head.headerFields[.contentType] = "text/plain; charset=utf-8"
        head.headerFields[.contentLength] = String(body.count)
        head = named(head)
        return Pair(
            whole: Frame(head: .response(head), body: body),
            bodiless: Frame(head: .response(head))
        )
    }
}
