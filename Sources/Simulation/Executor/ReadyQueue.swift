// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Ports

/// The order in which ready jobs run.
public enum SchedulePolicy: String, Sendable, CaseIterable {
    /// First in, first out.
    case fifo
    /// Any ready job, drawn from the seed.
    case random
    /// Each job gets one of a few priorities, drawn from the seed; first in, first out among equals.
    case priority
}

/// What can run now: jobs of Swift's concurrency and actions of event machines, in one order.
struct ReadyQueue {
    enum Item {
        case job(UnownedJob)
        case action(@Sendable () -> Void)
    }

    private let policy: SchedulePolicy
    private var random: RandomStream
    /// One lane for each priority; only the first is used by the other policies.
    private var lanes: [Deque<Item>]
    private(set) var count = 0

    init(policy: SchedulePolicy, random: RandomStream) {
        self.policy = policy
        self.random = random
        lanes = Array(repeating: [], count: policy == .priority ? 4 : 1)
    }

    mutating func append(_ item: Item) {
        count += 1
        let lane = policy == .priority ? Int(random.next() % UInt64(lanes.count)) : 0
        lanes[lane].append(item)
    }

    mutating func popNext() -> Item? {
        guard count > 0 else { return nil }
        count -= 1
        if policy == .random, lanes[0].count > 1 {
            lanes[0].swapAt(0, Int(random.next() % UInt64(lanes[0].count)))
        }
        for lane in lanes.indices where !lanes[lane].isEmpty {
            return lanes[lane].removeFirst()
        }
        return nil
    }
}
