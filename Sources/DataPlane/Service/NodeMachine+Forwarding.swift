// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// From the forward action to a server that takes the request.
extension NodeMachine {
    mutating func forward(_ arrival: Arrival, _ facts: RequestFacts, _ route: Route) {
        let label = route.rule?.label ?? "default"
        guard let groupID = chooseGroup(route.targets) else { return answer(arrival, .noGroup, rule: label) }
        guard let group = arrival.version.group(groupID, place: route.place) else {
            return answer(arrival, .noServers, rule: label, group: groupID)
        }
        let hash = NodeMachine.hash(group.list, facts)
        guard let backend = group.list.choose(hash: hash) else {
            return answer(arrival, .noServers, rule: label, group: groupID)
        }
        let exchange = Exchange(
            arrival,
            rule: route.rule,
            group: group,
            hash: hash,
            backend: backend,
            machine: ExchangeMachine(
                isIdempotent: ExchangeMachine.isIdempotent(facts.method),
                isRequestWhole: arrival.isWhole,
                maximumTries: settings.maximumTries
            ),
            first: Frame(
                head: .request(upstreamHead(arrival, facts, route)),
                body: arrival.body,
                trailers: arrival.trailers,
                isLast: arrival.isWhole
            ),
            began: now
        )
        if !arrival.version.table.responseRules.isEmpty { exchange.facts = facts }
        if route.actions.cors != nil { exchange.origin = arrival.head.headerFields[.origin] }
        let id = exchanges.insert(exchange)
        arrival.client.exchanges.append((arrival.number, id))
        backend.active += 1
        for mirror in route.actions.mirrors { startMirror(mirror, of: exchange) }
        connect(exchange, id)
    }

    /// A group by its share; a single one has all of it, whatever its weight.
    private mutating func chooseGroup(_ targets: ForwardTargets) -> String? {
        if targets.groups.count == 1 { return targets.groups[0].serverGroup }
        guard targets.totalWeight > 0 else { return nil }
        return targets.group(at: Int(groupShares.next() % UInt64(targets.totalWeight)))
    }

    private static func hash(_ list: ServerList, _ facts: RequestFacts) -> UInt64 {
        switch list.hashParameter {
        case nil: 0
        case .source: HashRing.hash(facts.source?.description ?? "")
        case .query(let parameter): HashRing.hash(facts.queryValue(parameter) ?? "")
        }
    }

    /// The request as the server gets it.
    private func upstreamHead(
        _ arrival: Arrival,
        _ facts: RequestFacts,
        _ route: Route
    ) -> HTTPRequest {
        var request = arrival.head
        let (client, actions) = (arrival.client, route.actions)
        request.headerFields = client.memory.forwarded(
            by: arrival.version.compiled.forwarded,
            client: client.facts,
            authority: arrival.head.authority ?? ""
        )
        guard !actions.isPlainForward else { return request }
        if !actions.headerEdits.isEmpty {
            let origin = client.origin
            for edit in actions.headerEdits {
                edit.apply(to: &request.headerFields, source: arrival.head.headerFields, origin: origin)
            }
        }
        if let rewrite = actions.rewrite {
            var values = values(arrival, facts)
            if rewrite.hasCaptures { values.captures = route.rule?.captures(for: facts) ?? [] }
            rewrite.apply(to: &request, values: values)
        }
        return request
    }

    // MARK: Connections to servers

    /// Takes a kept connection to the exchange's server, or opens one.
    mutating func connect(_ exchange: Exchange, _ id: SlotID) {
        while let kept = exchange.backend.idle.popLast() {
            guard let upstream = upstreams[kept] else { continue }
            if let deadline = upstream.deadline { deadlines.remove(deadline) }
            upstream.deadline = nil
            upstream.exchange = id
            exchange.upstream = kept
            return happen(.connected(isKept: true), to: id)
        }
        guard let node else { return }
        let upstream = upstreams.insert(
            Upstream(backend: exchange.backend, group: exchange.group, exchange: id)
        )
        exchange.upstream = upstream
        host.network.connect(
            to: exchange.backend.key.address,
            options: exchange.group.options,
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
            let backend = group.list.choose(hash: exchange.hash)
        else { return }
        let mirror = Upstream(backend: backend, group: group, exchange: nil, isMirror: true)
        mirror.copies = [exchange.first]
        let id = upstreams.insert(mirror)
        exchange.mirrors.append(id)
        host.network.connect(
            to: backend.key.address,
            options: group.options,
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
