// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// The members of a group in one configuration, and the state of choosing among them on one node.
///
/// - Source: documented: weight 0 gets nothing; when all checked servers are unhealthy, all get requests.
///   That servers before their first verdict stay out even then is assumed.
final class ServerList {
    let backends: [Backend]
    private let weights: [Int]
    private let isInReach: [Bool]
    private let scheduler: ServerGroupConfiguration.Scheduler
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
    /// - Returns: nil when none is left.
    func choose(hash: UInt64, tried: [Backend] = []) -> Backend? {
        let places = usablePlaces
        guard tried.isEmpty else {
            let left = places.filter { place in !tried.contains { $0 === backends[place] } }
            return choose(among: left, hash: hash)
        }
        return choose(among: places, hash: hash)
    }

    private func choose(among places: [Int], hash: UInt64) -> Backend? {
        guard places.count > 1 else { return places.first.map { backends[$0] } }
        switch scheduler {
        case .weightedRoundRobin:
            return backends[wheel.next(among: places, weights: weights)]
        case .weightedLeastConnections:
            return backends[leastLoaded(among: places)]
        case .sourceHash, .queryHash:
            return backends[ringPlace(hash, among: places)]
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
