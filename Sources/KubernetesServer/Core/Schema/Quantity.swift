// SPDX-License-Identifier: Apache-2.0

/// An amount of a resource, such as `500m`, `64Mi` or `1e3`, in its one spelling.
///
/// - Source: the Quantity type of the Kubernetes API machinery (seen upstream).
struct Quantity: Equatable, CustomStringConvertible {
    private enum Form { case binary, decimal, exponent }

    /// The amount in thousandths; finer ones are rounded up, as the real type does beyond its own limit.
    let thousandths: Int64
    let description: String

    private static let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    private static let decimal: [(String, Int)] = [
        ("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15),
        ("E", 18),
    ]

    /// Reads an amount; nil when it is none, or too large for 64 bits.
    init?(_ text: String) {
        let number = text.prefix { "+-.0123456789".contains($0) }
        let suffix = String(text.dropFirst(number.count))
        guard var (mantissa, scale) = Self.read(number) else { return nil }
        if let power = Self.binary.firstIndex(of: suffix) {
            let (whole, overflow) = mantissa.multipliedReportingOverflow(by: 1 << (10 * (Int64(power) + 1)))
            guard !overflow, let exact = Self.scaled(whole, 3 + scale) else { return nil }
            thousandths = exact
            description = Self.binaryText(exact)
            return
        }
        var form = Form.decimal
        if let unit = Self.decimal.first(where: { $0.0 == suffix }) {
            scale += unit.1
        } else if suffix.first == "e" || suffix.first == "E", let exponent = Int(suffix.dropFirst()),
            (-999...999).contains(exponent)
        {
            form = .exponent
            scale += exponent
        } else {
            return nil
        }
        while mantissa != 0, mantissa % 10 == 0 {
            mantissa /= 10
            scale += 1
        }
        guard let exact = Self.scaled(mantissa, 3 + scale), let text = Self.decimalText(mantissa, scale, form)
        else { return nil }
        thousandths = exact
        description = text
    }

    /// Reads digits with a sign and a point, as a whole number and a power of ten.
    private static func read(_ text: Substring) -> (Int64, Int)? {
        var digits = ""
        var scale = 0
        var hasPoint = false
        for (place, character) in text.enumerated() {
            switch character {
            case "+" where place == 0: break
            case "-" where place == 0: digits = "-"
            case "." where !hasPoint: hasPoint = true
            case "0"..."9":
                digits.append(character)
                if hasPoint { scale -= 1 }
            default: return nil
            }
        }
        return Int64(digits).map { ($0, scale) }
    }

    private static func scaled(_ number: Int64, _ power: Int) -> Int64? {
        var result = number
        if number == 0 { return 0 }
        if power < 0 {
            for _ in 0..<min(-power, 20) { result = result / 10 + (result % 10 > 0 ? 1 : 0) }
            return result
        }
        for _ in 0..<power {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = product
        }
        return result
    }

    private static func binaryText(_ thousandths: Int64) -> String {
        guard thousandths % 1000 == 0 else { return "\(thousandths)m" }
        var whole = thousandths / 1000
        // Amounts below 1024 are written without a binary unit.
        guard abs(whole) >= 1024 else { return String(whole) }
        var power = 0
        while power < binary.count, whole % 1024 == 0 {
            whole /= 1024
            power += 1
        }
        return power == 0 ? String(whole) : "\(whole)\(binary[power - 1])"
    }

    private static func decimalText(_ mantissa: Int64, _ scale: Int, _ form: Form) -> String? {
        if mantissa == 0 { return "0" }
        // The largest unit that leaves no fraction: a power of ten that is a multiple of three.
        let unit = scale >= 0 ? scale / 3 * 3 : -((2 - scale) / 3 * 3)
        guard let number = scaled(mantissa, scale - unit) else { return nil }
        if form == .exponent { return unit == 0 ? String(number) : "\(number)e\(unit)" }
        guard let suffix = decimal.first(where: { $0.1 == unit }) else { return "\(number)e\(unit)" }
        return "\(number)\(suffix.0)"
    }
}
