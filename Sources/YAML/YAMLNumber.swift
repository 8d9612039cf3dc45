// SPDX-License-Identifier: Apache-2.0
import JSON

/// Reads numbers as YAML 1.1 writes them.
enum YAMLNumber {
    /// The number; nil when the text is none.
    ///
    /// - Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go; seen upstream.
    static func json(_ text: String) -> JSONValue? {
        let plain = text.utf8.filter { $0 != UInt8(ascii: "_") }
        return integer(plain)
            ?? (isDecimal(plain) ? Double(String(decoding: plain, as: UTF8.self)).flatMap(real) : nil)
    }

    /// Digits with a sign and a base: 0x, 0o, 0b, or a leading 0 for octal.
    private static func integer(_ text: [UInt8]) -> JSONValue? {
        var digits = text[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        var base: UInt8 = 10
        if digits.count > 1, digits.first == UInt8(ascii: "0") {
            switch digits.dropFirst().first.map({ $0 | 0x20 }) {
            case UInt8(ascii: "x"): (base, digits) = (16, digits.dropFirst(2))
            case UInt8(ascii: "o"): (base, digits) = (8, digits.dropFirst(2))
            case UInt8(ascii: "b"): (base, digits) = (2, digits.dropFirst(2))
            default: (base, digits) = (8, digits.dropFirst())
            }
        }
        guard !digits.isEmpty, digits.allSatisfy({ (value(of: $0) ?? 255) < base }) else { return nil }
        let written = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
        if let number = Int64(written, radix: Int(base)) { return .integer(number) }
        return .number(decimal(digits, base: base, isNegative: isNegative))
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    /// A number of any size in base ten.
    private static func decimal(_ digits: ArraySlice<UInt8>, base: UInt8, isNegative: Bool) -> String {
        var places: [UInt8] = [0]  // the lowest first
        for digit in digits {
            var carry = Int(value(of: digit) ?? 0)
            for place in places.indices {
                let sum = Int(places[place]) * Int(base) + carry
                places[place] = UInt8(sum % 10)
                carry = sum / 10
            }
            while carry > 0 {
                places.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return (isNegative ? "-" : "") + String(decoding: places.reversed().map { $0 + 0x30 }, as: UTF8.self)
    }

    /// True for digits with at most one point and an exponent.
    private static func isDecimal(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func takeDigits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var digits = takeDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            digits += takeDigits()
        }
        guard digits > 0 else { return false }
        if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// A binary number as JSON writes it: digits up to 21 places, an exponent beyond.
    private static func real(_ number: Double) -> JSONValue? {
        guard number.isFinite else { return nil }
        if number == 0 { return number.sign == .minus ? .number("-0") : .integer(0) }
        if number.magnitude < 9e15, number.rounded() == number { return .integer(Int64(number)) }
        let parts = number.magnitude.description.split { $0 == "e" || $0 == "E" }
        let point = parts[0].split(separator: ".")
        var digits = point.joined()
        var exponent = point[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let leading = digits.prefix { $0 == "0" }.count
        digits = String(digits.dropFirst(leading))
        exponent -= leading
        while digits.last == "0", digits.count > 1 { digits.removeLast() }
        let sign = number < 0 ? "-" : ""
        if exponent > 21 || exponent < -5 {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let power = exponent - 1
            return .number("\(sign)\(digits.prefix(1))\(fraction)e\(power < 0 ? "-" : "+")\(abs(power))")
        }
        if exponent <= 0 { return .number("\(sign)0.\(String(repeating: "0", count: -exponent))\(digits)") }
        if digits.count <= exponent {
            return .number(sign + digits + String(repeating: "0", count: exponent - digits.count))
        }
        return .number("\(sign)\(digits.prefix(exponent)).\(digits.dropFirst(exponent))")
    }
}
