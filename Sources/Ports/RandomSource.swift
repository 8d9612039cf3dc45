// SPDX-License-Identifier: Apache-2.0

/// Where a host's random numbers come from: one independent stream for each purpose.
///
/// Streams are split by name, so a new consumer does not move the numbers that the others get.
public struct RandomSource: Sendable {
    /// The seed that all streams of this host come from.
    public let seed: UInt64

    /// Makes a source.
    public init(seed: UInt64) {
        self.seed = seed
    }

    /// The source of a part of this one.
    public func source(_ name: String) -> RandomSource {
        RandomSource(seed: mixed(name))
    }

    /// A fresh stream; asking twice for one purpose gives the same numbers twice, so ask once and keep it.
    public func stream(_ purpose: String) -> RandomStream {
        RandomStream(seed: mixed(purpose))
    }

    private func mixed(_ name: String) -> UInt64 {
        var state: UInt64 = seed ^ 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 {
            state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        var stream = RandomStream(seed: state)
        return stream.next()
    }
}

/// A repeatable sequence of random numbers (SplitMix64).
public struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes a stream; the same seed gives the same numbers.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    /// A duration between two bounds, both included.
    public mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let (low, high) = (range.lowerBound.nanoseconds, range.upperBound.nanoseconds)
        return .nanoseconds(Int64.random(in: low...high, using: &self))
    }

    /// True with the given chance, from 0 (never) to 1 (always).
    public mutating func chance(_ probability: Double) -> Bool {
        Double(next() >> 11) / Double(1 << 53) < probability
    }

    /// `count` letters drawn from `alphabet`.
    public mutating func letters(_ count: Int, from alphabet: String) -> String {
        let choices = Array(alphabet.unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<count {
            text.append(choices[Int(next() % UInt64(choices.count))])
        }
        return String(text)
    }

    /// A random (version 4) UUID in lower case.
    public mutating func uuid() -> String {
        var bytes = withUnsafeBytes(of: (next().bigEndian, next().bigEndian)) { Array($0) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        return String(unsafeUninitializedCapacity: 36) { text in
            var place = 0
            func append(_ byte: UInt8) {
                text[place] = byte
                place += 1
            }
            func append(digit: UInt8) { append(digit < 10 ? 0x30 + digit : 0x61 - 10 + digit) }
            for (index, byte) in bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { append(UInt8(ascii: "-")) }
                append(digit: byte >> 4)
                append(digit: byte & 15)
            }
            return place
        }
    }
}
