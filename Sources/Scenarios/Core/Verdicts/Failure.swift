// SPDX-License-Identifier: Apache-2.0

/// An expectation that was not met.
public struct Failure: Sendable, Hashable {
    /// Where the expectation stands.
    public var place: SourcePlace
    /// Its name; nil without one.
    public var name: String?
    /// What was expected, in words.
    public var expected: String
    /// What was seen, the most important first; never empty.
    public var seen: [String]
    /// The first instant at which it was wrong, counted from the start; nil when there is none.
    public var firstWrong: Duration?

    /// Makes a failure.
    public init(
        place: SourcePlace,
        name: String? = nil,
        expected: String,
        seen: [String],
        firstWrong: Duration? = nil
    ) {
        self.place = place
        self.name = name
        self.expected = expected
        self.seen = seen
        self.firstWrong = firstWrong
    }
}
