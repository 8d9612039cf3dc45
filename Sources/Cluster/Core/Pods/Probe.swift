// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// A readiness, liveness or startup probe of a container.
struct Probe: Sendable, Hashable {
    /// What a probe is for.
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case startup, readiness, liveness
    }

    /// What a probe does.
    enum Check: Sendable, Hashable {
        /// A GET of a path.
        case http(path: String)
        /// A connection.
        case tcp
        /// A command: it succeeds as long as the process runs.
        case command
    }

    let kind: Kind
    let check: Check
    /// What messages call it: `HTTP probe`.
    var name: String {
        switch check {
        case .http: "HTTP probe"
        case .tcp: "TCP probe"
        case .command: "exec probe"
        }
    }
    let initialDelay: Duration
    let period: Duration
    let timeout: Duration
    let failures: Int
    let successes: Int

    /// Reads a probe; nil without one.
    init?(_ json: JSONValue?, kind: Kind) {
        guard let json, json.objectValue != nil else { return nil }
        self.kind = kind
        if let http = json["httpGet"] {
            let path = http["path"]?.stringValue ?? "/"
            check = .http(path: String(path.prefix { $0 != "?" }))
        } else if json["tcpSocket"] != nil || json["grpc"] != nil {
            check = .tcp
        } else {
            check = .command
        }
        func seconds(_ key: String, _ standard: Int, atLeast minimum: Int) -> Int {
            max(json[key]?.intValue ?? standard, minimum)
        }
        initialDelay = .seconds(seconds("initialDelaySeconds", 0, atLeast: 0))
        period = .seconds(seconds("periodSeconds", 10, atLeast: 1))
        timeout = .seconds(seconds("timeoutSeconds", 1, atLeast: 1))
        failures = seconds("failureThreshold", 3, atLeast: 1)
        successes = seconds("successThreshold", 1, atLeast: 1)
    }

    /// What the probe finds at a process.
    func outcome(_ script: PodScript, isListening: Bool) -> Bool {
        if case .command = check { return kind == .readiness ? script.isReady : script.isLive }
        guard isListening else { return false }
        switch check {
        case .command: return true
        case .tcp: return kind == .readiness ? script.isReady : script.isLive
        case .http(let path):
            let answer = script.answer(for: path)
            return !script.hangs && (kind == .readiness ? script.isReady : script.isLive)
                && (200..<400).contains(answer.status) && answer.latency.lowerBound <= timeout
        }
    }
}

/// The runs of one probe, without running it.
///
/// Between changes of what it finds, the verdict at any time and the instant of the next change are
/// arithmetic. So single failed runs are not told as events, only a verdict that changed: a declared
/// difference.
struct ProbeRuns: Sendable, Hashable {
    let probe: Probe
    /// The verdict: nil until there is a first one.
    private(set) var verdict: Bool?
    /// When the next run is.
    private var next: Instant
    /// The outcome of the last runs in a row, and how many there were.
    private var last: Bool?
    private var inARow = 0

    /// Begins to run a probe.
    init(_ probe: Probe, from start: Instant) {
        self.probe = probe
        next = start.advanced(by: probe.initialDelay)
    }

    /// Takes all runs up to a time in, `outcome` being what they found; true when the verdict changed.
    mutating func advance(to now: Instant, outcome: Bool) -> Bool {
        guard next <= now else { return false }
        let period = probe.period.nanoseconds
        let count = (now.nanoseconds - next.nanoseconds) / period + 1
        next = Instant(nanoseconds: next.nanoseconds + count * period)
        inARow = (last == outcome ? inARow : 0) + Int(clamping: count)
        last = outcome
        guard verdict != outcome, inARow >= threshold(outcome) else { return false }
        verdict = outcome
        return true
    }

    /// When the verdict changes if runs find `outcome` from now on; nil when it does not.
    func nextChange(outcome: Bool) -> Instant? {
        guard verdict != outcome else { return nil }
        let missing = threshold(outcome) - (last == outcome ? inARow : 0)
        return next.advanced(by: .nanoseconds(Int64(max(missing - 1, 0)) * probe.period.nanoseconds))
    }

    private func threshold(_ outcome: Bool) -> Int { outcome ? probe.successes : probe.failures }
}
