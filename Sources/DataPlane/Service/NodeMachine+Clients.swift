// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// Ends a connection that came while its listener went.
private final class RefusingHandler: ConnectionHandler {
    func opened(_ connection: any Connection) { connection.abort() }
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {}
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}

/// What clients do.
extension NodeMachine {
    /// A connection arrives at a listener.
    mutating func accept(_ facts: ConnectionFacts, listener id: SlotID) -> any ConnectionHandler {
        guard let listener = listeners[id], let node else { return RefusingHandler() }
        let client = Client(listener: listener, facts: facts)
        client.id = clients.insert(client)
        return ClientHandler(node: node, client: client.id)
    }

    mutating func clientOpened(_ id: SlotID, _ connection: any Connection) {
        guard let client = clients[id] else { return connection.abort() }
        client.connection = connection
        rest(client)
    }

    mutating func clientSent(_ frame: Frame, number: UInt64, _ id: SlotID) {
        guard let client = clients[id], let connection = client.connection else { return }
        guard let head = frame.head, let reading = reading(of: head, by: client) else {
            if let exchange = client.exchanges.first(where: { $0.number == number }) {
                continueRequest(exchange.id, frame)
            }
            return
        }
        // A client on HTTP/2 or HTTP/3 may have begun this one before it learnt that it should begin no more.
        guard !client.isLast || client.isMultiplexed else { return }
        begin(
            Arrival(
                client: client,
                connection: connection,
                number: number,
                reading: reading,
                body: frame.body,
                trailers: frame.trailers,
                isWhole: frame.isLast
            )
        )
    }

    /// What the listener makes of a head now, known from an earlier request where that is possible; nil for one that is
    /// no request's.
    private func reading(of head: MessageHead, by client: Client) -> RequestReading? {
        let version = client.listener.current
        if let known = client.readings.reading(of: head, version) { return known }
        guard case .request(let request) = head else { return nil }
        let made = RequestReading(
            head,
            request,
            version: version,
            client: client.facts,
            isOld: client.version == .http10,
            settings: settings
        )
        client.readings.keep(made)
        return made
    }

    /// The client gave one exchange up.
    mutating func clientCancelled(number: UInt64, _ id: SlotID) {
        guard let client = clients[id],
            let exchange = client.exchanges.first(where: { $0.number == number })
        else { return }
        happen(.clientGone, to: exchange.id)
        if client.exchanges.isEmpty { rest(client) }
    }

    /// The client has gone, or never came.
    mutating func clientClosed(_ id: SlotID) {
        guard let client = clients.remove(id) else { return }
        if let deadline = client.deadline { deadlines.remove(deadline) }
        client.connection = nil
        let open = client.exchanges
        client.exchanges = []
        for exchange in open { happen(.clientGone, to: exchange.id) }
    }

    /// Nothing is under way on a connection: it waits for the next request, or ends.
    mutating func rest(_ client: Client) {
        if client.isLast, !client.isMultiplexed { return closeClient(client.id) }
        guard client.deadline == nil else { return }
        let wait = client.isLast ? lingerNanoseconds : client.listener.current.compiled.idleNanoseconds
        client.deadline = setDeadline(.client(client.id), after: wait)
    }

    mutating func clientIdle(_ id: SlotID) {
        guard let client = clients[id] else { return }
        client.deadline = nil
        if let number = client.arriving { return refuse(.requestTooSlow, number: number, id) }
        if client.isLast || !client.isMultiplexed { return closeClient(client.id) }
        retire(client)
    }

    /// The first bytes of a request came: it has its own time now.
    mutating func clientArrives(number: UInt64, _ id: SlotID) {
        guard let client = clients[id], client.exchanges.isEmpty else { return }
        client.arriving = number
        if let deadline = client.deadline { deadlines.remove(deadline) }
        client.deadline = setDeadline(.client(id), after: requestReadNanoseconds)
    }

    /// What came is no request, or does not come: the client is told, and its connection ends.
    mutating func refuse(_ own: OwnAnswer, number: UInt64, _ id: SlotID) {
        guard let client = clients[id], let connection = client.connection, let page = pages[own] else {
            return
        }
        client.isLast = true
        if let exchange = client.exchanges.first(where: { $0.number == number }) {
            // The body broke the rules after its head had been taken.
            return happen(.requestBroken(own), to: exchange.id)
        }
        let version = client.listener.current
        var response = page.head
        complete(&response, for: client, version)
        connection.send(Frame(head: .response(response), body: page.body), exchange: number)
        host.trace.record(
            ProxiedRequest(
                connection: client.connectionNumber,
                exchange: Int64(bitPattern: number),
                loadBalancer: client.listener.loadBalancer,
                zone: zone,
                listener: client.listener.label,
                version: version.version,
                rule: "",
                action: "error",
                serverGroup: "",
                server: "",
                status: own.status,
                upstreamStatus: 0,
                reason: own.reason,
                upstreamLatency: .zero
            )
        )
        if !client.isMultiplexed { closeClient(id) }
    }

    /// A client's next requests are of another version.
    mutating func clientSpeaks(_ version: HTTPVersion, _ id: SlotID) {
        guard let client = clients[id] else { return }
        client.version = version
        client.readings = ReadingMemory()
    }

    /// A client goes on from another address: its next requests come from there.
    mutating func clientMoved(to address: SocketAddress, _ id: SlotID) {
        guard let client = clients[id] else { return }
        client.facts = ClientFacts(
            address: address.ip,
            port: address.port,
            certificate: client.facts.certificate
        )
        client.readings = ReadingMemory()
    }

    // MARK: Slow readers

    /// The client takes its answer more slowly than the server sends it: the server has to wait.
    mutating func clientStalled(number: UInt64, _ id: SlotID) {
        guard let exchange = clients[id]?.exchanges.first(where: { $0.number == number })?.id,
            let open = exchanges[exchange]
        else { return }
        open.isStalled = true
        if let upstream = open.upstream.flatMap({ upstreams[$0] }) {
            upstream.connection?.pause(exchange: upstream.number)
        }
    }

    /// The client has taken what had piled up.
    mutating func clientFlows(number: UInt64, _ id: SlotID) {
        guard let exchange = clients[id]?.exchanges.first(where: { $0.number == number })?.id,
            let open = exchanges[exchange]
        else { return }
        open.isStalled = false
        if let upstream = open.upstream.flatMap({ upstreams[$0] }) {
            upstream.connection?.resume(exchange: upstream.number)
        }
        if let deadline = open.deadline { deadlines.renew(deadline, now: now) }
    }

    /// Takes no further request on a connection; one that is on its way over HTTP/2 or HTTP/3 still counts.
    mutating func retire(_ client: Client) {
        guard !client.isLast else { return }
        client.isLast = true
        if client.isMultiplexed { client.connection?.drain() }
        guard client.exchanges.isEmpty else { return }
        if let deadline = client.deadline { deadlines.remove(deadline) }
        client.deadline = nil
        rest(client)
    }

    /// Ends a client's connection in order.
    mutating func closeClient(_ id: SlotID) {
        guard let client = clients.remove(id) else { return }
        if let deadline = client.deadline { deadlines.remove(deadline) }
        client.connection?.close()
        client.connection = nil
    }
}

/// A request whose head has just come.
struct Arrival {
    let client: Client
    let connection: any Connection
    let number: UInt64
    let reading: RequestReading
    let body: [UInt8]
    let trailers: HTTPFields?
    let isWhole: Bool
    /// True when the client wants to go on in another protocol; its request has no body then.
    var wantsUpgrade = false

    var head: HTTPRequest { reading.head }
    var version: ListenerVersion { reading.version }
}
