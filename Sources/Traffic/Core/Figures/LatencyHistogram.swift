// SPDX-License-Identifier: Apache-2.0
import Ports

/// Counts durations in buckets that grow with them: integers only, each bucket within 3 % of what it holds.
public struct LatencyHistogram: Sendable, Hashable {
    /// 32 buckets for each doubling.
    private static let precision = 5

    private var buckets: [UInt32] = []
    private var sum: UInt128 = 0
    /// How many were counted.
    public private(set) var count = 0
    /// The shortest; zero when none was counted.
    public private(set) var shortest = Duration.zero
    /// The longest; zero when none was counted.
    public private(set) var longest = Duration.zero
    private var lowest = Int64.max
    private var highest: Int64 = 0

    /// Makes an empty histogram.
    public init() {}

    /// Counts a duration; a negative one counts as zero.
    public mutating func add(_ duration: Duration) {
        add(nanoseconds: duration.nanoseconds)
    }

    mutating func add(nanoseconds: Int64) {
        let value = max(0, nanoseconds)
        let place = Self.bucket(of: UInt64(value))
        if place >= buckets.count {
            buckets += Array(repeating: 0, count: place + 1 - buckets.count)
        }
        buckets[place] &+= 1
        count += 1
        sum += UInt128(value)
        if value < lowest {
            lowest = value
            shortest = .nanoseconds(value)
        }
        if value > highest {
            highest = value
            longest = .nanoseconds(value)
        }
    }

    /// The mean, rounded down; zero when nothing was counted.
    public var mean: Duration { count == 0 ? .zero : .nanoseconds(Int64(sum / UInt128(count))) }

    /// The duration that so many in a thousand do not exceed, rounded up to the end of its bucket: 500 for
    /// the median, 999 for the slowest one in a thousand.
    public func quantile(perMille: Int) -> Duration {
        let share = min(1000, max(0, perMille))
        let rank = max(1, (count * share + 999) / 1000)
        var seen = 0
        for (place, held) in buckets.enumerated() where held > 0 {
            seen += Int(held)
            if seen >= rank { return .nanoseconds(min(Self.end(of: place), highest)) }
        }
        return .zero
    }

    private static func bucket(of value: UInt64) -> Int {
        let bits = UInt64.bitWidth - value.leadingZeroBitCount
        let shift = max(0, bits - precision - 1)
        return shift << precision + Int(value >> UInt64(shift))
    }

    /// The largest value that a bucket holds.
    private static func end(of place: Int) -> Int64 {
        guard place >= 2 << precision else { return Int64(place) }
        let shift = place >> precision - 1
        let top = UInt64(place - shift << precision)
        return Int64(clamping: (top + 1) << UInt64(shift) - 1)
    }
}
