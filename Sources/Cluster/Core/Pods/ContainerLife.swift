// SPDX-License-Identifier: Apache-2.0
import Ports

/// One container of a pod on its node: its state as the API tells it, and what is due next.
struct ContainerLife: Sendable {
    /// How a process ended.
    struct Exit: Sendable, Hashable {
        var code: Int
        var reason: String
        var startedAt: Instant
        var finishedAt: Instant
    }

    /// The state that the API tells.
    enum State: Sendable, Hashable {
        case waiting(reason: String, message: String?)
        case running(since: Instant)
        case terminated(Exit)
    }

    /// A process that is being ended.
    struct Stop: Sendable, Hashable {
        /// When the hook before SIGTERM is over; nil once SIGTERM was sent.
        var hookEnds: Instant?
        /// When what is open has to be finished; nil for no such limit.
        var drainEnds: Instant?
        /// When SIGKILL comes.
        var killAt: Instant
    }

    /// Restarts wait so long at first, and never longer than the second; a long run makes it forget.
    ///
    /// - Source: the kubelet's restart back-off; documented.
    static let backoff = (
        first: Duration.seconds(10), last: Duration.seconds(300), forgottenAfter: Duration.seconds(600)
    )

    let plan: ContainerPlan
    var script: PodScript
    var state = State.waiting(reason: "ContainerCreating", message: nil)
    var last: Exit?
    var restarts = 0
    /// Where it is in the table of stages.
    var stage = LifeStage.scheduled
    /// The next stage by time.
    var next: (stage: LifeStage, at: Instant)?
    var isListening = false
    var listensAt: Instant?
    /// When it becomes ready without a probe.
    var readyAt: Instant?
    var crashesAt: Instant?
    var runs: [ProbeRuns] = []
    var isReady = false
    var isStarted = false
    var stop: Stop?
    /// How long the next restart waits; zero for not at all.
    var delay = Duration.zero

    init(_ plan: ContainerPlan, script: PodScript) {
        self.plan = plan
        self.script = script
    }

    var isRunning: Bool {
        if case .running = state { true } else { false }
    }

    var startedAt: Instant? {
        if case .running(let since) = state { since } else { nil }
    }

    /// The earliest instant at which something changes by time; nil when nothing does.
    var due: Instant? {
        var times = [next?.at, listensAt, readyAt, crashesAt, stop?.hookEnds, stop?.drainEnds, stop?.killAt]
        times += activeRuns.map { $0.nextChange(outcome: outcome(of: $0.probe)) }
        return times.compactMap { $0 }.min()
    }

    /// The probes that run now: only the startup probe until it succeeds; no liveness once it is to end.
    private var activeRuns: [ProbeRuns] {
        runs.filter { isActive($0.probe.kind) }
    }

    private func isActive(_ kind: Probe.Kind) -> Bool {
        guard isRunning else { return false }
        switch kind {
        case .startup: return !isStarted
        case .liveness: return isStarted && stop == nil
        case .readiness: return isStarted
        }
    }

    func outcome(of probe: Probe) -> Bool {
        probe.outcome(script, isListening: isListening)
    }

    /// Takes the probe runs up to now in; gives the probes whose verdict changed.
    mutating func advanceProbes(to now: Instant) -> [(kind: Probe.Kind, isGood: Bool, probe: Probe)] {
        var changes: [(kind: Probe.Kind, isGood: Bool, probe: Probe)] = []
        for place in runs.indices where isActive(runs[place].probe.kind) {
            let probe = runs[place].probe
            if runs[place].advance(to: now, outcome: outcome(of: probe)) {
                changes.append((probe.kind, runs[place].verdict ?? false, probe))
            }
        }
        return changes
    }

    /// The process runs from now on.
    mutating func start(at now: Instant, _ random: inout RandomStream) {
        if case .terminated(let exit) = state { last = exit }
        state = .running(since: now)
        stage = .running
        next = nil
        listensAt = now.advanced(by: Self.draw(script.startup, &random))
        crashesAt = script.crashAfter.map { now.advanced(by: $0) }
        if let probe = plan.probe(.startup) {
            runs = [ProbeRuns(probe, from: now)]
            isStarted = false
        } else {
            begin(at: now)
        }
    }

    /// The startup probe succeeded, or there is none: the other probes begin.
    mutating func begin(at now: Instant) {
        isStarted = true
        let since = startedAt ?? now
        runs = plan.probes.filter { $0.kind != .startup }.map { probe in
            // The initial delay counts from the start of the process.
            let passed = since.duration(to: now)
            return ProbeRuns(probe, from: now.advanced(by: .zero - min(passed, probe.initialDelay)))
        }
        guard plan.probe(.readiness) == nil else { return }
        if let after = script.readyAfter {
            readyAt = (listensAt ?? now).advanced(by: after)
        } else {
            isReady = true
        }
    }

    /// The process has ended.
    mutating func end(code: Int, reason: String, at now: Instant) {
        let exit = Exit(code: code, reason: reason, startedAt: startedAt ?? now, finishedAt: now)
        if exit.startedAt.duration(to: now) > Self.backoff.forgottenAfter { delay = .zero }
        state = .terminated(exit)
        (isListening, isReady, isStarted) = (false, false, false)
        (listensAt, readyAt, crashesAt, stop) = (nil, nil, nil, nil)
        runs = []
        next = nil
        stage = .stopped
    }

    static func draw(_ range: ClosedRange<Duration>, _ random: inout RandomStream) -> Duration {
        range.lowerBound == range.upperBound ? range.lowerBound : random.duration(in: range)
    }
}
