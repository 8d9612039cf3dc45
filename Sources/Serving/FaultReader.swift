// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// Reads the members of one item of a request for faults; times are in seconds.
struct FaultReader {
    let item: JSONValue
    let place: String
    let now: Instant

    init(_ item: JSONValue, at place: String, now: Instant) {
        self.item = item
        self.place = place
        self.now = now
    }

    func mistake(_ member: String, _ expected: String) -> FaultMistake {
        FaultMistake(
            "\(place).\(member): expected \(expected), found \((item[member] ?? .null).text.prefix(60))"
        )
    }

    func checkMembers(_ known: Set<String>) throws(FaultMistake) {
        guard let members = item.objectValue else { throw FaultMistake("\(place): expected an object") }
        for member in members where !known.contains(member.key) {
            throw FaultMistake(
                "\(place): unknown member \(member.key); known are \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    func text(_ member: String) throws(FaultMistake) -> String? {
        guard let value = item[member] else { return nil }
        guard let text = value.stringValue else { throw mistake(member, "a text") }
        return text
    }

    func needed(_ member: String) throws(FaultMistake) -> String {
        guard let text = try text(member), !text.isEmpty else { throw mistake(member, "a text") }
        return text
    }

    func number(_ member: String) throws(FaultMistake) -> Int? {
        guard let value = item[member] else { return nil }
        guard let number = value.intValue, number >= 0 else { throw mistake(member, "a whole number") }
        return number
    }

    func seconds(_ member: String) throws(FaultMistake) -> Duration? {
        guard let value = item[member] else { return nil }
        guard let duration = Self.duration(value) else { throw mistake(member, "seconds") }
        return duration
    }

    func neededSeconds(_ member: String) throws(FaultMistake) -> Duration {
        guard let duration = try seconds(member) else { throw mistake(member, "seconds") }
        return duration
    }

    /// A number of seconds, or two that bound it.
    static func range(_ value: JSONValue) -> ClosedRange<Duration>? {
        if let one = duration(value) { return one...one }
        guard let bounds = value.arrayValue, bounds.count == 2, let low = duration(bounds[0]),
            let high = duration(bounds[1]), low <= high
        else { return nil }
        return low...high
    }

    private static func duration(_ value: JSONValue) -> Duration? {
        guard let number = value.doubleValue, number >= 0, number < 1e9 else { return nil }
        return .nanoseconds(Int64(number * 1e9))
    }
}
