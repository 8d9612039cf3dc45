// SPDX-License-Identifier: Apache-2.0

/// An expectation that was not met.
public struct Failure: Sendable, Hashable {
    /// Where the expectation stands.
    public var place: SourcePlace
    /// Its name; nil without one.
    public var name: String?
    /// The run that it belongs to, when the file makes several: `oss, k=3`; empty otherwise.
    public var run = ""
    /// True for an expectation of a baseline itself.
    public var isOfBaseline = false
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

/// A number that a scenario wants told.
public struct Figure: Sendable, Hashable {
    /// What it is called.
    public var name: String
    /// The number.
    public var value: Double
    /// The number as people read it: `96`, `1.2 s`, `19.8%`.
    public var text: String

    /// Makes a figure.
    public init(name: String, value: Double, text: String) {
        self.name = name
        self.value = value
        self.text = text
    }
}
