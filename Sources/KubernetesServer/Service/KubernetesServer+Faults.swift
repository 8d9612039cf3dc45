// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports
import Synchronization

/// What a test sets to go wrong.
extension KubernetesServer {
    /// Replaces the faults that are in force.
    public func setFaults(_ faults: KubernetesFaults) {
        _ = settle()
        let now = host.clock.now
        faultState.withLock { $0.set(faults) }
        registry.withLock { registry in
            registry.hub.meddle = meddler(faults)
            for watch in registry.hub.all {
                let isStalled = faultState.withLock { $0.isSilent(watch, now: now) }
                if isStalled, watch.held == nil { watch.held = [] }
                if !isStalled { registry.resume(watch) }
                let cut = faults.cuts.first {
                    $0.match.meetsWatch(watch) && $0.until.map { now < $0 } ?? true
                }
                watch.eventsLeft = cut?.events
                if cut?.events == 0 { registry.close(watch.number) }
            }
            registry.armBookmarks()
        }
        for until in (faults.stalls.compactMap(\.until) + faults.stales.compactMap(\.until)) where until > now
        {
            host.clock.schedule(at: until) { [weak self] in self?.endStalls() }
        }
    }

    /// The faults that are in force, with what is left of them.
    public var faults: KubernetesFaults { faultState.withLock { $0.faults } }

    private func endStalls() {
        let now = host.clock.now
        registry.withLock { registry in
            for watch in registry.hub.all where watch.held != nil {
                if !faultState.withLock({ $0.isSilent(watch, now: now) }) { registry.resume(watch) }
            }
        }
    }

    /// What meddles with events while such a fault is set; nil without one.
    private func meddler(_ faults: KubernetesFaults) -> ((Watch, [UInt8]) -> EventFate)? {
        guard !faults.meddlings.isEmpty else { return nil }
        return { [weak self] watch, line in
            guard let self else { return .pass }
            let now = host.clock.now
            var fate = faultState.withLock { $0.fate(of: watch, now: now) }
            // What is behind a late line waits for it.
            if fate == .pass, let due = watch.lastDue, due > now {
                fate = .later(now.duration(to: due), isInOrder: true)
            }
            guard case .later(let delay, let isInOrder) = fate else { return fate }
            var due = now.advanced(by: delay)
            if isInOrder {
                due = max(due, watch.lastDue ?? due)
                watch.lastDue = due
            }
            let number = watch.number
            host.clock.schedule(at: due) { [weak self] in self?.sendLate(line, to: number) }
            return fate
        }
    }

    private func sendLate(_ line: [UInt8], to number: UInt64) {
        registry.withLock { registry in
            guard let watch = registry.hub.watches[number] else { return }
            registry.hub.send(line, to: watch)
        }
    }

    /// Ends the present watches that a match meets, as a connection that is closed does.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func cutWatches(_ match: KubernetesFaults.Match = KubernetesFaults.Match()) -> Int {
        _ = settle()
        return registry.withLock { registry in
            let met = registry.hub.all.filter(match.meetsWatch)
            for watch in met { registry.close(watch.number) }
            return met.count
        }
    }

    /// Forgets all history: from now on a list or watch from an older resourceVersion is told that it is gone.
    ///
    /// - Parameter match: Present watches that are ended at once with an ERROR event of status 410.
    /// - Throws: `KubernetesStatus` when the store refuses.
    public func compactHistory(failing match: KubernetesFaults.Match? = nil) throws {
        try registry.withLock { registry in
            try registry.compact(upTo: registry.revision)
            guard let match else { return }
            for watch in registry.hub.all where match.meetsWatch(watch) {
                let message = "too old resource version: \(watch.seen) (\(registry.revision))"
                registry.fail(watch, Refusal.expired(message))
            }
        }
    }

    // MARK: Meeting them

    /// Lets a call meet the faults; gives the refusal that it is answered with although it has its effect.
    func meetFaults(
        _ path: ResourcePath,
        verb: String,
        client: String
    ) async throws(KubernetesStatus) -> KubernetesStatus? {
        guard faultState.withLock({ $0.hasAny }) else { return nil }
        let subject = subject(path, verb: verb, client: client)
        let meeting = faultState.withLock { $0.meet(subject, now: host.clock.now) }
        if let delay = meeting.delay {
            // A cancelled sleep means that the server stops; the answer reaches nobody.
            try? await host.clock.sleep(for: delay)
        }
        if let refusal = meeting.refusal, !meeting.isAfterEffect { throw refusal }
        return meeting.refusal
    }

    func subject(_ path: ResourcePath, verb: String, client: String) -> FaultSubject {
        FaultSubject(
            verb: verb,
            type: ResourceType(
                group: path.group,
                version: path.version,
                plural: path.plural,
                singular: "",
                kind: "",
                isNamespaced: true
            ),
            plural: path.plural,
            subresource: path.subresource,
            namespace: path.namespace,
            name: path.name,
            client: client
        )
    }
}
