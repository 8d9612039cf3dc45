// SPDX-License-Identifier: Apache-2.0

/// Streams that clients open and hold: WebSockets, or calls of gRPC.
public struct StreamSpec: Sendable, Hashable {
    /// What is spoken.
    public enum Kind: String, Sendable, Hashable {
        /// WebSockets.
        case websocket
        /// Calls of gRPC.
        case grpc
    }

    /// What a client does after an end that it did not want.
    public enum Return: Sendable, Hashable {
        /// It stays away.
        case never
        /// It opens another so long after.
        case after(Duration)
    }

    /// What is spoken.
    public var kind: Kind
    /// The time from one message to the next; nil without messages, or for a call with one.
    public var message: Duration?
    /// How many messages there are; nil for any number.
    public var messages: Int?
    /// How long a stream is held; nil until the traffic ends.
    public var hold: Duration?
    /// How long the answer to a message may take.
    public var answerWithin: Duration
    /// What a client does after an end that it did not want; nil for what is usual: it opens another after a second, or
    /// stays away where the traffic has a rate of its own.
    public var again: Return?
}

/// How the program in a pod speaks on streams.
public struct PodStreamSpec: Sendable, Hashable {
    /// False when it does not speak that language, whatever was said before.
    public var isOn = true
    /// It sends a message by itself so often.
    public var push: Duration?
    /// How many of those there are.
    public var pushes: Int?
    /// Whether it says that it goes when it drains; nil for true.
    public var saysGoodbye: Bool?
    /// The status that calls of gRPC end with.
    public var status: Int?

    /// Makes one that answers each message with the same message.
    public init() {}
}
