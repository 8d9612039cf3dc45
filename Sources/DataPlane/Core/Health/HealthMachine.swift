// SPDX-License-Identifier: Apache-2.0

/// Why a check went wrong, as the control plane names it.
///
/// - Source: documented.
enum HealthReason: String, Sendable, Hashable {
    case connectTimeout = "CONNECT_TIMEOUT"
    case connectFailed = "CONNECT_FAILED"
    case receiveFailed = "RECV_RESPONSE_FAILED"
    case receiveTimeout = "RECV_RESPONSE_TIMEOUT"
    case formatError = "RESPONSE_FORMAT_ERROR"
    case mismatch = "RESPONSE_MISMATCH"
}

/// A server's health in the eyes of one node: results of checks go in, a verdict comes out.
///
/// - Source: documented: so many results in a row turn the verdict; that a new server gets no traffic before
///   its first verdict is documented, that it takes the full threshold is assumed.
struct HealthMachine: Sendable, Equatable {
    enum State: String, Sendable {
        case initial = "Initial"
        case healthy = "Healthy"
        case unhealthy = "Unhealthy"
    }

    private(set) var state: State
    /// Why the last check went wrong; nil when it did not.
    private(set) var reason: HealthReason?
    private var successes = 0
    private var failures = 0
    private var healthyThreshold: Int
    private var unhealthyThreshold: Int

    init(state: State = .initial, healthyThreshold: Int, unhealthyThreshold: Int) {
        self.state = state
        self.healthyThreshold = max(1, healthyThreshold)
        self.unhealthyThreshold = max(1, unhealthyThreshold)
    }

    /// Takes new thresholds; what was counted stays.
    mutating func setThresholds(healthy: Int, unhealthy: Int) {
        healthyThreshold = max(1, healthy)
        unhealthyThreshold = max(1, unhealthy)
    }

    /// Takes a check's result: nil when it was good; true when the verdict changed.
    mutating func record(_ failure: HealthReason?) -> Bool {
        let before = state
        reason = failure
        if failure == nil {
            failures = 0
            successes = min(successes + 1, healthyThreshold)
            if successes >= healthyThreshold { state = .healthy }
        } else {
            successes = 0
            failures = min(failures + 1, unhealthyThreshold)
            if failures >= unhealthyThreshold { state = .unhealthy }
        }
        return state != before
    }

    /// True when another result like the last one would change nothing.
    var isSteady: Bool {
        switch state {
        case .initial: false
        case .healthy: successes >= healthyThreshold
        case .unhealthy: failures >= unhealthyThreshold
        }
    }
}
