// SPDX-License-Identifier: Apache-2.0

/// Shares as people write them: `20%`, `0.5%`.
enum Percentage {
    /// Reads a share, as a number from 0 to 1.
    ///
    /// - Throws: what is wrong with it.
    static func parse(_ text: String) throws(ValueProblem) -> Double {
        let trimmed = text.filter { $0 != " " }
        guard trimmed.last == "%" else {
            if let number = Double(trimmed) {
                let meant = number > 0 && number < 1 ? shown(number) : "\(trimmed)%"
                throw ValueProblem("the share \"\(text)\" has no % sign", "write \(meant)")
            }
            throw ValueProblem("\"\(text)\" is no share", "write a percentage such as 20%")
        }
        let digits = trimmed.dropLast()
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let number = Double(digits)
        else {
            throw ValueProblem("\"\(text)\" is no share", "write a percentage such as 20%")
        }
        guard number <= 100 else {
            throw ValueProblem("a share must lie between 0% and 100%, found \(text)", "write 100% at most")
        }
        return number / 100
    }

    /// A share as text, to a hundredth of a percent.
    static func shown(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        let whole = "\(hundredths / 100)"
        let rest = hundredths % 100
        if rest == 0 { return whole + "%" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
