// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// From a request's head to the action that its rule wants.
extension NodeMachine {
    mutating func begin(_ arrival: consuming Arrival) {
        let (client, compiled) = (arrival.client, arrival.version.compiled)
        if let deadline = client.deadline {
            deadlines.remove(deadline)
            client.deadline = nil
        }
        client.arriving = nil
        client.handled += 1
        let scan = client.memory.scan(arrival.head.headerFields)
        let limit =
            compiled.configuration.listenerProtocol == .http
            ? settings.plainKeepAliveRequests : settings.secureKeepAliveRequests
        if !client.isLast, client.handled >= limit || scan.wantsClose || client.isOneShot {
            client.isLast = true
            if client.isMultiplexed { client.connection?.drain() }
        }
        let method = arrival.head.method.rawValue
        if let objection = RequestCheck.objection(
            to: arrival.head,
            method: method,
            isOld: client.version == .http10,
            scan: scan,
            mark: compiled.forwarded.hop.value,
            settings: settings
        ) {
            // What follows such a request on an HTTP/1 connection may not be what the client means by it.
            if objection.endsConnection, !client.isMultiplexed { client.isLast = true }
            return answer(arrival, objection, rule: "")
        }
        if let access = compiled.access, !access.admits(client.facts.source) {
            return answer(arrival, .forbidden, rule: "")
        }
        let source = compiled.forwarded.source(
            connection: client.facts.source,
            fields: arrival.head.headerFields
        )
        arrival.wantsUpgrade = scan.wantsUpgrade && !client.isMultiplexed
        decide(arrival, RequestFacts(arrival.head, source: source))
    }

    private mutating func decide(_ arrival: Arrival, _ facts: RequestFacts) {
        let table = arrival.version.table
        let place = table.place(for: facts)
        let rule = place.map { table.rules[$0] }
        let actions = rule?.actions ?? table.defaultActions
        let label = rule?.label ?? "default"
        if let rule, let limit = actions.limit, !admits(arrival, rule, limit, facts) {
            return answer(arrival, .limited, rule: label)
        }
        if let cors = actions.cors, CORSPolicy.isPreflight(arrival.head) {
            return answer(
                arrival,
                cors.preflightAnswer(to: arrival.head),
                rule: label,
                action: "fixed",
                reason: "preflight"
            )
        }
        switch actions.final {
        case .forward(let targets):
            forward(arrival, facts, Route(place: place, rule: rule, actions: actions, targets: targets))
        case .redirect(let redirect):
            let values = values(arrival, facts)
            var response = HTTPResponse(status: HTTPResponse.Status(code: redirect.status))
            response.headerFields[.location] = redirect.location(values)
            response.headerFields[.contentLength] = "0"
            actions.cors?.mark(&response.headerFields, origin: arrival.head.headerFields[.origin])
            answer(arrival, response, rule: label, action: "redirect")
        case .fixed(let fixed):
            var response = fixed.head
            actions.cors?.mark(&response.headerFields, origin: arrival.head.headerFields[.origin])
            answer(arrival, response, body: fixed.body, rule: label, action: "fixed")
        case .none:
            answer(arrival, .noFinalAction, rule: label)
        }
    }

    /// What a rule's templates are filled with.
    func values(_ arrival: Arrival, _ facts: RequestFacts) -> Template.Values {
        Template.Values(
            scheme: arrival.client.listener.scheme,
            host: facts.host,
            port: arrival.client.listener.key.port,
            path: facts.path,
            query: facts.query
        )
    }

    private func admits(
        _ arrival: Arrival,
        _ rule: CompiledRule,
        _ limit: TrafficLimit,
        _ facts: RequestFacts
    ) -> Bool {
        cache.limiters.admit(
            facts.source,
            rule: rule.configuration.id,
            of: arrival.version.loadBalancer.id,
            limit: limit,
            now: now
        )
    }

    // MARK: Answers without a server

    /// Gives an answer of the load balancer's own.
    mutating func answer(_ arrival: Arrival, _ own: OwnAnswer, rule: String, group: String = "") {
        guard let page = pages[own] else { return }
        answer(
            arrival,
            page.head,
            body: page.body,
            rule: rule,
            action: group.isEmpty ? "error" : "forward",
            group: group,
            reason: own.reason
        )
    }

    private mutating func answer(
        _ arrival: Arrival,
        _ head: HTTPResponse,
        body: [UInt8] = [],
        rule: String,
        action: String,
        group: String = "",
        reason: String = ""
    ) {
        var response = head
        complete(&response, for: arrival.client, arrival.version)
        arrival.connection.send(
            Frame(head: .response(response), body: arrival.head.method == .head ? [] : body),
            exchange: arrival.number
        )
        host.trace.record(
            .proxied(
                ProxiedRequest(
                    connection: arrival.client.connectionNumber,
                    exchange: Int64(bitPattern: arrival.number),
                    loadBalancer: arrival.client.listener.loadBalancer,
                    zone: zone,
                    listener: arrival.client.listener.label,
                    version: arrival.version.version,
                    rule: rule,
                    action: action,
                    serverGroup: group,
                    server: "",
                    status: head.status.code,
                    upstreamStatus: 0,
                    reason: reason,
                    upstreamLatency: .zero
                )
            )
        )
        log(arrival, status: head.status.code, body: arrival.head.method == .head ? 0 : body.count)
        if arrival.client.exchanges.isEmpty { rest(arrival.client) }
    }
}

/// The rule that took a request and what it forwards to.
struct Route {
    let place: Int?
    let rule: CompiledRule?
    let actions: CompiledActions
    let targets: ForwardTargets
}
