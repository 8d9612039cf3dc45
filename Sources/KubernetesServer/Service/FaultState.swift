// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

/// The faults that are set, with what has been used up of them.
struct FaultState {
    private(set) var faults = KubernetesFaults()
    private(set) var hasAny = false

    mutating func set(_ faults: KubernetesFaults) {
        self.faults = faults
        hasAny =
            !faults.refusals.isEmpty || !faults.delays.isEmpty || !faults.stalls.isEmpty
            || !faults.cuts.isEmpty
            || faults.dropsBookmarks
    }

    /// What a call meets now; a refusal counts as used.
    mutating func meet(
        _ subject: FaultSubject,
        now: Instant
    ) -> (delay: Duration?, refusal: KubernetesStatus?) {
        let delay = faults.delays.first { $0.match.meets(subject) && $0.until.map { now < $0 } ?? true }?
            .delay
        let place = faults.refusals.firstIndex { refusal in
            refusal.match.meets(subject) && (refusal.until.map { now < $0 } ?? true) && refusal.times != 0
        }
        guard let place else { return (delay, nil) }
        if let times = faults.refusals[place].times { faults.refusals[place].times = times - 1 }
        return (delay, faults.refusals[place].status)
    }

    func isStalled(_ subject: FaultSubject, now: Instant) -> Bool {
        faults.stalls.contains { $0.match.meets(subject) && $0.until.map { now < $0 } ?? true }
    }

    func eventsLeft(_ subject: FaultSubject, now: Instant) -> Int? {
        faults.cuts.first { $0.match.meets(subject) && $0.until.map { now < $0 } ?? true }?.events
    }
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
