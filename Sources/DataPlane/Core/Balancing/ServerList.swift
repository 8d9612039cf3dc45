// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports

/// The members of a group in one configuration, and the state of choosing among them on one node.
///
/// - Source: documented: weight 0 gets nothing; when all checked servers are unhealthy, all get requests.
///   That servers before their first verdict stay out even then is assumed. In slow start a server's share grows
///   in proportion to the time since it came, with weighted round robin only: documented.
final class ServerList {
    let backends: [Backend]
    private let weights: [Int]
    private let isInReach: [Bool]
    private let scheduler: ServerGroupConfiguration.Scheduler
    /// How long a new server's share grows; nil without slow start.
    private let slowNanoseconds: Int64?
    @exclusivity(unchecked) private var wheel: SmoothWheel
    private var ring: HashRing?
    /// The members that may be chosen now; nil after something changed.
    @exclusivity(unchecked) private var usable: [Int]?

    /// Makes a list of servers in the order of `group.servers`, for a node in `zone`.
    ///
    /// It takes over whose turn it is in the list that it follows.
    init(_ group: ServerGroupConfiguration, backends: [Backend], zone: String, previous: ServerList?) {
        self.backends = backends
        weights = group.servers.map { max(0, $0.weight) }
        isInReach = group.servers.map { group.isCrossZone || $0.zone.isEmpty || $0.zone == zone }
        scheduler = group.scheduler
        slowNanoseconds = scheduler == .weightedRoundRobin ? group.slowStart?.nanoseconds : nil
        wheel = SmoothWheel(count: backends.count)
        if let previous {
            var turns: [Backend.Key: Int] = [:]
            for (index, backend) in previous.backends.enumerated() {
                turns[backend.key] = previous.wheel.turns[index]
            }
            wheel.turns = backends.map { turns[$0.key] ?? 0 }
        }
    }

    /// Must be called when a member's health changed.
    func healthChanged() {
        usable = nil
    }

    /// The members that may be chosen now, by their places.
    var usablePlaces: [Int] {
        if let usable { return usable }
        let candidates = backends.indices.filter {
            weights[$0] > 0 && isInReach[$0] && !backends[$0].isRemoved
        }
        var places = candidates.filter { backends[$0].isUp }
        if places.isEmpty {
            places = candidates.filter { backends[$0].health?.state == .unhealthy }
        }
        usable = places
        return places
    }

    /// A member begins to get requests: its share grows from now on, unless nobody else could carry the rest.
    func startSlowly(_ backend: Backend, now: Instant) {
        backend.slowSince = nil
        guard slowNanoseconds != nil else { return }
        let others = usablePlaces.filter { backends[$0] !== backend && backends[$0].slowSince == nil }
        if !others.isEmpty { backend.slowSince = now }
    }

    /// The member that cookies of sessions call so, when it may be chosen now.
    func member(marked mark: String) -> Backend? {
        usablePlaces.lazy.map { self.backends[$0] }.first { $0.mark == mark }
    }

    /// True when requests go to servers only because none is healthy.
    var isFailOpen: Bool { usablePlaces.first.map { !backends[$0].isUp } ?? false }

    /// True when the list needs to know where the request hashes to.
    var hashParameter: HashParameter? {
        switch scheduler {
        case .weightedRoundRobin, .weightedLeastConnections: nil
        case .sourceHash: .source
        case .queryHash(let parameter): .query(parameter)
        }
    }

    /// What a consistent hash is taken of.
    enum HashParameter {
        case source
        case query(String)
    }

    /// Chooses a server.
    ///
    /// - Parameters:
    ///   - hash: What the request hashes to, for the schedulers that want it.
    ///   - tried: Servers that this request could not reach.
    ///   - now: The present time, for members in slow start.
    /// - Returns: nil when none is left.
    func choose(hash: UInt64, tried: [Backend] = [], now: Instant) -> Backend? {
        let places = usablePlaces
        guard tried.isEmpty else {
            let left = places.filter { place in !tried.contains { $0 === backends[place] } }
            return choose(among: left, hash: hash, now: now)
        }
        return choose(among: places, hash: hash, now: now)
    }

    private func choose(among places: [Int], hash: UInt64, now: Instant) -> Backend? {
        guard places.count > 1 else { return places.first.map { backends[$0] } }
        switch scheduler {
        case .weightedRoundRobin:
            guard let slowNanoseconds else {
                return backends[wheel.next(among: places, weights: weights)]
            }
            return backends[wheel.next(among: places, weights: growing(over: slowNanoseconds, now))]
        case .weightedLeastConnections:
            return backends[leastLoaded(among: places)]
        case .sourceHash, .queryHash:
            return backends[ringPlace(hash, among: places)]
        }
    }

    /// The weights in hundredths, smaller for members in slow start; a member whose time is over has all of its.
    private func growing(over duration: Int64, _ now: Instant) -> [Int] {
        backends.indices.map { place in
            guard let since = backends[place].slowSince else { return weights[place] * 100 }
            let passed = since.duration(to: now).nanoseconds
            if passed >= duration {
                backends[place].slowSince = nil
                return weights[place] * 100
            }
            return weights[place] == 0 ? 0 : max(1, weights[place] * Int(passed / max(1, duration / 100)))
        }
    }

    /// The fewest requests for its weight; of equals the one whose turn it is.
    private func leastLoaded(among places: [Int]) -> Int {
        var best: [Int] = []
        for place in places {
            guard let first = best.first else {
                best = [place]
                continue
            }
            let (mine, theirs) = (
                backends[place].active * weights[first], backends[first].active * weights[place]
            )
            if mine < theirs { best = [place] } else if mine == theirs { best.append(place) }
        }
        return best.count == 1 ? best[0] : wheel.next(among: best, weights: weights)
    }

    private func ringPlace(_ hash: UInt64, among places: [Int]) -> Int {
        let ring = self.ring ?? HashRing(backends.map(\.label), weights: weights)
        self.ring = ring
        return ring.place(of: hash) { place in places.contains(place) } ?? places[0]
    }
}
