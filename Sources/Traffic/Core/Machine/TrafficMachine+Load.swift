// SPDX-License-Identifier: Apache-2.0
import Ports

/// Requests begin: arrivals of the load, and probes.
extension TrafficMachine {
    /// The load begins; no effect the second time.
    mutating func begin(at now: Instant) {
        guard phase == .fresh else { return }
        phase = .running
        start = now
        if description.stream != nil, let lasting = description.lasting {
            let end = now.advanced(by: description.delay).advanced(by: lasting)
            streamsEnd = end
            act(.wake(.streamsEnd, end))
        }
        arrivalDue(at: now)
    }

    /// Nothing begins any more; what is under way goes on to its end.
    mutating func stop(at now: Instant) {
        guard phase != .stopped else { return }
        phase = .stopped
        if description.stream != nil { hangUpAll(at: now) }
        tellIfDrained(at: now)
    }

    /// An arrival may be due.
    mutating func arrivalDue(at now: Instant) {
        guard phase == .running else { return }
        // A host that hung has several to catch up with: an open loop owes them.
        while let offset = arrivals.next, start.nanoseconds + offset <= now.nanoseconds {
            let arrival = arrivals.count
            arrivals.advance()
            let client = rotation.client(at: arrival)
            if description.selection == .all {
                for request in prepared where request.request.weight > 0 {
                    begin(request, client: client, at: now)
                }
            } else {
                begin(prepared[rotation.request(at: arrival)], client: client, at: now)
            }
        }
        if let offset = arrivals.next {
            act(.wake(.arrival, Instant(nanoseconds: start.nanoseconds + offset)))
        } else {
            phase = .over
            tellIfDrained(at: now)
        }
    }

    /// Somebody wants to know what one request sees; it goes over the first client's connections.
    mutating func probe(_ request: TrafficRequest, number: ProbeNumber, at now: Instant) {
        let ready = prepare(request)
        guard phase != .stopped else {
            let refused = PendingRequest(ready, client: 0, probe: number, at: now)
            return act(.ended(refused.ended(NetworkFailure.stopped.description, at: now), number))
        }
        begin(ready, client: 0, probe: number, at: now)
    }

    /// Nobody waits for a probe any more.
    mutating func cancelProbe(_ number: ProbeNumber, at now: Instant) {
        guard let id = requests.ids.first(where: { requests[$0]?.probe == number }) else { return }
        abandon(id, .network(.stopped), at: now)
    }

    mutating func begin(
        _ prepared: PreparedRequest,
        client: Int,
        probe: ProbeNumber = 0,
        at now: Instant
    ) {
        counts.sent += 1
        let id = requests.insert(PendingRequest(prepared, client: client, probe: probe, at: now))
        let deadline = deadlines.insert(id, after: requestTimeout, now: now)
        requests.update(id) { $0.deadline = deadline }
        if deadlineAlarm == nil {
            setDeadlineAlarm(Instant(nanoseconds: now.nanoseconds + requestTimeout))
        }
        place(id, prepared, client: client, at: now)
    }

    // MARK: Deadlines

    /// A request may have run out of time.
    mutating func deadlineDue(at now: Instant) {
        guard let alarm = deadlineAlarm, alarm <= now else { return }
        deadlineAlarm = nil
        while let id = deadlines.popExpired(now: now) {
            requests.update(id) { $0.deadline = nil }
            abandon(id, .network(.timedOut), at: now)
        }
        if let next = deadlines.earliest { setDeadlineAlarm(next) }
    }

    private mutating func setDeadlineAlarm(_ due: Instant) {
        deadlineAlarm = due
        act(.wake(.deadline, due))
    }
}
