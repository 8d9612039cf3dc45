// SPDX-License-Identifier: Apache-2.0

/// Values of the scenario language on a command line.
public enum CommandValue {
    /// A value that cannot be read.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong and what to write.
        public let description: String

        init(_ problem: ValueProblem) {
            description = problem.message + (problem.suggestion.map { "; \($0)" } ?? "")
        }
    }

    /// A duration from the scenario's zero: `12.4s`, `+1m02.345s`, `-3s`.
    ///
    /// - Throws: `Problem`.
    public static func instant(_ text: String) throws(Problem) -> Duration {
        let isNegative = text.hasPrefix("-")
        let bare = isNegative || text.hasPrefix("+") ? String(text.dropFirst()) : text
        do throws(ValueProblem) {
            let duration = try HumanDuration.parse(bare)
            return isNegative ? .zero - duration : duration
        } catch {
            throw Problem(error)
        }
    }

    /// A request: `GET` and `https://cafe.example.com/tea`.
    ///
    /// - Throws: `Problem`.
    public static func request(method: String, url: String) throws(Problem) -> RequestLine {
        do throws(ValueProblem) {
            return try RequestLine(parsing: "\(method) \(url)")
        } catch {
            throw Problem(error)
        }
    }
}
