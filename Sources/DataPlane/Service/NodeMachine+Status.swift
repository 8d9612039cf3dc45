// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// What can be read out of a node.
extension NodeMachine {
    func status() -> [LoadBalancerStatus] {
        loadBalancers.keys.sorted().compactMap { loadBalancers[$0] }.map { served in
            LoadBalancerStatus(
                loadBalancer: served.id,
                zone: zone,
                address: served.address,
                version: served.configuration.version,
                listeners: served.listeners.compactMap { listeners[$0] }.map { listener in
                    LoadBalancerStatus.Listener(
                        id: listener.id,
                        port: listener.key.port,
                        listenerProtocol: listener.key.listenerProtocol.rawValue,
                        failure: listener.failure
                    )
                }
            )
        }
    }

    /// The verdicts on a load balancer's servers, by group and then in the group's order.
    func health(loadBalancer: String) -> [ServerHealth] {
        guard let served = loadBalancers[loadBalancer] else { return [] }
        return served.groups.keys.sorted().compactMap { served.groups[$0] }.flatMap { group in
            zip(group.list.backends, group.configuration.servers).map { backend, server in
                ServerHealth(
                    serverGroup: group.id,
                    address: backend.key.address,
                    state: NodeMachine.healthName(backend, weight: server.weight),
                    reasonCode: backend.health?.state == .unhealthy
                        ? backend.health?.reason?.rawValue ?? "" : ""
                )
            }
        }
    }

    /// - Source: documented; that a server of weight 0, which is not checked, counts as unavailable is assumed.
    private static func healthName(_ backend: Backend, weight: Int) -> String {
        guard let health = backend.health, weight > 0 else { return "Unavailable" }
        return health.state.rawValue
    }

    // MARK: Explaining

    /// The way that a request would take now; nothing is counted or changed.
    func explain(_ request: ExplainedRequest, loadBalancer: String, port: Int) -> RequestPath {
        var path = RequestPath()
        guard let served = loadBalancers[loadBalancer] else {
            path.add("load balancer", "\(loadBalancer) is not served in \(zone)")
            return path
        }
        let onPort = served.listeners.compactMap { listeners[$0] }.filter { $0.key.port == port }
        guard let listener = onPort.first(where: { $0.failure == nil }) else {
            path.add("listener", "nobody listens on \(served.address):\(port)")
            return path
        }
        let version = listener.current
        path.add("listener", "\(listener.label) at \(served.address), version \(version.version)")
        if listener.chooser != nil {
            let certificate = version.compiled.handshake().explanation(serverName: request.serverName)
            path.add("certificate", certificate ?? "none for \(request.serverName ?? "no name")")
        }
        explainRequest(request, version, listener, &path)
        return path
    }

    private func explainRequest(
        _ request: ExplainedRequest,
        _ version: ListenerVersion,
        _ listener: ServedListener,
        _ path: inout RequestPath
    ) {
        let compiled = version.compiled
        let scan = FieldScan(request.head.headerFields)
        if let objection = RequestCheck.objection(
            to: request.head,
            method: request.head.method.rawValue,
            scan: scan,
            mark: compiled.forwarded.hop.value,
            settings: settings
        ) {
            path.add("request", objection.reason)
            path.outcome = .answered(status: objection.status, reason: objection.reason)
            return
        }
        let connectionSource = IPAddress(request.source)
        if let access = compiled.access, !access.admits(connectionSource) {
            path.add("access control", "\(request.source) is kept out")
            path.outcome = .answered(status: OwnAnswer.forbidden.status, reason: OwnAnswer.forbidden.reason)
            return
        }
        let source = compiled.forwarded.source(
            connection: connectionSource,
            fields: request.head.headerFields
        )
        let facts = RequestFacts(request.head, source: source)
        path.rules = version.table.trials(for: facts)
        let rule = version.table.rule(for: facts)
        if let rule {
            path.add(
                "rule",
                "\(rule.label) matches, tried \(path.rules.count) of \(version.table.rules.count)"
            )
        } else {
            path.add("rule", "none of \(path.rules.count) matches, so the default action")
            path.nearestMiss =
                path.rules.enumerated().min {
                    $0.element.distance(index: $0.offset).lexicographicallyPrecedes(
                        $1.element.distance(index: $1.offset)
                    )
                }?.element
        }
        explainActions(
            rule?.actions ?? version.table.defaultActions,
            facts,
            request,
            version,
            listener,
            &path
        )
    }

    private func explainActions(
        _ actions: CompiledActions,
        _ facts: RequestFacts,
        _ request: ExplainedRequest,
        _ version: ListenerVersion,
        _ listener: ServedListener,
        _ path: inout RequestPath
    ) {
        if let cors = actions.cors, CORSPolicy.isPreflight(request.head) {
            path.add("action", "CORS preflight")
            let status = cors.preflightAnswer(to: request.head).status.code
            path.outcome = .answered(status: status, reason: "preflight")
            return
        }
        switch actions.final {
        case .redirect(let redirect):
            let values = Template.Values(
                scheme: listener.scheme,
                host: facts.host,
                port: listener.key.port,
                path: facts.path,
                query: facts.query
            )
            path.add("action", "redirect")
            path.outcome = .redirected(status: redirect.status, location: redirect.location(values))
        case .fixed(let fixed):
            path.add("action", "fixed response")
            path.outcome = .answered(status: fixed.head.status.code, reason: "fixed response")
        case .none:
            path.outcome = .answered(
                status: OwnAnswer.noFinalAction.status,
                reason: OwnAnswer.noFinalAction.reason
            )
        case .forward(let targets):
            explainForward(targets, version, &path)
        }
    }

    private func explainForward(
        _ targets: ForwardTargets,
        _ version: ListenerVersion,
        _ path: inout RequestPath
    ) {
        let possible = targets.groups.filter { $0.weight > 0 || targets.groups.count == 1 }
        path.add(
            "action",
            "forward to " + possible.map { "\($0.serverGroup) (\($0.weight))" }.joined(separator: ", ")
        )
        for target in possible {
            guard let group = version.loadBalancer.groups[target.serverGroup] else {
                path.add("server group", "\(target.serverGroup) does not exist")
                continue
            }
            let usable = group.list.usablePlaces
            let note = group.list.isFailOpen ? ", open to all because none is healthy" : ""
            path.add(
                "server group",
                "\(group.id): \(usable.count) of \(group.list.backends.count) usable\(note)"
            )
            for (place, backend) in group.list.backends.enumerated() {
                path.candidates.append(
                    RequestPath.Candidate(
                        server: backend.label,
                        health: NodeMachine.healthName(
                            backend,
                            weight: group.configuration.servers[place].weight
                        ),
                        isUsable: usable.contains(place)
                    )
                )
            }
        }
        if path.candidates.contains(where: \.isUsable) {
            path.outcome = .forwarded(serverGroups: possible.map(\.serverGroup))
        } else {
            let own = possible.isEmpty ? OwnAnswer.noGroup : OwnAnswer.noServers
            path.outcome = .answered(status: own.status, reason: own.reason)
        }
    }
}
