// SPDX-License-Identifier: Apache-2.0
public import Ports

/// A hash over trace entries in order, integers only: equal runs have equal digests.
///
/// It tells runs apart, and is no protection against forgery.
public struct TraceDigest: Sendable, TraceWriter {
    private var state: UInt64 = 0x243f_6a88_85a3_08d3
    private var count: UInt64 = 0

    /// Makes the digest of nothing.
    public init() {}

    /// Takes an entry.
    public mutating func add(_ entry: TraceEntry) {
        add(entry.event, at: entry.at, host: entry.host, cause: entry.cause)
    }

    /// Takes what an entry tells.
    public mutating func add(_ event: TraceEvent, at instant: Instant, host: String, cause: TraceID) {
        mix(UInt64(bitPattern: instant.nanoseconds))
        mix(text: host)
        mix(cause.number)
        event.write(to: &self)
        count += 1
    }

    /// Takes a number.
    public mutating func column(_ name: StaticString, _ value: Int64) {
        mix(UInt64(bitPattern: value))
    }

    /// Takes a text.
    public mutating func column(_ name: StaticString, _ value: String) {
        mix(text: value)
    }

    private mutating func mix(_ value: UInt64) {
        let (high, low) = (state ^ value).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        state = (high ^ low) &+ 0x1319_8a2e_0370_7344
    }

    private mutating func mix(text: String) {
        var copy = text
        copy.withUTF8 { bytes in
            mix(UInt64(bytes.count))
            let raw = UnsafeRawBufferPointer(bytes)
            var place = 0
            while place + 8 <= raw.count {
                mix(UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
                place += 8
            }
            guard place < raw.count else { return }
            var word: UInt64 = 0
            while place < raw.count {
                word = word << 8 | UInt64(raw[place])
                place += 1
            }
            mix(word)
        }
    }

    /// The digest as 16 hexadecimal digits.
    public var text: String {
        var end = self
        end.mix(count)
        let digits = String(end.state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
