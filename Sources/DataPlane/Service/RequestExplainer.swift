// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// Works out the way of a request through a listener, with a reason at each step; nothing is counted or changed.
struct RequestExplainer {
    let version: ListenerVersion
    let listener: ServedListener
    let settings: DataPlaneSettings

    /// The way of a request from the listener on.
    func explain(_ request: ExplainedRequest) -> RequestPath {
        var path = RequestPath()
        let address = version.loadBalancer.address
        path.add("listener", "\(listener.label) at \(address), version \(version.version)")
        if listener.key.listenerProtocol != .http {
            let certificate = version.compiled.handshake().explanation(serverName: request.serverName)
            path.add("certificate", certificate ?? "none for \(request.serverName ?? "no name")")
        }
        explainRequest(request, &path)
        return path
    }

    private func explainRequest(
        _ request: ExplainedRequest,
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
        explainActions(rule, facts, request, &path)
    }

    private func explainActions(
        _ rule: CompiledRule?,
        _ facts: RequestFacts,
        _ request: ExplainedRequest,
        _ path: inout RequestPath
    ) {
        let actions = rule?.actions ?? version.table.defaultActions
        if rule != nil, let limit = actions.limit { path.add("traffic limit", limit.words) }
        if let cors = actions.cors, CORSPolicy.isPreflight(request.head) {
            path.add("action", "CORS preflight")
            let status = cors.preflightAnswer(to: request.head).status.code
            path.outcome = .answered(status: status, reason: "preflight")
            return
        }
        switch actions.final {
        case .redirect(let redirect):
            path.add("action", "redirect")
            path.outcome = .redirected(
                status: redirect.status,
                location: redirect.location(listener.values(facts))
            )
        case .fixed(let fixed):
            path.add("action", "fixed response")
            path.outcome = .answered(status: fixed.head.status.code, reason: "fixed response")
        case .none:
            path.outcome = .answered(
                status: OwnAnswer.noFinalAction.status,
                reason: OwnAnswer.noFinalAction.reason
            )
        case .forward(let targets):
            explainChanges(rule, actions, facts, request, &path)
            explainForward(targets, &path)
        }
    }

    /// What servers see in place of what the client sent, who gets copies, and which rules wait for the answer.
    private func explainChanges(
        _ rule: CompiledRule?,
        _ actions: CompiledActions,
        _ facts: RequestFacts,
        _ request: ExplainedRequest,
        _ path: inout RequestPath
    ) {
        if !actions.headerEdits.isEmpty {
            path.add("header fields", actions.headerEdits.map(\.words).joined(separator: "; "))
        }
        if let rewrite = actions.rewrite {
            var (values, head) = (listener.values(facts), request.head)
            if rewrite.hasCaptures { values.captures = rule?.captures(for: facts) ?? [] }
            rewrite.apply(to: &head, values: values)
            path.add("rewrite", "servers see \(head.path ?? "/") of host \(head.authority ?? "")")
        }
        if !actions.mirrors.isEmpty {
            path.add("mirror", "copies go to " + actions.mirrors.joined(separator: ", "))
        }
        for rule in version.table.responseRules {
            if let demands = rule.demands(onAnswerTo: facts) { path.add("rule on answers", demands) }
        }
    }

    private func explainForward(
        _ targets: ForwardTargets,
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
