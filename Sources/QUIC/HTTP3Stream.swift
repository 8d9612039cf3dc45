// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import DequeModule
import HTTPTypes
import Ports

/// One exchange on an HTTP/3 connection: the message that comes in, and the one that goes out.
final class HTTP3Stream {
    let id: Int64
    let exchange: UInt64
    private let isServer: Bool

    init(id: Int64, exchange: UInt64, isServer: Bool) {
        self.id = id
        self.exchange = exchange
        self.isServer = isServer
    }

    // MARK: What comes in

    private var pseudo: [String: String] = [:]
    private var fields = HTTPFields()
    private var trailers: HTTPFields?
    private var incoming: Frame?
    /// The other side's message is whole.
    private(set) var isReceived = false

    func beginHead() {
        pseudo = [:]
        fields = HTTPFields()
    }

    func addField(_ name: String, _ value: String, isTrailer: Bool) {
        if name.first == ":" {
            pseudo[name] = value
        } else if let name = HTTPField.Name(name) {
            let field = HTTPField(name: name, value: value)
            if isTrailer { trailers = (trailers ?? HTTPFields()) + [field] } else { fields.append(field) }
        }
    }

    /// The head is whole; false when it is none.
    func endHead() -> Bool {
        guard let head = isServer ? requestHead() : responseHead() else { return false }
        if case .response(let response) = head, response.status.kind == .informational { return true }
        incoming = Frame(head: head, isLast: false)
        return true
    }

    private func requestHead() -> MessageHead? {
        guard let method = pseudo[":method"].flatMap(HTTPRequest.Method.init(rawValue:)) else { return nil }
        return .request(
            HTTPRequest(
                method: method,
                scheme: pseudo[":scheme"],
                authority: pseudo[":authority"] ?? fields[.init(parsed: "host") ?? .accept],
                path: pseudo[":path"],
                headerFields: fields
            )
        )
    }

    private func responseHead() -> MessageHead? {
        guard let code = pseudo[":status"].flatMap(Int.init), (100...999).contains(code) else { return nil }
        return .response(HTTPResponse(status: HTTPResponse.Status(code: code), headerFields: fields))
    }

    func addBody(_ bytes: UnsafeBufferPointer<UInt8>) {
        var frame = incoming ?? Frame(isLast: false)
        frame.body += bytes
        incoming = frame
    }

    func endMessage() {
        guard !isReceived else { return }
        isReceived = true
        var frame = incoming ?? Frame(isLast: false)
        frame.isLast = true
        frame.trailers = trailers
        incoming = frame
    }

    /// What came in since it was last asked.
    func takeIncoming() -> Frame? {
        defer { incoming = nil }
        return incoming
    }

    // MARK: Too much at once

    /// True while the owner wants no more of the other side's message.
    var isPaused = false
    /// How many bytes the other side would be let send if the owner had not paused.
    private var withheld: UInt64 = 0
    /// True while the other side takes what goes out more slowly than it comes.
    private(set) var isStalled = false
    /// Bytes of the body that wait, or are on their way.
    private var piledUp = 0

    private static let highWater = 128 * 1024
    private static let lowWater = 32 * 1024

    func withhold(_ count: UInt64) { withheld += count }

    func takeWithheld() -> UInt64 {
        defer { withheld = 0 }
        return withheld
    }

    /// True when whether the stream is stalled has just changed.
    func stallChanges() -> Bool {
        let before = isStalled
        if piledUp >= Self.highWater { isStalled = true }
        if piledUp <= Self.lowWater { isStalled = false }
        return isStalled != before
    }

    // MARK: What goes out

    /// Bytes of the body that the other side has not acknowledged: the library keeps pointers into them.
    private var chunks: Deque<UnsafeMutableBufferPointer<UInt8>> = []
    /// How many of the chunks the library has.
    private var handedOut = 0
    /// Acknowledged bytes of the first chunk.
    private var acknowledged = 0
    /// The message that goes out is whole.
    private(set) var isSent = false
    var outgoingTrailers: HTTPFields?

    func append(_ body: [UInt8], isLast: Bool, trailers: HTTPFields?) {
        if !body.isEmpty {
            let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: body.count)
            _ = chunk.initialize(from: body)
            chunks.append(chunk)
            piledUp += body.count
        }
        if isLast {
            isSent = true
            outgoingTrailers = trailers
        }
    }

    /// The next chunk for the library, once each; nil when there is none yet or none any more.
    func nextChunk() -> UnsafeMutableBufferPointer<UInt8>? {
        guard handedOut < chunks.count else { return nil }
        handedOut += 1
        return chunks[handedOut - 1]
    }

    /// That many more bytes of the body need not be kept.
    func acknowledge(_ count: Int) {
        acknowledged += count
        piledUp -= count
        while handedOut > 0, let first = chunks.first, acknowledged >= first.count {
            acknowledged -= first.count
            handedOut -= 1
            first.deallocate()
            chunks.removeFirst()
        }
    }

    deinit {
        for chunk in chunks { chunk.deallocate() }
    }
}
#endif
