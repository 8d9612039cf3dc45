// SPDX-License-Identifier: Apache-2.0

/// Many deadlines with few different lengths, in order, each set and taken back at constant cost.
///
/// Deadlines of one length expire in the order in which they were set, so each length has a list of its own
/// and only the heads of the lists are compared.
package struct DeadlineQueue<Subject: Sendable>: Sendable {
    @usableFromInline package struct Node: Sendable {
        @usableFromInline package var deadline: Instant
        @usableFromInline package var subject: Subject
        @usableFromInline package var list: Int32
        @usableFromInline package var previous: Int32 = -1
        @usableFromInline package var next: Int32 = -1

        @inlinable package init(deadline: Instant, subject: Subject, list: Int32) {
            self.deadline = deadline
            self.subject = subject
            self.list = list
        }
    }

    @usableFromInline package struct List: Sendable {
        @usableFromInline package var length: Int64
        @usableFromInline package var head: Int32 = -1
        @usableFromInline package var tail: Int32 = -1

        @inlinable package init(length: Int64) {
            self.length = length
        }
    }

    /// Names a deadline while it is set.
    package struct ID: Sendable, Hashable {
        @usableFromInline package let index: Int32

        @inlinable package init(index: Int32) {
            self.index = index
        }
    }

    @usableFromInline package var nodes: ContiguousArray<Node> = []
    @usableFromInline package var free: [Int32] = []
    @usableFromInline package var lists: [List] = []

    /// Makes an empty queue.
    @inlinable package init() {}

    /// Sets a deadline so many nanoseconds from now; time must not go back between calls.
    @inlinable package mutating func insert(_ subject: Subject, after length: Int64, now: Instant) -> ID {
        let node = Node(
            deadline: Instant(nanoseconds: now.nanoseconds + length),
            subject: subject,
            list: list(of: length)
        )
        let index: Int32
        if let reused = free.popLast() {
            index = reused
            nodes[Int(index)] = node
        } else {
            index = Int32(nodes.count)
            nodes.append(node)
        }
        link(index)
        return ID(index: index)
    }

    /// Sets a deadline anew, as long from `now` as it was at first.
    @inlinable package mutating func renew(_ id: ID, now: Instant) {
        unlink(id.index)
        let length = lists[Int(nodes[Int(id.index)].list)].length
        nodes[Int(id.index)].deadline = Instant(nanoseconds: now.nanoseconds + length)
        link(id.index)
    }

    /// Takes a deadline back.
    @inlinable package mutating func remove(_ id: ID) {
        unlink(id.index)
        free.append(id.index)
    }

    /// The earliest deadline; nil when none is set.
    @inlinable package var earliest: Instant? {
        var earliest: Instant?
        for list in lists where list.head >= 0 {
            let deadline = nodes[Int(list.head)].deadline
            if earliest.map({ deadline < $0 }) ?? true { earliest = deadline }
        }
        return earliest
    }

    /// Takes out one deadline that has passed, the earliest; nil when there is none.
    @inlinable package mutating func popExpired(now: Instant) -> Subject? {
        var best: Int32 = -1
        for list in lists where list.head >= 0 && nodes[Int(list.head)].deadline <= now {
            if best < 0 || nodes[Int(list.head)].deadline < nodes[Int(best)].deadline { best = list.head }
        }
        guard best >= 0 else { return nil }
        remove(ID(index: best))
        return nodes[Int(best)].subject
    }

    @inlinable package mutating func list(of length: Int64) -> Int32 {
        for index in lists.indices where lists[index].length == length { return Int32(index) }
        lists.append(List(length: length))
        return Int32(lists.count - 1)
    }

    @inlinable package mutating func link(_ index: Int32) {
        let list = Int(nodes[Int(index)].list)
        let tail = lists[list].tail
        nodes[Int(index)].previous = tail
        nodes[Int(index)].next = -1
        if tail >= 0 { nodes[Int(tail)].next = index } else { lists[list].head = index }
        lists[list].tail = index
    }

    @inlinable package mutating func unlink(_ index: Int32) {
        let node = nodes[Int(index)]
        let list = Int(node.list)
        if node.previous >= 0 {
            nodes[Int(node.previous)].next = node.next
        } else {
            lists[list].head = node.next
        }
        if node.next >= 0 {
            nodes[Int(node.next)].previous = node.previous
        } else {
            lists[list].tail = node.previous
        }
    }
}
