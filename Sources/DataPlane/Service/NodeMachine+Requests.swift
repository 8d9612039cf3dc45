// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// From a request's head to the action that its rule wants.
extension NodeMachine {
    mutating func begin(_ arrival: consuming Arrival) {
        let client = arrival.client
        let compiled = arrival.reading.version.compiled
        if let deadline = client.deadline {
            deadlines.remove(deadline)
            client.deadline = nil
        }
        client.arriving = nil
        client.handled += 1
        let limit =
            compiled.configuration.listenerProtocol == .http
            ? settings.plainKeepAliveRequests : settings.secureKeepAliveRequests
        if !client.isLast, client.handled >= limit || arrival.reading.scan.wantsClose || client.isOneShot {
            client.isLast = true
            if client.isMultiplexed { client.connection?.drain() }
        }
        if let objection = arrival.reading.objection {
            // What follows such a request on an HTTP/1 connection may not be what the client means by it.
            if objection.endsConnection, !client.isMultiplexed { client.isLast = true }
            return answer(arrival, objection, rule: "")
        }
        if let access = compiled.access, !access.admits(client.facts.source) {
            return answer(arrival, .forbidden, rule: "")
        }
        arrival.wantsUpgrade = arrival.reading.scan.wantsUpgrade && !client.isMultiplexed
        decide(arrival)
    }

    private mutating func decide(_ arrival: Arrival) {
        let reading = arrival.reading
        let choice = reading.choice
        let (actions, label) = (choice.actions, choice.label)
        if let limit = actions.limit, let rule = choice.rule, !admits(arrival, rule, limit) {
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
            forward(arrival, choice, targets)
        case .redirect(let redirect):
            let values = arrival.client.listener.values(reading.facts)
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

    private func admits(
        _ arrival: Arrival,
        _ rule: CompiledRule,
        _ limit: TrafficLimit
    ) -> Bool {
        cache.limiters.admit(
            arrival.reading.facts.source,
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
        log(arrival, status: head.status.code, body: arrival.head.method == .head ? 0 : body.count)
        if arrival.client.exchanges.isEmpty { rest(arrival.client) }
    }
}
