// SPDX-License-Identifier: Apache-2.0
import Ports

/// What came of an expectation.
struct Verdict {
    /// What was seen of one that was not met; empty for one that was.
    var seen: [String]
    /// The first instant at which it was wrong.
    var at: Instant?
    /// The number that it is about.
    var figure: (value: Double, text: String)?

    init(seen: [String], at: Instant? = nil) {
        self.seen = seen
        self.at = at
    }

    /// Nothing is wrong.
    static let met = Verdict(seen: [])

    /// True when nothing is wrong.
    var isMet: Bool { seen.isEmpty }

    /// The same with a number.
    func with(_ figure: (value: Double, text: String)?) -> Verdict {
        var copy = self
        copy.figure = figure
        return copy
    }
}
