// SPDX-License-Identifier: Apache-2.0

/// Takes the bytes of one side of a WebSocket, in whatever pieces they come, and gives its frames.
public struct WebSocketReader: Sendable {
    /// Bytes of a payload at most.
    public static let limit = 1 << 20

    private var pending: [UInt8] = []
    /// True once something came that is no frame: the connection is of no more use.
    public private(set) var isBroken = false

    /// Makes a reader at the beginning of a connection.
    public init() {}

    /// Takes bytes, and gives the frames that are whole by now.
    public mutating func read(_ bytes: [UInt8]) -> [WebSocketFrame] {
        guard !isBroken else { return [] }
        pending += bytes
        var frames: [WebSocketFrame] = []
        var place = 0
        while let (frame, end) = frame(at: place) {
            frames.append(frame)
            place = end
        }
        pending.removeFirst(place)
        return frames
    }

    private mutating func frame(at start: Int) -> (WebSocketFrame, end: Int)? {
        guard !isBroken, pending.count >= start + 2 else { return nil }
        let (first, second) = (pending[start], pending[start + 1])
        guard let kind = WebSocketFrame.Kind(rawValue: first & 0x0f), first & 0x70 == 0 else {
            isBroken = true
            return nil
        }
        let width = second & 0x7f == 126 ? 2 : second & 0x7f == 127 ? 8 : 0
        let maskWidth = second & 0x80 == 0 ? 0 : 4
        let head = start + 2 + width
        guard pending.count >= head + maskWidth else { return nil }
        var length = UInt64(second & 0x7f)
        if width > 0 { length = pending[start + 2..<head].reduce(0) { $0 << 8 | UInt64($1) } }
        guard length <= UInt64(Self.limit) else {
            isBroken = true
            return nil
        }
        let body = head + maskWidth
        let end = body + Int(length)
        guard pending.count >= end else { return nil }
        var payload = Array(pending[body..<end])
        if maskWidth > 0 {
            for index in payload.indices { payload[index] ^= pending[head + (index & 3)] }
        }
        return (WebSocketFrame(kind, payload, isFinal: first & 0x80 != 0), end)
    }
}
