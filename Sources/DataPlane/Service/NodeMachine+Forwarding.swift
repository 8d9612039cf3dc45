// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// From the forward action to a server that takes the request.
extension NodeMachine {
    mutating func forward(_ arrival: Arrival, _ choice: RequestReading.Choice, _ targets: ForwardTargets) {
        let reading = arrival.reading
        guard let (groupID, groupSession) = chooseGroup(targets, reading.facts) else {
            return answer(arrival, .noGroup, rule: choice.label)
        }
        guard let group = reading.version.group(groupID, place: choice.place) else {
            return answer(arrival, .noServers, rule: choice.label, group: groupID)
        }
        let hash = NodeMachine.hash(group.list, reading.facts)
        let (bound, first) = sessionServer(group, reading.facts)
        guard let backend = bound ?? group.list.choose(hash: hash, now: now) else {
            return answer(arrival, .noServers, rule: choice.label, group: groupID)
        }
        let exchange = Exchange(
            arrival,
            group: group,
            hash: hash,
            backend: backend,
            machine: ExchangeMachine(
                isIdempotent: reading.isIdempotent,
                isRequestWhole: arrival.isWhole || arrival.wantsUpgrade,
                maximumTries: settings.maximumTries
            ),
            first: Frame(
                head: reading.forwarded(to: group, for: arrival.client),
                body: arrival.body,
                trailers: arrival.trailers,
                isLast: arrival.isWhole
            ),
            began: now
        )
        if groupSession != nil || group.configuration.stickiness != nil {
            exchange.withExtras.session = SessionBinding(
                serverFirst: first,
                stickiness: group.configuration.stickiness.map(SessionBinding.Stickiness.init),
                group: groupSession,
                isSecure: arrival.client.listener.scheme == "https"
            )
        }
        if let log = logEntry(arrival) { exchange.withExtras.log = log }
        let id = exchanges.insert(exchange)
        arrival.client.exchanges.append((arrival.number, id))
        backend.active += 1
        for mirror in choice.actions.mirrors { startMirror(mirror, of: exchange) }
        connect(exchange, id)
    }

    /// A group by its share; a single one has all of it, whatever its weight.
    ///
    /// With stickiness a session stays with the group that its cookie names, and the answer gets the cookie anew.
    private mutating func chooseGroup(
        _ targets: ForwardTargets,
        _ facts: RequestFacts
    ) -> (id: String, session: SessionCookie?)? {
        if targets.groups.count == 1 { return (targets.groups[0].serverGroup, nil) }
        guard targets.totalWeight > 0 else { return nil }
        if let seconds = targets.stickySeconds {
            let known = facts.cookie(SessionCookie.group) { value in
                SessionCookie(value, seconds: seconds, now: now).flatMap { session in
                    targets.group(marked: session.mark).map { ($0, session) }
                }
            }
            if let known { return (known.0, known.1) }
        }
        let number = Int(groupShares.next() % UInt64(targets.totalWeight))
        guard let id = targets.group(at: number) else { return nil }
        guard targets.stickySeconds != nil else { return (id, nil) }
        return (id, SessionCookie(mark: SessionCookie.mark(of: id), first: now.seconds))
    }

    /// The server that a session's cookie names, when it may be chosen now, and since when the session goes there.
    private func sessionServer(
        _ group: ServedGroup,
        _ facts: RequestFacts
    ) -> (server: Backend?, first: Int64?) {
        switch group.configuration.stickiness {
        case nil: return (nil, nil)
        case .insert(let seconds):
            for name in [SessionCookie.server, SessionCookie.crossSite] {
                let known = facts.cookie(name) { value in
                    SessionCookie(value, seconds: seconds, now: now).flatMap { session in
                        group.list.member(marked: session.mark).map { ($0, session.first) }
                    }
                }
                if let known { return (known.0, known.1) }
            }
            return (nil, nil)
        case .server(let cookie):
            return (facts.cookie(cookie) { group.list.member(marked: $0) }, nil)
        }
    }

    private static func hash(_ list: ServerList, _ facts: RequestFacts) -> UInt64 {
        switch list.hashParameter {
        case nil: 0
        case .source: HashRing.hash(facts.source?.description ?? "")
        case .query(let parameter): HashRing.hash(facts.queryValue(parameter) ?? "")
        }
    }

    // MARK: Connections to servers

    /// Takes a kept connection to the exchange's server, or opens one.
    mutating func connect(_ exchange: Exchange, _ id: SlotID) {
        let isOld = exchange.group.asksInOldVersion(for: exchange.client.version)
        while !isOld, let kept = exchange.backend.idle.popLast() {
            guard let upstream = upstreams[kept] else { continue }
            if let deadline = upstream.deadline { deadlines.remove(deadline) }
            upstream.deadline = nil
            upstream.exchange = id
            exchange.upstream = kept
            return happen(.connected(isKept: true), to: id)
        }
        guard let node else { return }
        let opening = Upstream(backend: exchange.backend, group: exchange.group, exchange: id)
        opening.isLast = isOld
        let upstream = upstreams.insert(opening)
        exchange.upstream = upstream
        host.network.connect(
            to: exchange.backend.key.address,
            options: exchange.group.options(for: exchange.client.version),
            handler: UpstreamHandler(node: node, upstream: upstream)
        )
    }

    /// Sends the request, or what has come of it so far, over the exchange's new connection.
    mutating func sendRequest(_ exchange: Exchange, _ id: SlotID, isKept: Bool) {
        guard let upstream = exchange.upstream.flatMap({ upstreams[$0] }),
            let connection = upstream.connection
        else { return }
        upstream.number += 1
        connection.send(exchange.first, exchange: upstream.number)
        for frame in exchange.later { connection.send(frame, exchange: upstream.number) }
        // A kept connection may turn out to be dead, and the request then goes to another.
        exchange.keepsFrames = isKept
        if !isKept { exchange.later = [] }
        if exchange.isStalled { connection.pause(exchange: upstream.number) }
        setPhaseDeadline(exchange, id)
    }

    /// The client's pauses count until the request is whole, the server's from then on.
    mutating func setPhaseDeadline(_ exchange: Exchange, _ id: SlotID) {
        if let deadline = exchange.deadline { deadlines.remove(deadline) }
        let length =
            exchange.machine.isRequestWhole
            ? exchange.version.compiled.requestNanoseconds : requestReadNanoseconds
        exchange.deadline = setDeadline(.exchange(id), after: length)
    }

    /// Another piece of a request came.
    mutating func continueRequest(_ id: SlotID, _ frame: Frame) {
        guard let exchange = exchanges[id] else { return }
        for mirror in exchange.mirrors { copy(frame, to: mirror) }
        if exchange.machine.isConnecting || exchange.keepsFrames { exchange.later.append(frame) }
        if let log = exchange.log {
            log.line.requestLength += frame.body.count
            if frame.isLast { log.wholeAt = now }
        }
        if frame.isLast { _ = exchange.machine.on(.requestEnded) }
        guard !exchange.machine.isConnecting,
            let upstream = exchange.upstream.flatMap({ upstreams[$0] })
        else { return }
        upstream.connection?.send(frame, exchange: upstream.number)
        setPhaseDeadline(exchange, id)
    }

    // MARK: Copies

    /// Sends a copy of a request to a mirror group; nobody waits for its answer.
    private mutating func startMirror(_ groupID: String, of exchange: Exchange) {
        guard let group = exchange.version.loadBalancer.groups[groupID], let node,
            let backend = group.list.choose(hash: exchange.hash, now: now)
        else { return }
        let mirror = Upstream(backend: backend, group: group, exchange: nil, isMirror: true)
        mirror.copies = [exchange.first]
        let id = upstreams.insert(mirror)
        exchange.withExtras.mirrors.append(id)
        host.network.connect(
            to: backend.key.address,
            options: group.options(for: exchange.client.version),
            handler: UpstreamHandler(node: node, upstream: id)
        )
    }

    private func copy(_ frame: Frame, to id: SlotID) {
        guard let mirror = upstreams[id] else { return }
        if let connection = mirror.connection {
            connection.send(frame, exchange: mirror.number)
        } else {
            mirror.copies.append(frame)
        }
    }

    mutating func mirrorOpened(_ mirror: Upstream, _ id: SlotID, _ connection: any Connection) {
        mirror.number = 1
        for frame in mirror.copies { connection.send(frame, exchange: 1) }
        mirror.copies = []
        mirror.deadline = setDeadline(.upstream(id), after: settings.requestReadTimeout.nanoseconds)
    }
}

extension SessionBinding.Stickiness {
    fileprivate init(_ stickiness: ServerGroupConfiguration.Stickiness) {
        switch stickiness {
        case .insert: self = .insert
        case .server(let cookie): self = .rewrite(cookie)
        }
    }
}
