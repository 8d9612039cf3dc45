// SPDX-License-Identifier: Apache-2.0

/// What a server bears of its clients; by default everything, since simulated ones do not misbehave unasked.
public struct ServerLimits: Sendable, Hashable {
    /// How many bytes of a body are kept: a longer one is handed over cut off behind them, one byte too long.
    public var bodyBytes: Int?
    /// How long the next piece of a request that has begun may take.
    public var patience: Duration?
    /// How long a connection may stay open without any request.
    public var idle: Duration?

    /// Makes limits.
    public init(bodyBytes: Int? = nil, patience: Duration? = nil, idle: Duration? = nil) {
        self.bodyBytes = bodyBytes
        self.patience = patience
        self.idle = idle
    }
}
