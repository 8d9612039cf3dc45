// SPDX-License-Identifier: Apache-2.0
import Ports

/// How long something takes.
public enum DelayDistribution: Sendable, Hashable {
    /// Always the same.
    case fixed(Duration)
    /// Anything between two bounds, all alike.
    case uniform(ClosedRange<Duration>)
    /// Between two bounds, those in the middle more often.
    case triangular(ClosedRange<Duration>)

    func draw(using random: inout RandomStream) -> Duration {
        switch self {
        case .fixed(let delay): delay
        case .uniform(let range): random.duration(in: range)
        case .triangular(let range):
            .nanoseconds(
                (random.duration(in: range).nanoseconds + random.duration(in: range).nanoseconds) / 2
            )
        }
    }
}

/// When a transition ends.
public enum TransitionMode: Sendable, Hashable {
    /// Before the call that begins it is answered.
    case immediate
    /// After a time drawn from a distribution.
    case after(DelayDistribution)
    /// When so many calls have looked at the resource or its job.
    case afterReads(Int)
}

/// How long the transitions of an account take.
public struct TransitionTimes: Sendable, Hashable {
    /// For all transitions that have no entry of their own.
    public var usual: TransitionMode
    /// By `<kind>.<operation>` or `<kind>`: `loadbalancer.create`, `rule`.
    ///
    /// Kinds are `loadbalancer`,
    /// `listener`, `rule`, `servergroup`, `server`, `acl`, `aclentry`, `aclrelation`,
    /// `listenercertificate`, `securitypolicy`, `ascript`.
    public var exceptions: [String: TransitionMode]

    /// Makes a table of times.
    public init(usual: TransitionMode, exceptions: [String: TransitionMode] = [:]) {
        self.usual = usual
        self.exceptions = exceptions
    }

    func mode(_ kind: ResourceKind, _ operation: StageOperation) -> TransitionMode {
        exceptions["\(kind.rawValue).\(operation.rawValue)"] ?? exceptions[kind.rawValue] ?? usual
    }

    /// Everything is done when it is answered.
    public static let immediate = TransitionTimes(usual: .immediate)

    /// A few hundredths of a second: for suites that wait by polling.
    public static let quick = TransitionTimes(
        usual: .after(.uniform(.milliseconds(20)...(.milliseconds(60)))),
        exceptions: ["loadbalancer.create": .after(.uniform(.milliseconds(80)...(.milliseconds(200))))]
    )

    /// As long as the real service takes.
    ///
    /// - Source: what clients allow for; assumed.
    public static let typical = TransitionTimes(
        usual: .after(.triangular(.milliseconds(800)...(.seconds(3)))),
        exceptions: [
            "loadbalancer.create": .after(.triangular(.seconds(10)...(.seconds(40)))),
            "loadbalancer.change": .after(.triangular(.seconds(2)...(.seconds(8)))),
            "loadbalancer.delete": .after(.triangular(.seconds(5)...(.seconds(30)))),
            "listener": .after(.triangular(.seconds(1)...(.seconds(6)))),
            "rule": .after(.triangular(.milliseconds(700)...(.seconds(3)))),
            "servergroup": .after(.triangular(.milliseconds(700)...(.milliseconds(2500)))),
            "server": .after(.triangular(.milliseconds(700)...(.seconds(4)))),
            "listenercertificate": .after(.triangular(.milliseconds(800)...(.seconds(4)))),
        ]
    )
}
