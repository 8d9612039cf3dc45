// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// The state of one node and all that it does; its extensions are sorted by who speaks to it.
struct NodeMachine {
    /// What a deadline is about.
    enum Subject: Sendable {
        case client(SlotID)
        case exchange(SlotID)
        case upstream(SlotID)
        case check(SlotID)
        case drain(SlotID)
        /// What a listener carries of older versions than that is to end.
        case reload(SlotID, version: Int64)
    }

    let host: Host
    let zone: String
    let settings: DataPlaneSettings
    let cache: ListenerCache
    /// Whom handlers report to; set once, right after both were made.
    unowned var node: DataPlaneNode?

    var loadBalancers: [String: ServedLoadBalancer] = [:]
    var listeners = Slab<ServedListener>()
    var clients = Slab<Client>()
    var exchanges = Slab<Exchange>()
    var upstreams = Slab<Upstream>()
    var checks = Slab<Check>()
    /// Checks by the server's address; only looked up.
    var checksByAddress: [String: [SlotID]] = [:]
    var drains = Slab<Backend>()
    /// What was found in the heads of servers' answers; nil in heads of requests.
    var answers = HeadMemory<ServerAnswer?>()
    var deadlines = DeadlineQueue<Subject>()
    /// When the callback came that is being handled.
    var now: Instant
    private var alarm: (instant: Instant, timer: TimerID)?
    var groupShares: RandomStream
    let requestReadNanoseconds: Int64
    let upstreamIdleNanoseconds: Int64
    let lingerNanoseconds: Int64
    let pages: [OwnAnswer: (head: HTTPResponse, body: [UInt8])]

    init(host: Host, zone: String, settings: DataPlaneSettings, cache: ListenerCache) {
        self.host = host
        self.zone = zone
        self.settings = settings
        self.cache = cache
        requestReadNanoseconds = settings.requestReadTimeout.nanoseconds
        upstreamIdleNanoseconds = settings.upstreamIdleTimeout.nanoseconds
        lingerNanoseconds = settings.lingerTimeout.nanoseconds
        now = host.clock.now
        groupShares = host.random.stream("group shares")
        pages = Dictionary(
            uniqueKeysWithValues: OwnAnswer.allCases.compactMap { own in own.page.map { (own, $0) } }
        )
    }

    // MARK: Deadlines

    /// Sets a deadline so many nanoseconds from now, and makes sure that somebody wakes up for it.
    mutating func setDeadline(_ subject: Subject, after nanoseconds: Int64) -> DeadlineQueue<Subject>.ID {
        let id = deadlines.insert(subject, after: nanoseconds, now: now)
        wake(at: Instant(nanoseconds: now.nanoseconds + nanoseconds))
        return id
    }

    private mutating func wake(at instant: Instant) {
        if let alarm {
            guard instant < alarm.instant else { return }
            host.clock.cancel(alarm.timer)
        }
        guard let node else { return }
        let timer = host.clock.schedule(at: instant) { node.feed { $0.alarmRang() } }
        alarm = (instant, timer)
    }

    /// Handles what has expired.
    ///
    /// An alarm is not moved when its deadline is taken back, so there may be nothing.
    mutating func alarmRang() {
        alarm = nil
        while let subject = deadlines.popExpired(now: now) {
            switch subject {
            case .client(let id): clientIdle(id)
            case .exchange(let id): exchangeExpired(id)
            case .upstream(let id): upstreamIdle(id)
            case .check(let id): checkExpired(id)
            case .drain(let id): drainEnded(id)
            case .reload(let id, let version): reloadEnded(id, version)
            }
        }
        if let earliest = deadlines.earliest { wake(at: earliest) }
    }

    func note(_ message: String) {
        host.trace.record(.note(Note(topic: "warning", message: message)))
    }
}
