// SPDX-License-Identifier: Apache-2.0
import Ports

/// What a link between two hosts does to what crosses it.
public struct LinkCondition: Sendable, Hashable {
    /// One way.
    public var latency: Duration
    /// Up to so much more, drawn for each frame.
    public var jitter: Duration
    /// The chance, 0 to 1, that a packet is lost and has to be sent again after 200 ms, doubling.
    public var loss: Double

    /// Makes a condition; by default a quick and faultless one.
    public init(
        latency: Duration = .microseconds(250),
        jitter: Duration = .microseconds(50),
        loss: Double = 0
    ) {
        self.latency = latency
        self.jitter = jitter
        self.loss = loss
    }
}

/// Names a listener: TCP and QUIC have ports of their own.
struct ListenerKey: Hashable {
    let transport: Transport
    let address: SocketAddress
}

/// The network of a simulated world: who has which address, who listens, what links do, which names exist.
///
/// A partition holds what is sent until it is healed, as retransmission would, and ends connections that wait
/// longer than `patience`. It belongs to its simulation's thread.
public final class NetworkFabric: @unchecked Sendable {
    let executor: SimulationExecutor
    @exclusivity(unchecked) private var random: RandomStream
    private var owners: [String: SimulatedHost] = [:]
    var listeners: [ListenerKey: SimulatedListener] = [:]
    private var names: [String: [String]] = [:]
    private var links: [LinkKey: LinkCondition] = [:] { didSet { version += 1 } }
    @exclusivity(unchecked) private var cuts: Set<LinkKey> = [] { didSet { version += 1 } }
    @exclusivity(unchecked) private var quicCuts: Set<LinkKey> = [] { didSet { version += 1 } }
    private var migrationLosses: Set<LinkKey> = []
    /// Rises with every change of a link, so that hosts know when what they remember of links is out of date.
    @exclusivity(unchecked) private(set) var version: UInt64 = 0
    private var nextConnection: UInt64 = 1
    private var nextClientAddress = 0
    /// The condition of links that have none of their own.
    public var defaultCondition = LinkCondition() { didSet { version += 1 } }
    /// How long a connection lives on while nothing gets through.
    public var patience: Duration = .seconds(120)

    /// A pair of hosts; the order does not matter.
    ///
    /// `*` stands for every host.
    private struct LinkKey: Hashable {
        let first: String
        let second: String

        init(_ one: String, _ other: String) {
            (first, second) = one < other ? (one, other) : (other, one)
        }
    }

    init(executor: SimulationExecutor, random: RandomStream) {
        self.executor = executor
        self.random = random
    }

    // MARK: Faults and conditions

    /// Sets what a link does; `*` stands for every other host.
    public func setCondition(_ condition: LinkCondition?, between one: String, and other: String) {
        executor.assertOwnThread()
        links[LinkKey(one, other)] = condition
    }

    /// Cuts two hosts from each other; `*` stands for every other host.
    public func cut(_ one: String, _ other: String) {
        executor.assertOwnThread()
        cuts.insert(LinkKey(one, other))
    }

    /// Takes a cut back.
    public func heal(_ one: String, _ other: String) {
        executor.assertOwnThread()
        cuts.remove(LinkKey(one, other))
    }

    /// Lets no QUIC packet through between two hosts, while TCP goes on: a dead UDP path.
    public func setQUICBlocked(_ isBlocked: Bool, _ one: String, _ other: String) {
        executor.assertOwnThread()
        if isBlocked { quicCuts.insert(LinkKey(one, other)) } else { quicCuts.remove(LinkKey(one, other)) }
    }

    /// Loses QUIC connections whose client goes on from another address, as balancers do that spread packets by
    /// addresses and ports and do not look at connection ids; `*` stands for every other host.
    public func setMigrationLost(_ isLost: Bool, _ one: String, _ other: String) {
        executor.assertOwnThread()
        if isLost {
            migrationLosses.insert(LinkKey(one, other))
        } else {
            migrationLosses.remove(LinkKey(one, other))
        }
    }

    func losesMigrations(_ one: HostState, _ other: HostState) -> Bool {
        [LinkKey(one.name, other.name), LinkKey(one.name, "*"), LinkKey("*", other.name)]
            .contains(where: migrationLosses.contains)
    }

    /// Resets every open connection between two hosts.
    public func reset(_ one: String, _ other: String) {
        executor.assertOwnThread()
        for host in hosts(named: one) {
            for connection in host.sortedConnections where other == "*" || connection.peerName == other {
                connection.breakBothEnds()
            }
        }
    }

    private func hosts(named name: String) -> [HostState] {
        var seen: [String: HostState] = [:]
        for owner in owners.values where name == "*" || owner.state.name == name {
            seen[owner.state.name] = owner.state
        }
        return seen.values.sorted { $0.name < $1.name }
    }

    // MARK: Crossing

    /// True when nothing gets from one host to another.
    func isCut(_ one: HostState, _ other: HostState, _ transport: Transport) -> Bool {
        if cuts.isEmpty && quicCuts.isEmpty { return false }
        let link = link(one, other)
        return link.isCut || (transport == .quic && link.isQUICCut)
    }

    /// How long a frame takes from one host to another.
    func delay(from one: HostState, to other: HostState) -> Int64 {
        delay(on: link(one, other))
    }

    /// What a host does to what it sends to itself: it takes 20 µs, whatever happens to links.
    private static let loopback = LinkState(
        latency: 20_000,
        jitter: 0,
        loss: 0,
        isCut: false,
        isQUICCut: false
    )

    /// How long a frame takes on a link.
    func delay(on link: LinkState) -> Int64 {
        var total = link.latency
        if link.jitter > 0 { total += Int64(random.next() % UInt64(link.jitter)) }
        if link.loss > 0 {
            var pause: Int64 = 200_000_000
            while random.chance(link.loss), pause < 60_000_000_000 {
                total += pause
                pause *= 2
            }
        }
        return total
    }

    /// What a link does now; hosts remember it until any link changes, since every frame asks.
    func link(_ one: HostState, _ other: HostState) -> LinkState {
        if one === other { return Self.loopback }
        if one.linksVersion != version {
            one.linksVersion = version
            one.links.removeAll(keepingCapacity: true)
        }
        if let known = one.links[ObjectIdentifier(other)] { return known }
        let keys = [LinkKey(one.name, other.name), LinkKey(one.name, "*"), LinkKey("*", other.name)]
        let condition = keys.lazy.compactMap { self.links[$0] }.first ?? defaultCondition
        let state = LinkState(
            latency: condition.latency.nanoseconds,
            jitter: condition.jitter.nanoseconds,
            loss: condition.loss,
            isCut: keys.contains(where: cuts.contains),
            isQUICCut: keys.contains(where: quicCuts.contains)
        )
        one.links[ObjectIdentifier(other)] = state
        return state
    }

    // MARK: Names and addresses

    /// Gives a name its addresses; none removes it.
    public func setName(_ name: String, addresses: [String]) {
        executor.assertOwnThread()
        names[name.lowercased()] = addresses.isEmpty ? nil : addresses
    }

    func addresses(of name: String) -> [String]? {
        if SimulatedNetwork.isAddress(name) { return [name] }
        return names[name.lowercased()]
    }

    func claim(_ ip: String, _ host: SimulatedHost) {
        executor.assertOwnThread()
        owners[ip] = host
        if host.state.address == nil { host.state.address = ip }
    }

    func release(_ ip: String, _ host: SimulatedHost) {
        executor.assertOwnThread()
        if owners[ip]?.state === host.state { owners[ip] = nil }
    }

    /// The host that has an address; nil when packets to it are lost.
    func owner(of ip: String) -> HostState? {
        guard let owner = owners[ip], owner.state.isUp else { return nil }
        return owner.state
    }

    /// The first address of a host, as the other side of its connections sees it; made up when it has none.
    func address(of host: HostState) -> String {
        if let known = host.address { return known }
        nextClientAddress += 1
        let address = "192.168.\(nextClientAddress / 250).\(nextClientAddress % 250 + 1)"
        host.address = address
        return address
    }

    func makeConnectionNumber() -> UInt64 {
        defer { nextConnection += 1 }
        return nextConnection
    }

    // MARK: Crashes

    /// Ends all connections and listeners of a host; the other ends get a reset unless it happens silently.
    func drop(_ host: HostState, silently: Bool) {
        for listener in host.listeners.values { listeners[listener.key] = nil }
        host.listeners = [:]
        let connections = host.sortedConnections
        host.connections = [:]
        for connection in connections { connection.lose(silently: silently) }
    }

    /// Breaks the circles of references between the ends of connections and their handlers.
    func clear(_ hosts: [HostState]) {
        for host in hosts {
            for connection in host.connections.values { connection.forget() }
            host.connections = [:]
            host.listeners = [:]
        }
        listeners = [:]
        owners = [:]
    }
}
