// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// Health checks: each server by a connection of its own, in a fixed rhythm.
///
/// With `whileUnchanged` a check whose result would change nothing is not run again until somebody says that
/// the server may have changed. The rhythm stays: the next check is on the beat that it would have had. So the
/// verdicts come at the same instants as with all checks, as long as every change is told; only a change that
/// falls into the flight of a check that was left out is seen one interval later.
extension NodeMachine {
    /// Starts, changes and stops checks after a group was configured.
    mutating func applyChecks(to group: ServedGroup) {
        let configuration = group.configuration
        for (backend, server) in zip(group.list.backends, configuration.servers) {
            guard let wanted = configuration.healthCheck else {
                stopCheck(of: backend, group: group, state: nil)
                backend.health = nil
                backend.isTrusted = true
                continue
            }
            guard server.weight > 0 else {
                stopCheck(of: backend, group: group, state: nil)
                continue
            }
            let probe = HealthProbe(wanted, server: server.address)
            if backend.health == nil {
                backend.health = HealthMachine(
                    state: backend.isTrusted ? .healthy : .initial,
                    healthyThreshold: wanted.healthyThreshold,
                    unhealthyThreshold: wanted.unhealthyThreshold
                )
                tellHealth(of: backend, group: group)
            } else {
                backend.health?.setThresholds(
                    healthy: wanted.healthyThreshold,
                    unhealthy: wanted.unhealthyThreshold
                )
            }
            if let id = backend.check, let check = checks[id] {
                if check.probe.isDifferent(from: probe) {
                    check.probe = probe
                    checkSoon(backend)
                }
            } else {
                startCheck(of: backend, group: group, probe: probe)
            }
        }
        group.list.healthChanged()
    }

    private func tellHealth(of backend: Backend, group: ServedGroup) {
        guard let health = backend.health else { return }
        host.trace.record(
            .health(
                HealthChange(
                    serverGroup: group.id,
                    server: backend.label,
                    zone: zone,
                    state: health.state.rawValue,
                    reason: health.state == .unhealthy ? health.reason?.rawValue ?? "" : ""
                )
            )
        )
    }

    private mutating func startCheck(of backend: Backend, group: ServedGroup, probe: HealthProbe) {
        let id = checks.insert(Check(backend: backend, group: group, probe: probe, start: now))
        backend.check = id
        checksByAddress[probe.address.ip, default: []].append(id)
        checkDue(id)
    }

    /// Stops a server's check; with a state the trace is told.
    mutating func stopCheck(of backend: Backend, group: ServedGroup, state: String?) {
        guard let id = backend.check, let check = checks.remove(id) else { return }
        backend.check = nil
        if let timer = check.timer { host.clock.cancel(timer) }
        if let deadline = check.deadline { deadlines.remove(deadline) }
        check.connection?.abort()
        let ip = check.probe.address.ip
        checksByAddress[ip]?.removeAll { $0 == id }
        if checksByAddress[ip]?.isEmpty == true { checksByAddress[ip] = nil }
        guard let state else { return }
        host.trace.record(
            .health(
                HealthChange(
                    serverGroup: group.id,
                    server: backend.label,
                    zone: zone,
                    state: state,
                    reason: ""
                )
            )
        )
    }

    // MARK: When

    /// Servers at this address may behave differently from now on.
    mutating func mayHaveChanged(ip: String) {
        for id in checksByAddress[ip] ?? [] {
            if let check = checks[id] { resume(check, id) }
        }
    }

    /// All servers may behave differently from now on: the network has changed.
    mutating func everythingMayHaveChanged() {
        for id in checks.ids {
            if let check = checks[id] { resume(check, id) }
        }
    }

    /// A request to a server failed: its next check is not left out.
    mutating func checkSoon(_ backend: Backend) {
        guard let id = backend.check, let check = checks[id] else { return }
        resume(check, id)
    }

    private func resume(_ check: Check, _ id: SlotID) {
        check.mustRunAgain = check.isRunning
        guard check.timer == nil, !check.isRunning else { return }
        plan(check, id, from: now)
    }

    private func plan(_ check: Check, _ id: SlotID, from now: Instant) {
        guard let node else { return }
        let beat = check.probe.nextBeat(after: now, from: check.start)
        check.timer = host.clock.schedule(at: beat) { node.feed { $0.checkDue(id) } }
    }

    mutating func checkDue(_ id: SlotID) {
        guard let check = checks[id], let node else { return }
        check.timer = nil
        check.run += 1
        check.isRunning = true
        check.deadline = setDeadline(.check(id), after: check.probe.timeout.nanoseconds)
        host.network.connect(
            to: check.probe.address,
            options: check.probe.options,
            handler: CheckHandler(node: node, check: id, run: check.run)
        )
    }

    // MARK: What comes back

    mutating func checkOpened(_ id: SlotID, run: Int, _ connection: any Connection) {
        guard let check = running(id, run) else { return connection.close() }
        check.connection = connection
        guard let request = check.probe.request else { return finish(check, id, nil) }
        connection.send(Frame(head: .request(request), body: check.probe.body), exchange: 1)
    }

    mutating func checkFailed(_ id: SlotID, run: Int, _ failure: NetworkFailure) {
        guard let check = running(id, run) else { return }
        finish(check, id, failure == .timedOut ? .connectTimeout : .connectFailed)
    }

    mutating func checkLost(_ id: SlotID, run: Int) {
        guard let check = running(id, run) else { return }
        check.connection = nil
        finish(check, id, .receiveFailed)
    }

    mutating func checkAnswered(_ id: SlotID, run: Int, _ frame: Frame) {
        guard let check = running(id, run) else { return }
        if case .response(let response) = frame.head {
            if !check.probe.needsTrailers { return finish(check, id, check.probe.verdict(on: response)) }
            if response.status.code != 200 { return finish(check, id, .mismatch) }
            if frame.isLast {
                let fields = frame.trailers ?? response.headerFields
                return finish(check, id, check.probe.verdict(onTrailers: fields))
            }
        } else if frame.isLast, check.probe.needsTrailers {
            finish(check, id, check.probe.verdict(onTrailers: frame.trailers ?? [:]))
        }
    }

    mutating func checkExpired(_ id: SlotID) {
        guard let check = checks[id] else { return }
        check.deadline = nil
        finish(check, id, check.connection == nil ? .connectTimeout : .receiveTimeout)
    }

    private func running(_ id: SlotID, _ run: Int) -> Check? {
        guard let check = checks[id], check.isRunning, check.run == run else { return nil }
        return check
    }

    /// A check has its result.
    private mutating func finish(_ check: Check, _ id: SlotID, _ failure: HealthReason?) {
        check.isRunning = false
        if let deadline = check.deadline { deadlines.remove(deadline) }
        check.deadline = nil
        if failure == nil { check.connection?.close() } else { check.connection?.abort() }
        check.connection = nil
        let backend = check.backend
        if backend.health?.record(failure) == true {
            check.group.list.healthChanged()
            if backend.isUp { check.group.list.startSlowly(backend, now: now) }
            tellHealth(of: backend, group: check.group)
            if !backend.isUp { drain(backend, of: check.group) }
        }
        let isElided =
            settings.healthCheckElision == .whileUnchanged && backend.health?.isSteady == true
            && !check.mustRunAgain
        check.mustRunAgain = false
        if !isElided { plan(check, id, from: now.advanced(by: .nanoseconds(1))) }
    }
}
