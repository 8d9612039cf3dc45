// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Counts what the controller does, for metrics and health answers.
public final class ControllerGauge: Sendable {
    private struct State {
        var isReady = false
        var isLeading = false
        var crashes = 0
        var passes: [String: Int] = [:]
        var calls: [String: Int] = [:]
        var failures: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// Makes a gauge at zero.
    public init() {}

    /// True once the first lists are in the caches.
    public var isReady: Bool { state.withLock { $0.isReady } }

    func ready() { state.withLock { $0.isReady = true } }

    func lead(_ isLeading: Bool) { state.withLock { $0.isLeading = isLeading } }

    func crashed() {
        state.withLock { state in
            state.crashes += 1
            state.isReady = false
        }
    }

    func pass(_ controller: String, _ outcome: String) {
        state.withLock { $0.passes["controller=\"\(controller)\",result=\"\(outcome)\"", default: 0] += 1 }
    }

    func cloudCall(_ action: String, failed: Bool) {
        state.withLock { state in
            state.calls["action=\"\(action)\"", default: 0] += 1
            if failed { state.failures["action=\"\(action)\"", default: 0] += 1 }
        }
    }

    /// All figures in the text format of Prometheus.
    public var prometheusText: String {
        let state = state.withLock { $0 }
        var lines: [String] = []
        func family(_ name: String, _ help: String, _ type: String, _ values: [String: Int]) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
            for (labels, value) in values.sorted(by: { $0.key < $1.key }) {
                lines.append(labels.isEmpty ? "\(name) \(value)" : "\(name){\(labels)} \(value)")
            }
        }
        family("albedo_controller_passes_total", "Finished passes.", "counter", state.passes)
        family("albedo_controller_cloud_calls_total", "Calls to the cloud.", "counter", state.calls)
        family("albedo_controller_cloud_failures_total", "Failed calls.", "counter", state.failures)
        family("albedo_controller_crashes_total", "Ends by a fault.", "counter", ["": state.crashes])
        family("albedo_controller_ready", "1 when working.", "gauge", ["": state.isReady ? 1 : 0])
        family("albedo_controller_leader", "1 when leading.", "gauge", ["": state.isLeading ? 1 : 0])
        return lines.joined(separator: "\n") + "\n"
    }
}
