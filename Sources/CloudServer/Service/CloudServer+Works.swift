// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports
import Synchronization

extension CloudServer {
    /// Takes up the works and the configurations of an account that was opened again.
    func resumeWorks() {
        let now = host.clock.now
        state.withLock { state in
            let account = state.account
            for work in account.works.values.sorted(by: { $0.serial < $1.serial }) {
                if let due = work.due { arm(work.id, due) }
            }
            for loadBalancer in account.store.all(.loadBalancer)
            where !["Provisioning", "CreateFailed"].contains(loadBalancer.status) {
                let version = loadBalancer.hidden.number("Version") ?? 0
                let configuration = account.configuration(
                    of: loadBalancer,
                    version: version,
                    cause: "Restart"
                )
                for zone in configuration.zones {
                    let place = DeliveryQueue.Place(loadBalancer: loadBalancer.id, zone: zone.zone)
                    let due = state.queue.send(
                        .apply(configuration),
                        to: place,
                        now: now,
                        delay: .zero,
                        batching: .zero,
                        cause: .none
                    )
                    if let due { plan(place, due) }
                }
            }
        }
    }

    /// Plans the end of a work.
    func arm(_ work: String, _ due: Instant) {
        host.clock.schedule(at: due) { [weak self] in self?.end(work) }
    }

    private func end(_ work: String) {
        let now = host.clock.now
        state.withLock { state in
            let account = state.account
            guard let cause = account.works[work]?.cause else { return }
            account.end(work, now: now)
            // A work that could not be written goes on in memory: the next write brings the database up to date.
            if commit(account, []) == nil { send(&state, cause: cause) }
        }
    }

    // MARK: Handing over

    /// Sends the configurations that a step made on their way.
    func send(_ state: inout State, cause: TraceID) {
        let handovers = state.account.handovers
        state.account.handovers = []
        let now = host.clock.now
        for handover in handovers {
            let (zones, delivery): ([String], DeliveryQueue.Delivery)
            switch handover {
            case .apply(let configuration):
                (zones, delivery) = (configuration.zones.map(\.zone), .apply(configuration))
            case .remove(_, let left): (zones, delivery) = (left, .remove)
            }
            for zone in zones {
                let place = DeliveryQueue.Place(loadBalancer: handover.loadBalancer, zone: zone)
                let delay = state.propagation.draw(using: &state.random)
                let due = state.queue.send(
                    delivery,
                    to: place,
                    now: now,
                    delay: delay,
                    batching: state.batching,
                    cause: cause
                )
                if let due { plan(place, due) }
            }
        }
    }

    private func plan(_ place: DeliveryQueue.Place, _ due: Instant) {
        host.clock.schedule(at: due) { [weak self] in self?.deliver(place) }
    }

    private func deliver(_ place: DeliveryQueue.Place) {
        handing.withLock { _ in
            let now = host.clock.now
            guard let arrived = state.withLock({ $0.queue.take(place, now: now) }) else { return }
            switch arrived.delivery {
            case .apply(let configuration): sink.apply(configuration, zone: place.zone, cause: arrived.cause)
            case .remove:
                sink.remove(loadBalancer: place.loadBalancer, zone: place.zone, cause: arrived.cause)
            }
        }
    }
}
