// SPDX-License-Identifier: Apache-2.0
import Ports

/// A stage in the life of a pod or of one of its containers.
public enum LifeStage: String, Sendable, Hashable {
    /// Bound to the node; the sandbox is being made.
    case scheduled
    /// The sandbox has its address.
    case sandboxed
    /// The image is on its way.
    case pulling
    /// The image is on the node already.
    case cached
    /// The image could not be had.
    case pullFailed
    /// The container is made.
    case created
    /// The process runs.
    case running
    /// The process ended, and is to be started again.
    case exited
    /// All processes have ended for good.
    case stopped
    /// Nothing is left on the node.
    case gone
}

/// A row of the table of stages.
public struct StageTransition: Sendable, Hashable {
    /// The stage that it leaves.
    public var from: LifeStage
    /// The stage that follows.
    public var to: LifeStage
    /// How long the stage lasts.
    public var delay: Duration
    /// Up to so much longer.
    public var jitter: Duration
    /// How likely this row is among those that leave the same stage.
    public var weight: Int

    /// Makes a row.
    public init(from: LifeStage, to: LifeStage, delay: Duration, jitter: Duration = .zero, weight: Int = 1) {
        self.from = from
        self.to = to
        self.delay = delay
        self.jitter = jitter
        self.weight = weight
    }
}

/// The stages that follow each other by time alone; what the script and the API decide is not in it.
public struct StageTable: Sendable, Hashable {
    /// The rows.
    public var rows: [StageTransition]

    /// Makes a table.
    public init(_ rows: [StageTransition]) {
        self.rows = rows
    }

    /// Times of a small cluster with a registry nearby; assumed.
    public static let standard = StageTable([
        StageTransition(
            from: .scheduled,
            to: .sandboxed,
            delay: .milliseconds(300),
            jitter: .milliseconds(200)
        ),
        StageTransition(from: .pulling, to: .created, delay: .milliseconds(900), jitter: .milliseconds(600)),
        StageTransition(from: .cached, to: .created, delay: .milliseconds(10), jitter: .milliseconds(10)),
        StageTransition(from: .created, to: .running, delay: .milliseconds(120), jitter: .milliseconds(80)),
        StageTransition(from: .exited, to: .running, delay: .milliseconds(800), jitter: .milliseconds(400)),
        StageTransition(from: .stopped, to: .gone, delay: .milliseconds(200), jitter: .milliseconds(100)),
    ])

    /// Draws what follows a stage and after how long; nil where time alone changes nothing.
    func next(after stage: LifeStage, _ random: inout RandomStream) -> (stage: LifeStage, delay: Duration)? {
        let choices = rows.filter { $0.from == stage && $0.weight > 0 }
        guard let first = choices.first else { return nil }
        var row = first
        if choices.count > 1 {
            let total = choices.reduce(0) { $0 + $1.weight }
            var mark = Int(random.next() % UInt64(total))
            for choice in choices {
                row = choice
                mark -= choice.weight
                if mark < 0 { break }
            }
        }
        let extra = row.jitter > .zero ? random.duration(in: .zero...row.jitter) : .zero
        return (row.to, row.delay + extra)
    }
}
