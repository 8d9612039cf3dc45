// SPDX-License-Identifier: Apache-2.0

/// What was made of the heads of messages, for heads that come again as the very same value.
///
/// Clients and servers of a simulation make a head once and send it many times; on sockets a head that comes again on a
/// connection is known again. What is remembered is what reading again would give, so it makes no difference but in time.
public struct HeadMemory<Value> {
    @usableFromInline typealias Entry = (head: MessageHead, value: Value)

    /// Each head has one place, by where it lies in memory.
    @usableFromInline var places: ContiguousArray<Entry?>
    @usableFromInline let shift: UInt64

    /// Makes an empty one with a power of two of places.
    @inlinable public init(placeBits: Int = 6) {
        places = ContiguousArray(repeating: nil, count: 1 << placeBits)
        shift = UInt64(64 - placeBits)
    }

    /// What is remembered of a head; nil when it is not known, or another has its place.
    @inlinable public subscript(head: MessageHead) -> Value? {
        get {
            guard let known = places[place(of: head)], known.head.bits == head.bits else { return nil }
            return known.value
        }
        set { places[place(of: head)] = newValue.map { (head, $0) } }
    }

    /// What `make` makes of a head, or made of it before.
    @inlinable public mutating func value(of head: MessageHead, _ make: (MessageHead) -> Value) -> Value {
        let place = place(of: head)
        if let known = places[place], known.head.bits == head.bits { return known.value }
        let value = make(head)
        places[place] = (head, value)
        return value
    }

    @inlinable func place(of head: MessageHead) -> Int {
        Int((head.bits &* 0x9e37_79b9_7f4a_7c15) >> shift)
    }
}

extension HeadMemory: Sendable where Value: Sendable {}

extension MessageHead {
    /// The reference behind which the head lies: the same for copies, another for equal heads that were made apart.
    @usableFromInline var bits: UInt64 {
        unsafeBitCast(self, to: UInt64.self)
    }

    /// True when both are one value behind one reference; equal values that were made apart are not found to be so.
    public func isTriviallyIdentical(to other: MessageHead) -> Bool { bits == other.bits }
}
