// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes

/// The beginning of a message.
///
/// It is kept behind a reference: a head is large, and goes through many hands unchanged.
public indirect enum MessageHead: Sendable {
    /// A request's method, target and header fields.
    case request(HTTPRequest)
    /// A response's status and header fields.
    case response(HTTPResponse)
}

/// A piece of a message: any of its head, some body, and its end with trailers.
///
/// A whole small message is one frame. A Kubernetes watch is a frame with the head, then frames with body,
/// and the end may never come.
public struct Frame: Sendable {
    /// The head; on the first frame of a message only.
    public var head: MessageHead?
    /// Body bytes; may be empty.
    public var body: [UInt8]
    /// Trailer fields; on the last frame only.
    public var trailers: HTTPFields?
    /// True when the message ends here.
    public var isLast: Bool

    /// Makes a frame; without arguments it is the empty end of a message.
    public init(
        head: MessageHead? = nil,
        body: [UInt8] = [],
        trailers: HTTPFields? = nil,
        isLast: Bool = true
    ) {
        self.head = head
        self.body = body
        self.trailers = trailers
        self.isLast = isLast
    }
}
