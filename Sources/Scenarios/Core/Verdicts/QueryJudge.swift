// SPDX-License-Identifier: Apache-2.0
import JSON
import Storage

/// Judges an expectation that is a query over the run's tables.
enum QueryJudge {
    /// What is wrong, if anything, and the number that the query gave.
    static func verdict(_ claim: QueryClaim, _ answer: () throws -> QueryResult) -> Verdict {
        do {
            let result = try answer()
            guard result.rows.count == 1, let value = result.rows[0].first, result.columns.count == 1 else {
                return Verdict(
                    seen: [
                        "\(result.rows.count) rows of \(result.columns.count) columns, where one value is needed"
                    ])
            }
            let verdict = matches(value, claim) ? Verdict.met : Verdict(seen: ["the query gave \(value)"])
            return verdict.with(value.double.map { ($0, "\(value)") })
        } catch let error as StorageError {
            return Verdict(seen: ["the query could not be asked: \(error.message)"])
        } catch {
            return Verdict(seen: ["the query could not be asked: \(error)"])
        }
    }

    private static func matches(_ value: SQLValue, _ claim: QueryClaim) -> Bool {
        switch claim {
        case .bounds(let bounds):
            switch value {
            case .integer, .real: return value.double.map(bounds.contain) ?? false
            default: return false
            }
        case .equals(let expected):
            switch (value, expected) {
            case (.null, .null): return true
            case (.integer(let left), .integer(let right)): return left == right
            case (.integer, _), (.real, _): return value.double != nil && value.double == expected.doubleValue
            case (.text(let left), .string(let right)): return left == right
            // A text of digits and a number look alike to whoever writes a query.
            case (.text(let left), .integer), (.text(let left), .number): return left == expected.text
            default: return false
            }
        }
    }
}
