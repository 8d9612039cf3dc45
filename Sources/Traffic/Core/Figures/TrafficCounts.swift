// SPDX-License-Identifier: Apache-2.0
import Ports

/// The running figures of traffic, cheap to add to.
struct TrafficCounts: Sendable {
    var sent = 0
    var retries = 0
    var redirects = 0
    var connectionsOpened = 0
    var connectionsFailed = 0
    private var statuses: [(status: Int, count: Int)] = []
    private var failures: [(outcome: String, count: Int)] = []
    private var latency = LatencyHistogram()

    mutating func addAnswer(status: Int, nanoseconds: Int64) {
        latency.add(nanoseconds: nanoseconds)
        if let place = statuses.firstIndex(where: { $0.status == status }) {
            statuses[place].count += 1
        } else {
            statuses.append((status, 1))
        }
    }

    mutating func addFailure(_ outcome: String) {
        if let place = failures.firstIndex(where: { $0.outcome == outcome }) {
            failures[place].count += 1
        } else {
            failures.append((outcome, 1))
        }
    }

    func summary(inFlight: Int) -> TrafficSummary {
        var summary = TrafficSummary()
        summary.sent = sent
        summary.inFlight = inFlight
        summary.statuses = statuses.sorted { $0.status < $1.status }
            .map { TrafficSummary.StatusCount(status: $0.status, count: $0.count) }
        summary.failures = failures.sorted { $0.outcome < $1.outcome }
            .map { TrafficSummary.FailureCount(outcome: $0.outcome, count: $0.count) }
        summary.retries = retries
        summary.redirects = redirects
        summary.connectionsOpened = connectionsOpened
        summary.connectionsFailed = connectionsFailed
        summary.latency = latency
        return summary
    }
}
