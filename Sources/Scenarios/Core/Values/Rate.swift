// SPDX-License-Identifier: Apache-2.0
import Ports

/// How often something happens: `100/s`, `6/min`.
public struct Rate: Sendable, Hashable, CustomStringConvertible {
    /// How many times in each period; at least 1.
    public let count: Int
    /// The period: a second, a minute or an hour.
    public let period: Duration

    /// Makes a rate.
    public init(count: Int, per period: Duration) {
        self.count = count
        self.period = period
    }

    /// The time from one to the next.
    public var interval: Duration { .nanoseconds(period.nanoseconds / Int64(count)) }

    /// `100/s`.
    public var description: String {
        let unit = Self.units.first { $0.period == period }?.name ?? period.humanText
        return "\(count)/\(unit)"
    }

    private static let units: [(name: String, period: Duration)] = [
        ("s", .seconds(1)), ("min", .seconds(60)), ("h", .seconds(3600)), ("m", .seconds(60)),
    ]

    /// Reads a rate.
    ///
    /// - Throws: what is wrong with it.
    init(parsing text: String) throws(ValueProblem) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " } }
        guard parts.count == 2 else {
            if let count = Int(text) {
                throw ValueProblem(
                    "the rate \"\(text)\" has no unit",
                    "write \(count)/s, \(count)/min or \(count)/h"
                )
            }
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            throw ValueProblem(
                "\"\(text)\" is no rate",
                digits.isEmpty
                    ? "write a rate such as 100/s or 6/min" : "did you mean \(digits)/s? units: /s, /min, /h"
            )
        }
        guard let unit = Self.units.first(where: { $0.name == parts[1] }) else {
            let nearest = parts[1].hasPrefix("s") ? "s" : parts[1].hasPrefix("h") ? "h" : "min"
            throw ValueProblem(
                "unknown unit \"\(parts[1])\" in the rate \"\(text)\"",
                "units: /s, /min, /h; did you mean \(parts[0])/\(nearest)?"
            )
        }
        guard let count = Int(parts[0]) else {
            if let fraction = Double(parts[0]), fraction > 0, unit.name == "s", fraction * 60 >= 1 {
                throw ValueProblem(
                    "a rate counts in whole numbers",
                    "write \(Int((fraction * 60).rounded()))/min"
                )
            }
            throw ValueProblem("\"\(text)\" is no rate", "write a rate such as 100/s or 6/min")
        }
        guard (1...1_000_000).contains(count) else {
            throw ValueProblem(
                "a rate must lie between 1 and 1000000, found \(count)",
                "write 1/h or more, and 1000000/s or less"
            )
        }
        self.init(count: count, per: unit.period)
    }
}
