// SPDX-License-Identifier: Apache-2.0
import Ports

/// Judges an expectation about something that is so or not at each instant, as somebody says when it changes.
struct LevelJudge {
    private var state: StateJudge

    init(_ expectation: Expectation, start: Instant, isSo: Bool, detail: String) {
        state = StateJudge(expectation, start: start, isSo: isSo, detail: detail)
    }

    /// Says how it is from an instant on.
    mutating func set(_ isSo: Bool, _ detail: String, at instant: Instant) {
        state.set(isSo, detail, at: instant)
    }

    func verdict(_ timeline: Timeline, end: Instant) -> Verdict? { state.verdict(timeline, end: end) }

    func figure(_ timeline: Timeline, end: Instant) -> (value: Double, text: String)? {
        state.figure(timeline, end: end)
    }
}

/// The health of servers in the eyes of each zone.
struct ServerHealthBoard {
    /// Whose pod has an address.
    private var podByAddress: [String: String] = [:]
    /// The state of each server, by zone.
    private var states: [String: [String: String]] = [:]

    /// Learns the address of a pod.
    mutating func learn(_ stage: PodStage) {
        if !stage.ip.isEmpty { podByAddress[stage.ip] = stage.name }
    }

    mutating func accept(_ change: HealthChange) {
        states[change.zone, default: [:]]["\(change.serverGroup) \(change.server)"] = change.state
    }

    /// True when no zone has said anything: nobody checks the health of servers.
    var isUnchecked: Bool { states.isEmpty }

    /// How many servers are healthy in the zone that sees the fewest.
    func fewest(_ deployment: String?) -> Int {
        states.values.map { servers in
            servers.count { server, state in
                guard state == "Healthy" else { return false }
                guard let deployment else { return true }
                let label = server.split(separator: " ").last.map(String.init) ?? ""
                let address = label.split(separator: ":").first.map(String.init) ?? label
                return podByAddress[address].map { $0 == deployment || $0.hasPrefix(deployment + "-") }
                    ?? false
            }
        }.min() ?? 0
    }
}
