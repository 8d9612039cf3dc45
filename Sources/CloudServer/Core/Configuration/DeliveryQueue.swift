// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports

/// Configurations on their way to the zones of load balancers: each zone gets them in order, at its own time.
struct DeliveryQueue {
    /// A zone of a load balancer.
    struct Place: Sendable, Hashable {
        let loadBalancer: String
        let zone: String
    }

    /// What a zone gets.
    enum Delivery: Sendable {
        case apply(LoadBalancerConfiguration)
        case remove
    }

    private struct Entry {
        let due: Instant
        var delivery: Delivery
        var cause: TraceID
    }

    private var entries: [Place: [Entry]] = [:]
    /// The version that each zone serves.
    private(set) var servedVersions: [Place: Int64] = [:]
    /// More versions than this don't wait for one zone; a newer one takes the last one's place.
    private static let limit = 16

    /// Sends something to a zone.
    ///
    /// - Parameters:
    ///   - delivery: What it gets.
    ///   - place: Which zone.
    ///   - now: The present time.
    ///   - delay: How long it takes at least; it never overtakes what was sent before.
    ///   - batching: The zone takes things at multiples of this only; zero for any time.
    ///   - cause: The call that it comes from.
    /// - Returns: When to look; nil when a look at the right time is planned already.
    mutating func send(
        _ delivery: Delivery,
        to place: Place,
        now: Instant,
        delay: Duration,
        batching: Duration,
        cause: TraceID
    ) -> Instant? {
        var due = now.advanced(by: delay)
        let step = batching.nanoseconds
        if step > 0 { due = Instant(nanoseconds: (due.nanoseconds + step - 1) / step * step) }
        let waiting = entries[place] ?? []
        if let last = waiting.last {
            due = max(due, last.due)
            // What is overdue has not been looked at yet; the newest thing is all that the look will take.
            if last.due == due || (last.due <= now && due <= now) || waiting.count >= Self.limit {
                entries[place]?[waiting.count - 1].delivery = delivery
                entries[place]?[waiting.count - 1].cause = cause
                return nil
            }
        }
        entries[place, default: []].append(Entry(due: due, delivery: delivery, cause: cause))
        return due
    }

    /// Takes the newest thing that has arrived at a zone; older ones are passed over.
    mutating func take(_ place: Place, now: Instant) -> (delivery: Delivery, cause: TraceID)? {
        guard var waiting = entries[place], let newest = waiting.lastIndex(where: { $0.due <= now }) else {
            return nil
        }
        let entry = waiting[newest]
        waiting.removeFirst(newest + 1)
        entries[place] = waiting.isEmpty ? nil : waiting
        switch entry.delivery {
        case .apply(let configuration): servedVersions[place] = configuration.version
        case .remove: servedVersions[place] = nil
        }
        return (entry.delivery, entry.cause)
    }
}
