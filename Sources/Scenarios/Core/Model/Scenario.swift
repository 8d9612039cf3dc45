// SPDX-License-Identifier: Apache-2.0
public import Ports

/// What happens and what must be seen, as a file says it: everything that it names has been read and checked.
public struct Scenario: Sendable {
    /// Which controller is imitated.
    public enum Profile: String, Sendable, Hashable, CaseIterable {
        /// The documented product.
        case managed
        /// The open-source controller with its defects.
        case oss
    }

    /// What it is about, in a few words.
    public var name: String
    /// What it shows, at length; empty when nothing is said.
    public var summary: String
    /// The file that it was read from.
    public var file: String
    /// Which controller is imitated.
    public var profile: Profile
    /// What the profile's defects are changed by.
    public var defects: DefectChange
    /// The rows of the catalogue that it tells.
    public var catalogue: [String]
    /// The seed of everything random.
    public var seed: UInt64
    /// The date and time at which it begins; nil for the usual one.
    public var start: Instant?
    /// How long it runs; nil to run until everything that is asked for is over.
    public var duration: Duration?
    /// The cluster as it is in the beginning.
    public var cluster: ClusterSpec
    /// The cloud's account and its pace.
    public var cloud: CloudSpec
    /// The network between the hosts.
    public var network: NetworkSpec
    /// What sends requests, in the order of the file.
    public var traffic: [TrafficSpec]
    /// What happens, in order.
    public var steps: [Step]
    /// What must be seen, in the order of the file; those of probes follow at the end.
    public var expectations: [Expectation]
    /// How many controllers there are.
    public var controllers = ControllerCount()
    /// All runs of the file, this one among them, when there are more than one; empty otherwise.
    public var parts: [ScenarioPart] = []
}

extension Scenario {
    /// The probes among the steps.
    public var probes: [ProbeSpec] {
        steps.compactMap { if case .probe(let probe) = $0.action { probe } else { nil } }
    }

    /// True when something in the cloud is counted.
    var asksForCensus: Bool {
        expectations.flatMap(\.subjects).contains { if case .cloud = $0 { true } else { false } }
    }

    /// True when an expectation is a query, so that a run file is needed.
    public var hasQueries: Bool {
        expectations.contains { if case .query = $0.claim { true } else { false } }
    }

    /// A time by which everything with a fixed time is over: steps, traffic, windows and bounds; what follows a
    /// step is counted from that step's earliest beginning.
    public var settledTime: Duration {
        var begins: [Duration] = []  // by step
        var free = Duration.zero
        for step in steps {
            let wanted: Duration =
                switch step.time {
                case .at(let time): time
                case .after(let earlier, let delay):
                    (begins.indices.contains(earlier - 1) ? begins[earlier - 1] : .zero) + delay
                case .next: .zero
                }
            begins.append(max(free, wanted))
            free = max(free, wanted) + step.action.duration
        }
        func instant(_ moment: Moment?) -> Duration {
            switch moment {
            case .time(let time)?: time
            case .step(let step, let delay)?:
                (begins.indices.contains(step - 1) ? begins[step - 1] : .zero) + delay
            case nil: .zero
            }
        }
        let windows = expectations.map { expectation -> Duration in
            let window = expectation.window
            let bound = expectation.claim.bound ?? .zero
            let hold: Duration =
                if case .lasting(let duration)? = expectation.hold { duration } else { .zero }
            return max(instant(window.after) + bound + hold, instant(window.before))
        }
        let ends = [free] + traffic.map { max($0.from, $0.until ?? .zero) } + windows
        return ends.max() ?? .zero
    }
}

/// How many controllers work, and how they share the work.
public struct ControllerCount: Sendable, Hashable {
    /// How many.
    public var replicas = 1
    /// False when each of them works as if it were alone.
    public var electsLeader = true

    /// One controller.
    public init() {}
}

extension Expectation {
    /// Everything that it is about.
    var subjects: [Subject] {
        if case .order(let subjects) = claim { return subjects }
        return subject.map { [$0] } ?? []
    }
}
