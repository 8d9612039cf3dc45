// SPDX-License-Identifier: Apache-2.0

/// Consistent hashing: each server owns points on a ring, and a hash belongs to the next point.
///
/// A server has as many points as its weight earns. When one leaves, only its own share moves.
///
/// - Source: consistent hashing is documented; the number of points is assumed.
struct HashRing: Sendable {
    private static let pointsAtFullWeight = 128
    private let points: [(hash: UInt64, place: Int)]

    init(_ labels: [String], weights: [Int]) {
        let heaviest = max(1, weights.max() ?? 1)
        var points: [(hash: UInt64, place: Int)] = []
        for (place, label) in labels.enumerated() where weights[place] > 0 {
            let count = max(1, weights[place] * HashRing.pointsAtFullWeight / heaviest)
            for number in 0..<count { points.append((HashRing.hash("\(label)#\(number)"), place)) }
        }
        self.points = points.sorted { ($0.hash, $0.place) < ($1.hash, $1.place) }
    }

    /// A text's place on the ring.
    static func hash(_ text: String) -> UInt64 {
        var rolling = RollingHash()
        for byte in text.utf8 { rolling.add(byte) }
        var bits = rolling.value
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    /// The first usable server at or after `hash`; nil when none is.
    func place(of hash: UInt64, isUsable: (Int) -> Bool) -> Int? {
        guard !points.isEmpty else { return nil }
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        for step in 0..<points.count {
            let place = points[(low + step) % points.count].place
            if isUsable(place) { return place }
        }
        return nil
    }
}
