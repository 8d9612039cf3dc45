// SPDX-License-Identifier: Apache-2.0

extension PodScript {
    /// How a process speaks on streams that stay open.
    ///
    /// In JSON it is `true`, or an object with any of `push`, `pushes`, `goodbye` and, for gRPC, `status`.
    public struct Streaming: Sendable, Hashable {
        /// It sends a message by itself so often; nil when it only answers.
        public var push: Duration?
        /// How many of those there are before a call of gRPC ends; nil for any number.
        public var pushes: Int?
        /// True when it says that it goes when SIGTERM makes it drain.
        ///
        /// WebSockets end with 1001 then, calls of gRPC that would go on with UNAVAILABLE. Else they go on until it is
        /// killed.
        public var goodbye = true
        /// The status that calls of gRPC end with.
        public var status = 0

        /// Makes one that answers each message with the same message.
        public init() {}
    }
}
