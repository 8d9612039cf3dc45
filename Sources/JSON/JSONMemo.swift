// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Remembers what was read lately: the same document goes to many readers, as an object to all who watch it.
///
/// Reading is a question of the bytes alone, so a remembered answer is the one that reading again would give.
public final class JSONMemo: Sendable {
    private struct Entry: Sendable {
        var hash: UInt64 = 0
        var bytes: [UInt8] = []
        var value = JSONValue.null
    }

    /// Longer documents are read again: they are few, and would be kept for long.
    private let longest: Int
    /// Each document has one place, by its hash.
    private let entries: Mutex<[Entry]>

    /// Makes an empty one.
    ///
    /// - Parameters:
    ///   - places: How many documents it remembers at most; a power of two.
    ///   - longest: The most bytes that a remembered document has.
    public init(places: Int = 256, longest: Int = 8192) {
        precondition(places > 0 && places & (places - 1) == 0, "expected a power of two")
        self.longest = longest
        entries = Mutex(Array(repeating: Entry(), count: places))
    }

    /// Reads a document, or gives what it was when it was read before.
    ///
    /// - Throws: `JSONError` with the first byte that does not fit.
    public func value(of bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
        guard bytes.count <= longest else { return try JSONValue(parsing: bytes) }
        let hash = Self.hash(bytes)
        let known: JSONValue? = entries.withLock { entries in
            let place = Int(truncatingIfNeeded: hash) & (entries.count - 1)
            guard entries[place].hash == hash, Self.isSame(bytes, entries[place].bytes) else { return nil }
            return entries[place].value
        }
        if let known { return known }
        let value = try JSONValue(parsing: bytes)
        let entry = Entry(hash: hash, bytes: Array(bytes), value: value)
        // What was there before goes after the lock is free: an object takes a while to be let go of.
        let old = entries.withLock { entries in
            let place = Int(truncatingIfNeeded: hash) & (entries.count - 1)
            let old = entries[place]
            entries[place] = entry
            return old
        }
        _ = old
        return value
    }

    /// Reads a document, or gives what it was when it was read before.
    ///
    /// - Throws: `JSONError` with the first byte that does not fit.
    public func value(of bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in try value(of: buffer) }
    }

    private static func isSame(_ bytes: UnsafeBufferPointer<UInt8>, _ known: [UInt8]) -> Bool {
        guard bytes.count == known.count else { return false }
        return known.withUnsafeBytes { known in
            let raw = UnsafeRawBufferPointer(bytes)
            var place = 0
            while place + 8 <= raw.count {
                let (one, other) = (
                    raw.loadUnaligned(fromByteOffset: place, as: UInt64.self),
                    known.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                )
                if one != other { return false }
                place += 8
            }
            while place < raw.count {
                if raw[place] != known[place] { return false }
                place += 1
            }
            return true
        }
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = UInt64(bytes.count) &+ 0x243f_6a88_85a3_08d3
        func mix(_ value: UInt64) {
            let (high, low) = (state ^ value).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
            state = (high ^ low) &+ 0x1319_8a2e_0370_7344
        }
        var place = 0
        while place + 8 <= raw.count {
            mix(raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            place += 8
        }
        var last: UInt64 = 0
        while place < raw.count {
            last = last << 8 | UInt64(raw[place])
            place += 1
        }
        mix(last)
        return state
    }
}
