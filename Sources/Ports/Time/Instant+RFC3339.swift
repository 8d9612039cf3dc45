// SPDX-License-Identifier: Apache-2.0

extension Instant {
    /// The time as RFC 3339 in UTC to the second: `2026-01-31T08:00:00Z`.
    public var rfc3339: String { rfc3339(fractionDigits: 0) }

    /// The time as RFC 3339 in UTC with microseconds, as Kubernetes writes a MicroTime.
    public var rfc3339Micro: String { rfc3339(fractionDigits: 6) }

    /// The time as RFC 3339 in UTC.
    ///
    /// - Parameter fractionDigits: 0 to 9 digits after the point; the rest is cut off.
    /// - Returns: The text, which ends in `Z`.
    public func rfc3339(fractionDigits: Int) -> String {
        let total = seconds
        let days = total >= 0 ? total / 86_400 : -((86_399 - total) / 86_400)
        let ofDay = total - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        // Written digit by digit: an API server tells the time several times for each call.
        return String(unsafeUninitializedCapacity: 32) { bytes in
            var count = 0
            func put(_ byte: UInt8) {
                bytes[count] = byte
                count += 1
            }
            func put(_ number: Int64, _ width: Int) {
                var (rest, place) = (number, count + width)
                while place > count {
                    place -= 1
                    bytes[place] = 0x30 + UInt8(rest % 10)
                    rest /= 10
                }
                count += width
            }
            put(date.year, 4)
            put(UInt8(ascii: "-"))
            put(date.month, 2)
            put(UInt8(ascii: "-"))
            put(date.day, 2)
            put(UInt8(ascii: "T"))
            put(ofDay / 3600, 2)
            put(UInt8(ascii: ":"))
            put(ofDay / 60 % 60, 2)
            put(UInt8(ascii: ":"))
            put(ofDay % 60, 2)
            if fractionDigits > 0 {
                put(UInt8(ascii: "."))
                // The first second that an instant holds begins before it does, hence without overflow checks.
                put(nanoseconds &- total &* 1_000_000_000, 9)
                count -= 9 - fractionDigits
            }
            put(UInt8(ascii: "Z"))
            return count
        }
    }

    /// Reads an RFC 3339 time with any offset; what is finer than a nanosecond is cut off.
    ///
    /// Nil when it is not one, or outside of the years 1677 to 2262, which is what an instant can hold.
    public init?(rfc3339 text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2),
            scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2),
            scanner.skip(":"),
            let second = scanner.number(2)
        else { return nil }
        guard (1...12).contains(month), (1...CivilDate.days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 61
        else { return nil }
        let fraction = scanner.skip(".") ? scanner.fraction() : 0
        guard let fraction, let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let total = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        // Both parts of one sign, so that the product does not overflow where the sum fits.
        let (whole, part) =
            total < 0 && fraction > 0 ? (total + 1, fraction - 1_000_000_000) : (total, fraction)
        let (product, isFar) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = product.addingReportingOverflow(part)
        guard !isFar, !isBeyond else { return nil }
        self.init(nanoseconds: sum)
    }
}

/// A date of the proleptic Gregorian calendar.
private struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Counts in 400-year eras that begin on the first of March, so that the leap day comes last.
    init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * ofYear + 2) / 153
        day = ofYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let ofEra = marchYear - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads fixed-width decimal numbers and marks from a text, byte by byte.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ mark: Character) -> Bool {
        guard rest.first == mark.asciiValue else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// Digits after the point, as nanoseconds.
    mutating func fraction() -> Int64? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return (0..<9).reduce(0) { sum, place in
            let index = digits.index(digits.startIndex, offsetBy: place, limitedBy: digits.endIndex)
            guard let index, index < digits.endIndex else { return sum * 10 }
            return sum * 10 + Int64(digits[index] - 48)
        }
    }

    /// `Z` or `+hh:mm`, as seconds east of Greenwich.
    mutating func offset() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
