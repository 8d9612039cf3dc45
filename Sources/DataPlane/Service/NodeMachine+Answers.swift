// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// Servers' answers on their way to clients.
extension NodeMachine {
    mutating func upstreamSent(_ frame: Frame, _ upstreamID: SlotID, number: UInt64) {
        guard let upstream = upstreams[upstreamID], upstream.number == number else { return }
        if upstream.isMirror {
            if frame.isLast { closeUpstream(upstreamID) }
            return
        }
        guard let id = upstream.exchange, let exchange = exchanges[id] else { return }
        let client = exchange.client
        guard let connection = client.connection else { return }
        if let head = frame.head {
            guard let answer = answers.value(of: head, ServerAnswer.init) else {
                return happen(.answerMalformed, to: id)
            }
            if answer.isInterim {
                connection.send(frame, exchange: exchange.number)
                return setPhaseDeadline(exchange, id)
            }
            beginAnswer(exchange, upstream, answer)
            if answer.status == 101 { openTunnel(exchange, upstream) }
            if let changed = changedAnswer(exchange, client, head) {
                let piece = changed.replacement ?? packed(frame, exchange).with(changed.head)
                exchange.log?.line.bodyBytes += piece.body.count
                connection.send(piece, exchange: exchange.number)
                // A rule on answers put its own in place: the server's is not wanted any more.
                if changed.replacement != nil { return end(exchange, id, reason: "") }
            } else {
                exchange.log?.line.bodyBytes += frame.body.count
                connection.send(frame, exchange: exchange.number)
            }
        } else {
            guard exchange.machine.isAnswering else { return happen(.answerMalformed, to: id) }
            let piece = packed(frame, exchange)
            exchange.log?.line.bodyBytes += piece.body.count
            connection.send(piece, exchange: exchange.number)
        }
        if frame.isLast {
            happen(.answerEnded, to: id)
        } else if let deadline = exchange.deadline {
            deadlines.renew(deadline, now: now)
        }
    }

    /// Both sides go on in another protocol, and end together.
    private func openTunnel(_ exchange: Exchange, _ upstream: Upstream) {
        _ = exchange.machine.on(.tunnelOpened)
        upstream.isLast = true
        exchange.client.isLast = true
    }

    /// A piece of an answer as the client gets it.
    private func packed(_ frame: Frame, _ exchange: Exchange) -> Frame {
        guard var packer = exchange.packer else { return frame }
        var frame = frame
        frame.body = packer.pack(frame.body, isLast: frame.isLast)
        exchange.withExtras.packer = packer
        return frame
    }

    private func beginAnswer(_ exchange: Exchange, _ upstream: Upstream, _ answer: ServerAnswer) {
        _ = exchange.machine.on(.answerBegan)
        exchange.latency = exchange.began.duration(to: now)
        exchange.upstreamStatus = answer.status
        exchange.status = answer.status
        if exchange.keepsFrames {
            exchange.later = []
            exchange.keepsFrames = false
        }
        exchange.scan = answer.scan
        if exchange.scan.wantsClose { upstream.isLast = true }
    }

    /// The head of an answer as rules and the listener want it, or a whole answer in its place; nil when it is
    /// passed on as it is.
    private func changedAnswer(
        _ exchange: Exchange,
        _ client: Client,
        _ answer: MessageHead
    ) -> (head: HTTPResponse, replacement: Frame?)? {
        let dropsHopByHop = exchange.scan.hasHopByHop && exchange.status != 101
        let choice = exchange.reading.choice
        let isChanged = dropsHopByHop || choice.changesAnswers || completes(client)
        let mayPack = mayPack(exchange, client)
        guard isChanged || mayPack || exchange.extras != nil, case .response(let head) = answer else {
            return nil
        }
        let packer = mayPack ? packer(exchange, head) : nil
        guard isChanged || packer != nil || exchange.session != nil else { return nil }
        var response = head
        if dropsHopByHop { response.headerFields = head.headerFields.withoutHopByHop }
        exchange.session?.apply(to: &response.headerFields, server: exchange.backend.mark, now: now)
        var body: [UInt8]?
        if let facts = exchange.facts, let rule = exchange.version.table.responseRule(for: head, to: facts) {
            if case .fixed(let fixed) = rule.actions.final {
                response = fixed.head
                exchange.status = fixed.head.status.code
                body = facts.method == "HEAD" ? [] : fixed.body
            }
            for edit in rule.actions.headerEdits {
                edit.apply(to: &response.headerFields, source: head.headerFields, origin: client.origin)
            }
        }
        choice.actions.cors?.mark(&response.headerFields, origin: exchange.reading.head.headerFields[.origin])
        if let packer, body == nil {
            response.headerFields[.contentLength] = nil
            response.headerFields[.contentEncoding] = packer.name
            exchange.withExtras.packer = packer
        }
        complete(&response, for: client, exchange.version)
        return (response, body.map { Frame(head: .response(response), body: $0) })
    }

    /// True when an answer is long enough to be packed, and the listener packs.
    private func mayPack(_ exchange: Exchange, _ client: Client) -> Bool {
        exchange.scan.contentLength > PackingChoice.smallest
            && exchange.version.compiled.configuration.isGzipEnabled && client.version != .http10
    }

    private func packer(_ exchange: Exchange, _ head: HTTPResponse) -> BodyPacker? {
        guard case .request(let request) = exchange.first.head else { return nil }
        return PackingChoice.packer(head, length: exchange.scan.contentLength, request: request)
    }

    // MARK: What every answer carries

    private func completes(_ client: Client) -> Bool {
        client.listener.tellsAlternative || (client.isLast && !client.isMultiplexed)
    }

    /// Adds what every answer on this connection carries.
    func complete(_ response: inout HTTPResponse, for client: Client, _ version: ListenerVersion) {
        if let service = client.listener.alternativeService { response.headerFields.put(service) }
        if client.isLast, !client.isMultiplexed, response.status.code != 101 {
            response.headerFields[.connection] = "close"
        }
    }
}

/// What a zone looks at in the head of a server's answer.
struct ServerAnswer {
    let status: Int
    let scan: FieldScan

    /// Reads a head; nil for one that is no answer's.
    init?(_ head: MessageHead) {
        guard case .response(let response) = head else { return nil }
        status = response.status.code
        scan = FieldScan(response.headerFields)
    }

    /// True for an answer before the answer; switching protocols is a real one.
    var isInterim: Bool { status < 200 && status != 101 }
}

extension Frame {
    /// The frame with another head.
    fileprivate func with(_ response: HTTPResponse) -> Frame {
        var frame = self
        frame.head = .response(response)
        return frame
    }
}
