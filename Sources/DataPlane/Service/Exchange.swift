// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// A client's connection.
///
/// It, and the classes below, belong to their node's machine: what changes them holds the node's lock, and no
/// access to one of their properties begins inside another, so the hot ones are not checked for that.
final class Client {
    /// Its name on the node.
    @exclusivity(unchecked) var id = SlotID.none
    let listener: ServedListener
    let connectionNumber: Int64
    /// The address changes when a QUIC client moves.
    @exclusivity(unchecked) var facts: ClientFacts
    /// True when exchanges may overlap.
    let isMultiplexed: Bool
    /// True for HTTP/1.0, whose connections carry one exchange.
    let isOneShot: Bool
    /// What it speaks; on sockets HTTP/1.0 is found out with the first request.
    @exclusivity(unchecked) var version: HTTPVersion
    /// The version of TLS agreed on; nil in plain text.
    let tlsVersion: String?
    /// The cipher agreed on; nil in plain text.
    let cipher: String?
    /// What a packet to the client and back took when the connection was opened; nil where nobody knows.
    let roundTrip: Duration?
    /// nil before it is open, and when it is over.
    @exclusivity(unchecked) var connection: (any Connection)?
    /// Where its requests come from and what they come to, as header fields name it.
    var origin: Origin {
        Origin(
            clientAddress: facts.address,
            clientPort: facts.port,
            scheme: listener.scheme,
            loadBalancer: listener.loadBalancer,
            port: listener.key.port
        )
    }

    /// Forwarded requests under way, by the client's numbers.
    @exclusivity(unchecked) var exchanges: [(number: UInt64, id: SlotID)] = []
    @exclusivity(unchecked) var readings = ReadingMemory()
    /// The request whose head is on its way; nil when none is.
    @exclusivity(unchecked) var arriving: UInt64?
    /// Requests begun.
    @exclusivity(unchecked) var handled = 0
    /// True when no further request is taken.
    @exclusivity(unchecked) var isLast = false
    @exclusivity(unchecked) var deadline: DeadlineQueue<NodeMachine.Subject>.ID?

    init(listener: ServedListener, facts: ConnectionFacts) {
        self.listener = listener
        connectionNumber = Int64(bitPattern: facts.id)
        self.facts = ClientFacts(
            address: facts.client.ip,
            port: facts.client.port,
            certificate: facts.tls?.clientCertificate.flatMap(ClientCertificate.init)
        )
        version = facts.version
        tlsVersion = facts.tls?.version
        cipher = facts.tls?.cipher
        roundTrip = facts.roundTrip
        isOneShot = facts.version == .http10
        isMultiplexed = facts.version == .http2 || facts.version == .http3
    }
}

/// A request that is being forwarded.
final class Exchange {
    let client: Client
    let number: UInt64
    /// What the configuration that the request began with makes of it.
    let reading: RequestReading
    let group: ServedGroup
    /// The servers of that configuration.
    let list: ServerList
    let hash: UInt64
    @exclusivity(unchecked) var backend: Backend
    @exclusivity(unchecked) var machine: ExchangeMachine
    @exclusivity(unchecked) var upstream: SlotID?
    /// The request's first piece, as the server gets it.
    let first: Frame
    /// Pieces that came before the server could take them, or that another server may need.
    @exclusivity(unchecked) var later: [Frame] = []
    /// True while pieces are kept although they were sent.
    @exclusivity(unchecked) var keepsFrames = false
    /// True while the client takes nothing of the answer.
    @exclusivity(unchecked) var isStalled = false
    /// What few exchanges have; nil while this one has none of it.
    @exclusivity(unchecked) var extras: ExchangeExtras?
    let began: Instant
    /// How long the server took; nil before its answer.
    @exclusivity(unchecked) var latency: Duration?
    /// What was found in the fields of the answer.
    @exclusivity(unchecked) var scan = FieldScan()
    @exclusivity(unchecked) var upstreamStatus = 0
    @exclusivity(unchecked) var status = 0
    @exclusivity(unchecked) var deadline: DeadlineQueue<NodeMachine.Subject>.ID?

    init(
        _ arrival: Arrival,
        group: ServedGroup,
        hash: UInt64,
        backend: Backend,
        machine: ExchangeMachine,
        first: Frame,
        began: Instant
    ) {
        client = arrival.client
        number = arrival.number
        reading = arrival.reading
        self.group = group
        list = group.list
        self.hash = hash
        self.backend = backend
        self.machine = machine
        self.first = first
        self.began = began
    }

    /// The configuration that the request began with.
    var version: ListenerVersion { reading.version }

    /// What rules on answers look at; nil without such rules.
    var facts: RequestFacts? { version.table.responseRules.isEmpty ? nil : reading.facts }
}

/// A connection to a server.
final class Upstream {
    let backend: Backend
    let group: ServedGroup
    @exclusivity(unchecked) var connection: (any Connection)?
    /// The request that it carries; nil when it waits for one, or carries a copy.
    @exclusivity(unchecked) var exchange: SlotID?
    /// True when answers are dropped.
    let isMirror: Bool
    /// Pieces of a copy that wait for the connection.
    @exclusivity(unchecked) var copies: [Frame] = []
    /// The number of the last exchange on this connection.
    @exclusivity(unchecked) var number: UInt64 = 0
    /// True when the server closes the connection after its answer.
    @exclusivity(unchecked) var isLast = false
    @exclusivity(unchecked) var deadline: DeadlineQueue<NodeMachine.Subject>.ID?

    init(backend: Backend, group: ServedGroup, exchange: SlotID?, isMirror: Bool = false) {
        self.backend = backend
        self.group = group
        self.exchange = exchange
        self.isMirror = isMirror
    }
}

/// A server's health check.
final class Check {
    let backend: Backend
    let group: ServedGroup
    @exclusivity(unchecked) var probe: HealthProbe
    /// Where the check's rhythm begins.
    let start: Instant
    /// Rises with each run.
    @exclusivity(unchecked) var run = 0
    @exclusivity(unchecked) var isRunning = false
    /// True when the server may have changed while the check was under way.
    @exclusivity(unchecked) var mustRunAgain = false
    @exclusivity(unchecked) var connection: (any Connection)?
    @exclusivity(unchecked) var deadline: DeadlineQueue<NodeMachine.Subject>.ID?
    /// The next run; nil while none is planned.
    @exclusivity(unchecked) var timer: TimerID?

    init(backend: Backend, group: ServedGroup, probe: HealthProbe, start: Instant) {
        self.backend = backend
        self.group = group
        self.probe = probe
        self.start = start
    }
}
