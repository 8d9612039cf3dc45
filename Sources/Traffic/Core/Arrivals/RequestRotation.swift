// SPDX-License-Identifier: Apache-2.0
import Ports

/// Which client and which request take an arrival.
///
/// Clients take turns. Each client goes through the requests by itself, so that every client sends every
/// request, whatever their numbers are.
struct RequestRotation: Sendable {
    private let clients: UInt64
    /// Places of requests, each as often as its weight says, evenly mixed.
    private let order: [Int]
    private var random: RandomStream?

    /// Makes a rotation; `random` is drawn from by the random selection only.
    init(_ description: TrafficDescription, random: RandomStream) {
        clients = UInt64(max(1, description.clients))
        order = Self.mix(description.requests.map(\.weight))
        self.random = description.selection == .random ? random : nil
    }

    /// The client of an arrival, counted from 0.
    func client(at arrival: UInt64) -> Int { Int(arrival % clients) }

    /// The place of the request that an arrival begins.
    mutating func request(at arrival: UInt64) -> Int {
        let length = UInt64(order.count)
        let place = random?.next() ?? (arrival / clients &+ arrival % clients)
        return order[Int(place % length)]
    }

    /// Every place as often as its weight, spread as evenly as whole turns allow: smooth weighted round robin.
    private static func mix(_ weights: [Int]) -> [Int] {
        let divisor = weights.reduce(0, greatestCommonDivisor)
        guard divisor > 0 else { return [0] }
        let shares = weights.map { $0 / divisor }
        guard shares.contains(where: { $0 > 1 }) else { return shares.indices.filter { shares[$0] == 1 } }
        let total = shares.reduce(0, +)
        var credits = shares.map { _ in 0 }
        return (0..<total).map { _ in
            var best = 0
            for place in shares.indices {
                credits[place] += shares[place]
                if credits[place] > credits[best] { best = place }
            }
            credits[best] -= total
            return best
        }
    }

    private static func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
        var (one, other) = (one, other)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }
}
