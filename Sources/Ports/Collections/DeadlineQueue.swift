// SPDX-License-Identifier: Apache-2.0

/// Many deadlines with few different lengths, in order, each set and taken back at constant cost.
///
/// Deadlines of one length expire in the order in which they were set, so each length has a list of its own
/// and only the heads of the lists are compared.
public struct DeadlineQueue<Subject: Sendable>: Sendable {
    @usableFromInline struct Node: Sendable {
        @usableFromInline var deadline: Instant
        @usableFromInline var subject: Subject
        @usableFromInline var list: Int32
        @usableFromInline var previous: Int32 = -1
        @usableFromInline var next: Int32 = -1

        @inlinable init(deadline: Instant, subject: Subject, list: Int32) {
            self.deadline = deadline
            self.subject = subject
            self.list = list
        }
    }

    @usableFromInline struct List: Sendable {
        @usableFromInline var length: Int64
        @usableFromInline var head: Int32 = -1
        @usableFromInline var tail: Int32 = -1

        @inlinable init(length: Int64) {
            self.length = length
        }
    }

    /// Names a deadline while it is set.
    public struct ID: Sendable, Hashable {
        @usableFromInline let index: Int32

        @inlinable init(index: Int32) {
            self.index = index
        }
    }

    @usableFromInline var nodes: ContiguousArray<Node> = []
    /// The first free node; the others follow by their `next`.
    @usableFromInline var free: Int32 = -1
    @usableFromInline var lists: [List] = []

    /// Makes an empty queue.
    @inlinable public init() {}

    /// Sets a deadline so many nanoseconds from now; time must not go back between calls.
    @inlinable public mutating func insert(_ subject: Subject, after length: Int64, now: Instant) -> ID {
        let node = Node(
            deadline: Instant(nanoseconds: now.nanoseconds + length),
            subject: subject,
            list: list(of: length)
        )
        let index = free < 0 ? Int32(nodes.count) : free
        if free < 0 {
            nodes.append(node)
        } else {
            free = nodes[Int(index)].next
            nodes[Int(index)] = node
        }
        link(index)
        return ID(index: index)
    }

    /// Sets a deadline anew, as long from `now` as it was at first.
    @inlinable public mutating func renew(_ id: ID, now: Instant) {
        unlink(id.index)
        let length = lists[Int(nodes[Int(id.index)].list)].length
        nodes[Int(id.index)].deadline = Instant(nanoseconds: now.nanoseconds + length)
        link(id.index)
    }

    /// Takes a deadline back.
    @inlinable public mutating func remove(_ id: ID) {
        unlink(id.index)
        nodes[Int(id.index)].next = free
        free = id.index
    }

    /// The earliest deadline; nil when none is set.
    @inlinable public var earliest: Instant? {
        var earliest: Instant?
        for list in lists where list.head >= 0 {
            let deadline = nodes[Int(list.head)].deadline
            if earliest.map({ deadline < $0 }) ?? true { earliest = deadline }
        }
        return earliest
    }

    /// Takes out one deadline that has passed, the earliest; nil when there is none.
    @inlinable public mutating func popExpired(now: Instant) -> Subject? {
        var best: Int32 = -1
        for list in lists where list.head >= 0 && nodes[Int(list.head)].deadline <= now {
            if best < 0 || nodes[Int(list.head)].deadline < nodes[Int(best)].deadline { best = list.head }
        }
        guard best >= 0 else { return nil }
        remove(ID(index: best))
        return nodes[Int(best)].subject
    }

    @inlinable mutating func list(of length: Int64) -> Int32 {
        for index in lists.indices where lists[index].length == length { return Int32(index) }
        lists.append(List(length: length))
        return Int32(lists.count - 1)
    }

    /// Puts a node at the end of its list.
    @inlinable mutating func link(_ index: Int32) {
        let list = Int(nodes[Int(index)].list)
        let tail = lists[list].tail
        lists[list].tail = index
        if tail < 0 { lists[list].head = index }
        nodes.withUnsafeMutableBufferPointer { nodes in
            nodes[Int(index)].previous = tail
            nodes[Int(index)].next = -1
            if tail >= 0 { nodes[Int(tail)].next = index }
        }
    }

    /// Takes a node out of its list.
    @inlinable mutating func unlink(_ index: Int32) {
        let (list, previous, next) = nodes.withUnsafeMutableBufferPointer { nodes in
            let (previous, next) = (nodes[Int(index)].previous, nodes[Int(index)].next)
            if previous >= 0 { nodes[Int(previous)].next = next }
            if next >= 0 { nodes[Int(next)].previous = previous }
            return (Int(nodes[Int(index)].list), previous, next)
        }
        if previous < 0 { lists[list].head = next }
        if next < 0 { lists[list].tail = previous }
    }
}
