// SPDX-License-Identifier: Apache-2.0

/// How clients use streams that stay open: WebSockets, and calls of gRPC.
public struct StreamUse: Sendable, Hashable {
    /// What is spoken.
    public enum Kind: String, Sendable, Hashable {
        /// A WebSocket over an HTTP/1.1 connection of its own.
        case websocket
        /// A call of gRPC, which is a stream of HTTP/2 or HTTP/3.
        case grpc
    }

    /// What is spoken.
    public var kind: Kind
    /// The time from one message to the next; nil when a WebSocket's client only listens, or a call has one message.
    public var messageInterval: Duration?
    /// How many messages there are before the client ends its side; nil for any number.
    public var messages: Int?
    /// How long a stream is held; nil until the traffic ends.
    public var hold: Duration?
    /// How long the answer to a message may take before the client gives the stream up.
    public var answerTimeout: Duration
    /// How long after an end that it did not want a client opens another; nil for never.
    public var reopensAfter: Duration?

    /// Makes a use.
    public init(
        kind: Kind,
        messageInterval: Duration? = nil,
        messages: Int? = nil,
        hold: Duration? = nil,
        answerTimeout: Duration = .seconds(10),
        reopensAfter: Duration? = .seconds(1)
    ) {
        self.kind = kind
        self.messageInterval = messageInterval
        self.messages = messages
        self.hold = hold
        self.answerTimeout = answerTimeout
        self.reopensAfter = reopensAfter
    }
}
