// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

/// The faults that are set, with what has been used up of them.
struct FaultState {
    private(set) var faults = KubernetesFaults()
    private(set) var hasAny = false
    private var random: RandomStream

    init(random: RandomStream) {
        self.random = random
    }

    mutating func set(_ faults: KubernetesFaults) {
        self.faults = faults
        hasAny =
            !faults.refusals.isEmpty || !faults.delays.isEmpty || !faults.stalls.isEmpty
            || !faults.cuts.isEmpty || !faults.meddlings.isEmpty || !faults.stales.isEmpty
            || faults.dropsBookmarks
    }

    /// What a call meets now; a refusal counts as used.
    mutating func meet(_ subject: FaultSubject, now: Instant) -> Meeting {
        var meeting = Meeting()
        let slow = faults.delays.firstIndex { delay in
            delay.match.meets(subject) && (delay.until.map { now < $0 } ?? true) && delay.times != 0
        }
        if let slow, happens(faults.delays[slow].chance) {
            faults.delays[slow].times = faults.delays[slow].times.map { $0 - 1 }
            let jitter = faults.delays[slow].jitter
            meeting.delay =
                faults.delays[slow].delay + (jitter > .zero ? random.duration(in: .zero...jitter) : .zero)
        }
        for place in faults.refusals.indices {
            let refusal = faults.refusals[place]
            guard refusal.match.meets(subject), refusal.until.map({ now < $0 }) ?? true, refusal.times != 0,
                refusal.condition?() ?? true, happens(refusal.chance)
            else { continue }
            faults.refusals[place].times = refusal.times.map { $0 - 1 }
            meeting.refusal = refusal.status
            meeting.isAfterEffect = refusal.isAfterEffect
            break
        }
        return meeting
    }

    private mutating func happens(_ chance: Double) -> Bool { chance >= 1 || random.chance(chance) }

    /// What happens to the next event of a watch.
    mutating func fate(of watch: Watch, now: Instant) -> EventFate {
        for place in faults.meddlings.indices {
            let meddling = faults.meddlings[place]
            guard meddling.match.meetsWatch(watch), meddling.until.map({ now < $0 }) ?? true,
                meddling.times != 0, happens(meddling.chance)
            else { continue }
            faults.meddlings[place].times = meddling.times.map { $0 - 1 }
            switch meddling.effect {
            case .drop: return .drop
            case .duplicate: return .twice
            case .delay(let range): return .later(random.duration(in: range), isInOrder: true)
            case .reorder(let range): return .later(random.duration(in: range), isInOrder: false)
            }
        }
        return .pass
    }

    /// The old revision that a reader is shown; nil for the present.
    func staleRevision(_ subject: FaultSubject, now: Instant) -> Int64? {
        faults.stales.first { stale in
            var match = stale.match
            match.verbs = nil
            return match.meets(subject) && (stale.until.map { now < $0 } ?? true)
        }?.revision
    }

    /// True for a watch that hears nothing: it is stalled, or its server is behind.
    func isSilent(_ watch: Watch, now: Instant) -> Bool {
        faults.stalls.contains { $0.match.meetsWatch(watch) && $0.until.map { now < $0 } ?? true }
            || faults.stales.contains { $0.match.meetsWatch(watch) && $0.until.map { now < $0 } ?? true }
    }

    func isStalled(_ subject: FaultSubject, now: Instant) -> Bool {
        faults.stalls.contains { $0.match.meets(subject) && $0.until.map { now < $0 } ?? true }
            || staleRevision(subject, now: now) != nil
    }

    func eventsLeft(_ subject: FaultSubject, now: Instant) -> Int? {
        faults.cuts.first { $0.match.meets(subject) && $0.until.map { now < $0 } ?? true }?.events
    }
}

/// What a call meets of the faults.
struct Meeting {
    var delay: Duration?
    var refusal: KubernetesStatus?
    /// True when the call is carried out and refused then.
    var isAfterEffect = false
}

/// What becomes of an event on its way to a watch.
enum EventFate: Equatable {
    case pass
    case drop
    case twice
    case later(Duration, isInOrder: Bool)
}

/// What of a call the faults look at.
struct FaultSubject {
    var verb: String
    var type: ResourceType?
    var plural: String
    var subresource: String?
    var namespace: String?
    var name: String?
    var client: String
}

extension KubernetesFaults.Match {
    func meets(_ subject: FaultSubject) -> Bool {
        if let verbs, !verbs.contains(subject.verb) { return false }
        if let resource, resource != subject.plural, resource != subject.type?.qualifiedName { return false }
        if let subresource, subresource != subject.subresource { return false }
        if let namespace, let other = subject.namespace, other != namespace { return false }
        if let name, name != subject.name { return false }
        if let client, client != subject.client { return false }
        return true
    }

    /// True for a watch, whatever it was opened with.
    func meetsWatch(_ watch: Watch) -> Bool {
        var open = self
        open.verbs = nil
        open.name = nil
        open.subresource = nil
        return open.meets(
            FaultSubject(
                verb: "watch",
                type: watch.resource.type,
                plural: watch.resource.type.plural,
                namespace: watch.selection.namespace,
                client: watch.client
            )
        )
    }
}
