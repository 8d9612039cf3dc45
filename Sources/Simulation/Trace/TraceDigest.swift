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
        begin(at: instant, host, cause)
        event.write(to: &self)
    }

    /// Takes an entry of no known cause by what its event has inside.
    mutating func add(_ record: some TraceRecord, at instant: Instant, host: String) {
        begin(at: instant, host, .none)
        record.write(to: &self)
    }

    private mutating func begin(at instant: Instant, _ host: String, _ cause: TraceID) {
        mix(UInt64(bitPattern: instant.nanoseconds))
        mix(text: host)
        mix(cause.number)
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
        let done: Void? = text.utf8.withContiguousStorageIfAvailable {
            mix(bytes: UnsafeRawBufferPointer($0))
        }
        // Texts of ours lie in one piece; one that does not is copied first.
        if done == nil { Array(text.utf8).withUnsafeBytes { mix(bytes: $0) } }
    }

    private mutating func mix(bytes: UnsafeRawBufferPointer) {
        mix(UInt64(bytes.count))
        var place = 0
        while place + 8 <= bytes.count {
            mix(UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place += 8
        }
        let rest = bytes.count - place
        guard rest > 0 else { return }
        var word: UInt64 = 0
        if place > 0 {
            // The rest is the end of the last eight bytes.
            let last = UInt64(
                bigEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
            )
            word = last & (1 << UInt64(8 * rest) - 1)
        } else {
            var next = 0
            if rest & 4 > 0 {
                word = UInt64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
                next = 4
            }
            if rest & 2 > 0 {
                word =
                    word << 16
                    | UInt64(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: next, as: UInt16.self)))
                next += 2
            }
            if rest & 1 > 0 { word = word << 8 | UInt64(bytes[next]) }
        }
        mix(word)
    }

    /// The digest as 16 hexadecimal digits.
    public var text: String {
        var end = self
        end.mix(count)
        let digits = String(end.state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
