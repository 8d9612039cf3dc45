// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object, in the order in which they came; each name once.
///
/// Looking a member up walks the list while it is short, which is faster than hashing for the objects that
/// APIs exchange; long objects keep an index.
public struct JSONObject: Sendable {
    /// A member.
    public struct Member: Sendable {
        /// The name.
        public let key: String
        /// The value.
        public var value: JSONValue

        /// Makes a member.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The members in order.
    public private(set) var members: [Member] = []
    /// Places by name; kept only for more members than `indexLimit`.
    private var index: [String: Int]?
    private static let indexLimit = 24

    /// Makes an empty object.
    public init() {}

    /// Makes an object; of two members of one name the last value stays, at the first one's place.
    public init(_ pairs: some Sequence<(String, JSONValue)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// Makes an object of members whose names are known to differ.
    public init(distinct members: [Member]) {
        self.members = members
        reindex()
    }

    /// How many members there are.
    public var count: Int { members.count }

    /// True without members.
    public var isEmpty: Bool { members.isEmpty }

    /// The names in order.
    public var keys: some Sequence<String> { members.lazy.map(\.key) }

    private func place(_ key: String) -> Int? {
        if let index {
            guard let place = index[key] else { return nil }
            if members[place].key.hasSameBytes(as: key) { return place }
            // The index has room for one of several names that Swift takes for equal.
        }
        // Not through closures and copies: nothing is asked as often as this.
        return members.withUnsafeBufferPointer { members in
            for place in 0..<members.count where members[place].key.hasSameBytes(as: key) { return place }
            return nil
        }
    }

    /// A member's value; setting keeps the place of a known name, appends a new one, and removes with nil.
    public subscript(_ key: String) -> JSONValue? {
        get {
            place(key).map { members[$0].value }
        }
        set {
            let known = place(key)
            switch (known, newValue) {
            case (let place?, let value?):
                members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                reindex()
            case (nil, let value?):
                members.append(Member(key: key, value: value))
                if index != nil { index?[key] = members.count - 1 } else { reindex() }
            case (nil, nil): break
            }
        }
    }

    /// A member's member, without a copy of what is on the way; nil when there is none.
    public subscript(_ first: String, _ second: String) -> JSONValue? {
        guard let outer = place(first) else { return nil }
        return members.withUnsafeBufferPointer { members in
            guard case .object(let object) = members[outer].value else { return nil }
            return object[second]
        }
    }

    /// Makes room for a few members.
    mutating func reserve(_ count: Int) { members.reserveCapacity(count) }

    /// Appends a member without looking whether its name is taken: for a reader that knows.
    mutating func appendUnchecked(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }

    /// True when two of few members have one name; most are told apart by a glance at the length and two letters.
    private var hasTwins: Bool {
        members.withUnsafeBufferPointer { members in
            var seen: UInt64 = 0
            for later in 0..<members.count {
                let utf8 = members[later].key.utf8
                let look = utf8.count &* 7 &+ Int(utf8.first ?? 0) &* 3 &+ Int(utf8.last ?? 0)
                let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: look & 63)
                if seen & bit != 0 {
                    for earlier in 0..<later where members[earlier].key.hasSameBytes(as: members[later].key) {
                        return true
                    }
                }
                seen |= bit
            }
            return false
        }
    }

    /// Takes the last of members with one name, at the first one's place, as most readers do.
    mutating func settle() {
        guard members.count > 1 else { return }
        if members.count <= Self.indexLimit {
            if !hasTwins { return }
        }
        let all = members
        members = []
        for member in all { self[member.key] = member.value }
    }

    /// Puts the members in the order of their names, compared as bytes.
    public mutating func sortKeys() {
        members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        reindex()
    }

    /// Removes the members that do not satisfy the condition.
    public mutating func filter(_ isKept: (Member) -> Bool) {
        members.removeAll { !isKept($0) }
        reindex()
    }

    private mutating func reindex() {
        guard members.count > Self.indexLimit else {
            index = nil
            return
        }
        var fresh: [String: Int] = [:]
        for (place, member) in members.enumerated() { fresh[member.key] = place }
        index = fresh
    }
}

extension JSONObject: Sequence {
    /// The members in order.
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: Hashable {
    /// Objects are equal when they have equal members, in any order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.members.count == right.members.count else { return false }
        // A copy that nobody has changed has the same storage.
        let isCopy = left.members.withUnsafeBufferPointer { first in
            right.members.withUnsafeBufferPointer { $0.baseAddress == first.baseAddress }
        }
        if isCopy { return true }
        for (place, member) in left.members.enumerated() {
            // Most equal objects have one order too.
            let twin = right.members[place]
            if twin.key.hasSameBytes(as: member.key) {
                if twin.value != member.value { return false }
            } else if right[member.key] != member.value {
                return false
            }
        }
        return true
    }

    /// Hashes the members without regard to their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var one = Hasher()
            one.combine(member.key)
            one.combine(member.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object; of two members of one name the last stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }
}
