// SPDX-License-Identifier: Apache-2.0
import Ports

/// Durations as people write them: `250ms`, `10s`, `1m30s`, `2h`, `91d`.
enum HumanDuration {
    /// The units, the shortest first.
    static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
        ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ]
    /// What people write for the units.
    private static let synonyms = [
        "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m",
        "minutes": "m", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d",
        "msec": "ms",
        "millis": "ms", "milliseconds": "ms", "µs": "us",
    ]
    static let unitList = "ms, s, m, h, d"

    /// Reads a duration.
    ///
    /// - Throws: what is wrong with it.
    static func parse(_ text: String) throws(ValueProblem) -> Duration {
        var rest = Substring(text.filter { $0 != " " })
        guard !rest.isEmpty else { throw ValueProblem("a duration is missing", "write 10s, 250ms or 1m30s") }
        if rest.first == "-" {
            throw ValueProblem("a duration may not be negative: \"\(text)\"", "leave the minus out")
        }
        if rest == "0" { return .zero }
        var total: Int64 = 0
        var last = Int64.max
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = Double(digits), digits.first != "." else {
                throw ValueProblem(
                    "\"\(text)\" is no duration",
                    "write a number and a unit, such as 10s or 1m30s"
                )
            }
            rest = rest.dropFirst(digits.count)
            let name = String(rest.prefix { !($0.isASCII && $0.isNumber) })
            rest = rest.dropFirst(name.count)
            let unit = try Self.unit(name, after: digits, in: text)
            guard unit < last else {
                throw ValueProblem(
                    "the units of \"\(text)\" are out of order",
                    "begin with the longest, such as 1m30s"
                )
            }
            last = unit
            let part = Double(unit) * number
            guard part < 3e18, total < 3_000_000_000_000_000_000 else {
                throw ValueProblem("the duration \"\(text)\" is too long", "at most 30000d")
            }
            // Whole numbers stay exact; a fraction is rounded to nanoseconds.
            total += Int64(digits).map { $0 * unit } ?? Int64(part.rounded())
        }
        return .nanoseconds(total)
    }

    private static func unit(
        _ name: String,
        after digits: Substring,
        in text: String
    ) throws(ValueProblem) -> Int64 {
        if let unit = units.first(where: { $0.name == name }) { return unit.nanoseconds }
        if name.isEmpty {
            throw ValueProblem(
                "the duration \"\(text)\" has no unit",
                "write \(text)s for seconds; units: \(unitList)"
            )
        }
        let meant = synonyms[name.lowercased()].map { "; did you mean \(digits)\($0)?" } ?? ""
        throw ValueProblem(
            "unknown unit \"\(name)\" in the duration \"\(text)\"",
            "units: \(unitList)\(meant)"
        )
    }

    /// Reads `10s` or `1s..5s`.
    ///
    /// - Throws: what is wrong with it.
    static func parseRange(_ text: String) throws(ValueProblem) -> ClosedRange<Duration> {
        guard let dots = text.firstRange(of: "..") else {
            let duration = try parse(text)
            return duration...duration
        }
        let low = try parse(String(text[..<dots.lowerBound]))
        let high = try parse(String(text[dots.upperBound...]))
        guard low <= high else {
            throw ValueProblem(
                "the range \"\(text)\" ends before it begins",
                "write \(high.humanText)..\(low.humanText)"
            )
        }
        return low...high
    }
}

extension Duration {
    /// The duration as people write it: `250ms`, `1m30s`, `91d`.
    public var humanText: String {
        var rest = nanoseconds.magnitude
        if rest == 0 { return "0s" }
        var text = nanoseconds < 0 ? "-" : ""
        for unit in HumanDuration.units.reversed() {
            let size = UInt64(unit.nanoseconds)
            // Below a minute one number with a fraction reads better than several.
            if unit.nanoseconds <= 1_000_000_000, rest >= size {
                let fraction = decimals(rest % size, of: size)
                return text + "\(rest / size)\(fraction)\(unit.name)"
            }
            if rest >= size {
                text += "\(rest / size)\(unit.name)"
                rest %= size
                if rest == 0 { return text }
            }
        }
        return text
    }

    private func decimals(_ rest: UInt64, of size: UInt64) -> String {
        if rest == 0 { return "" }
        let digits = String(rest)
        var padded = String(repeating: "0", count: String(size).count - 1 - digits.count) + digits
        while padded.last == "0" { padded.removeLast() }
        return "." + padded
    }

    /// The time since the start of a run, to the millisecond: `+12.345s`, `+1m02.345s`, `+91d00h00m02.345s`.
    public var relativeText: String {
        let milliseconds = nanoseconds / 1_000_000
        let sign = milliseconds < 0 ? "-" : "+"
        let total = milliseconds.magnitude
        func padded(_ number: UInt64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let (days, hours, minutes) = (total / 86_400_000, total / 3_600_000 % 24, total / 60_000 % 60)
        let tail = "." + padded(total % 1000, 3) + "s"
        let seconds = total / 1000 % 60
        if total < 60_000 { return sign + "\(seconds)" + tail }
        if total < 3_600_000 { return sign + "\(minutes)m" + padded(seconds, 2) + tail }
        let clock = padded(minutes, 2) + "m" + padded(seconds, 2) + tail
        return days == 0 ? sign + "\(hours)h" + clock : sign + "\(days)d" + padded(hours, 2) + "h" + clock
    }
}
