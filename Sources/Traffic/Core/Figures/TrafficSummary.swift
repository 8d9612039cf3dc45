// SPDX-License-Identifier: Apache-2.0

/// What traffic has seen so far, in figures.
public struct TrafficSummary: Sendable, Hashable {
    /// How many answers had a status.
    public struct StatusCount: Sendable, Hashable {
        /// The status code.
        public let status: Int
        /// How many answers had it.
        public let count: Int
    }

    /// How many requests failed in one way.
    public struct FailureCount: Sendable, Hashable {
        /// In the words of the trace, such as `refused`, `timed out` or `certificate expired`.
        public let outcome: String
        /// How many requests failed so.
        public let count: Int
    }

    /// Requests begun.
    public var sent = 0
    /// Requests that have neither been answered nor failed yet.
    public var inFlight = 0
    /// Requests answered, by status, the lowest first.
    public var statuses: [StatusCount] = []
    /// Requests failed, by outcome, in the order of the alphabet.
    public var failures: [FailureCount] = []
    /// Requests that were sent once more on a new connection.
    public var retries = 0
    /// Redirects followed.
    public var redirects = 0
    /// Connections opened.
    public var connectionsOpened = 0
    /// Connections that could not be opened.
    public var connectionsFailed = 0
    /// How long answers took.
    public var latency = LatencyHistogram()

    /// Requests answered, whatever the status.
    public var answered: Int { statuses.reduce(0) { $0 + $1.count } }

    /// Requests failed.
    public var failed: Int { failures.reduce(0) { $0 + $1.count } }

    /// How many answers had a status.
    public func count(status: Int) -> Int { statuses.first { $0.status == status }?.count ?? 0 }

    /// How many requests failed with an outcome.
    public func count(failure: String) -> Int { failures.first { $0.outcome == failure }?.count ?? 0 }
}
