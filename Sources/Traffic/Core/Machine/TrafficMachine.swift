// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports

/// The clients of one traffic as a plain state: each event leaves actions, to be taken and carried out.
///
/// Events must come one at a time. Nothing here waits, tells the time or sends anything. Requests begin in
/// `+Load`, go their way in `+Requests`, and stay in `+Streams` where they ask for a stream; connections open in `+Connections` and are used again in `+Pool`.
struct TrafficMachine: Sendable {
    /// How far the traffic has come.
    enum Phase: Sendable, Hashable {
        /// Not started; probes work.
        case fresh
        /// Arrivals are to come.
        case running
        /// The last arrival has been; probes work.
        case over
        /// Told to stop: nothing begins any more.
        case stopped
    }

    let description: TrafficDescription
    let verifier: CertificateVerifier
    /// In nanoseconds, as all that is reckoned with for each request.
    let requestTimeout: Int64
    private let idleTimeout: Int64

    // Load.
    var phase = Phase.fresh
    var start = Instant(nanoseconds: 0)
    var arrivals: ArrivalSchedule
    var rotation: RequestRotation
    var prepared: [PreparedRequest] = []

    // What is under way.
    var requests = Slab<PendingRequest>()
    var deadlines = DeadlineQueue<RequestID>()
    var deadlineAlarm: Instant?
    var connections = Slab<PooledConnection>()
    var idleAlarm: Instant?
    var origins: [Origin] = []
    /// Places of origins; only looked up, never gone through.
    private var originPlaces: [OriginKey: Int] = [:]
    /// A pool for each origin and client, the clients of one origin side by side.
    var pools: [ConnectionPool] = []
    private var random: RandomStream

    // Streams that stay open.
    var streams = Slab<OpenStream>()
    var streamTimers = DeadlineQueue<StreamTimer>()
    var streamAlarm: Instant?
    /// When all streams end; nil for when the traffic is stopped.
    var streamsEnd: Instant?
    /// How many clients wait to open a stream again.
    var comingBack = 0
    var streamRandom: RandomStream

    /// What was made of the heads of answers; nil for answers before the answer.
    var answers = HeadMemory<AnswerReading?>()
    var counts = TrafficCounts()
    /// What each client was given to send again, where clients keep cookies.
    var cookies = CookieJar()
    private var actions: [TrafficAction] = []

    /// Makes the clients of a traffic that has been checked.
    init(_ description: TrafficDescription, verifier: CertificateVerifier, random: RandomSource) {
        self.description = description
        self.verifier = verifier
        requestTimeout = description.requestTimeout.nanoseconds
        idleTimeout = description.connections.idleTimeout.nanoseconds
        arrivals = ArrivalSchedule(description, random: random.stream("arrivals"))
        rotation = RequestRotation(description, random: random.stream("requests"))
        self.random = random.stream("connections")
        streamRandom = random.stream("streams")
        prepared = description.requests.map { prepare($0) }
    }

    /// The figures so far.
    var summary: TrafficSummary { counts.summary(inFlight: requests.count) }

    /// What is to be done now, in order; the next call gives what came after.
    ///
    /// - Parameter room: An empty array that the machine may go on with, so that none is made for each event.
    mutating func takeActions(_ room: inout [TrafficAction]) {
        swap(&actions, &room)
    }

    mutating func act(_ action: TrafficAction) {
        actions.append(action)
    }

    // MARK: Requests made ready

    /// Makes a request ready, and a place for it to go to.
    mutating func prepare(_ request: TrafficRequest) -> PreparedRequest {
        let key = OriginKey(request)
        if let known = originPlaces[key] { return PreparedRequest(request, origin: known) }
        let place = origins.count
        originPlaces[key] = place
        origins.append(Origin(request, description.connections))
        for _ in 0..<description.clients {
            pools.append(ConnectionPool(nextAddress: Int(random.next() >> 33)))
        }
        return PreparedRequest(request, origin: place)
    }

    func pool(client: Int, origin: Int) -> Int { origin * description.clients + client }

    /// The idle time of a new connection: clients do not all give up at the same moment.
    mutating func drawnIdleTimeout() -> Int64 {
        let spread = UInt64(idleTimeout / 5 + 1)
        return idleTimeout - Int64(spread / 2) + Int64(random.next() % spread)
    }

    /// The address that a client's connections come from; nil leaves it to the host.
    func localIP(of client: Int) -> String? {
        let addresses = description.clientAddresses
        return addresses.isEmpty ? nil : addresses[client % addresses.count]
    }

    /// Tells when the traffic has ended for good, and lets its connections go.
    mutating func tellIfDrained(at now: Instant) {
        guard phase == .over || phase == .stopped, requests.count == 0, comingBack == 0 else { return }
        for id in connections.ids where connections[id]?.isOpen == true { close(id, at: now) }
        act(.drained)
    }
}
