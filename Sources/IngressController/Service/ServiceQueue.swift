// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports
import Synchronization

/// The Services whose servers are to be looked at.
///
/// Upstream each notice is an item of its own, so two workers may look at one Service at once, each with what
/// it found when it began. Without that defect a Service is in the line once and with one worker at a time.
final class ServiceQueue: Sendable {
    typealias Item = NoticeQueue<ObjectKey>.Item

    private struct State {
        var waiting: Set<ObjectKey> = []
        var busy: Set<ObjectKey> = []
        var again: Set<ObjectKey> = []
    }

    private let queue: NoticeQueue<ObjectKey>
    private let coalesces: Bool
    private let state = Mutex(State())

    init(clock: any HostClock, limit: Int?, profile: Profile) {
        queue = NoticeQueue(clock: clock, limit: limit)
        coalesces = !profile.has(.staleEndpointsMayWin)
    }

    func add(_ key: ObjectKey) {
        guard coalesces else { return queue.add(key) }
        let isNew = state.withLock { state in
            if state.busy.contains(key) {
                state.again.insert(key)
                return false
            }
            return state.waiting.insert(key).inserted
        }
        if isNew { queue.add(key) }
    }

    func next() async -> Item? {
        while let item = await queue.next() {
            guard coalesces else { return item }
            let isFree = state.withLock { state in
                state.waiting.remove(item.notice)
                guard state.busy.insert(item.notice).inserted else {
                    state.again.insert(item.notice)
                    return false
                }
                return true
            }
            if isFree { return item }
        }
        return nil
    }

    /// A look is over: it is repeated when it failed, or when something happened meanwhile.
    func finish(_ item: Item, _ outcome: PassResult.Outcome) {
        let isWanted = state.withLock { state in
            state.busy.remove(item.notice)
            return state.again.remove(item.notice) != nil
        }
        switch outcome {
        case .done: break
        case .retry: queue.retry(item)
        case .again(let delay): queue.add(Item(notice: item.notice), after: delay)
        }
        if isWanted { add(item.notice) }
    }

    func close() { queue.close() }
}
