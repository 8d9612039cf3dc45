// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Something that must be seen.
public struct Expectation: Sendable {
    /// Its name; nil without one.
    public var name: String?
    /// What is claimed.
    public var claim: Claim
    /// What it is about; nil for a query.
    public var subject: Subject?
    /// The part of the run that counts.
    public var window: Window
    /// How long it must stay so, for `within` and `eventually`; nil when once is enough.
    public var hold: Hold?
    /// Where it stands.
    public var place: SourcePlace
    /// The profiles under which it counts; nil for all.
    public var profiles: [Scenario.Profile]?
    /// What its number is called in reports; nil when it is not told.
    public var figure: String?
    /// True for an expectation of a baseline itself.
    public var isOfBaseline = false
    /// True when it is enough that one of several runs meets it.
    public var isSometimes = false

    /// Makes an expectation.
    public init(
        name: String? = nil,
        claim: Claim,
        subject: Subject?,
        window: Window = Window(),
        hold: Hold? = nil,
        place: SourcePlace
    ) {
        self.name = name
        self.claim = claim
        self.subject = subject
        self.window = window
        self.hold = hold
        self.place = place
    }
}

/// What is claimed of a subject.
public enum Claim: Sendable {
    /// It is so every time, all the time.
    case always
    /// It is so at no time.
    case never
    /// It is so at some time.
    case eventually
    /// It is so at some time before the bound is over, counted from the window's beginning.
    case within(Duration)
    /// So many are so.
    case count(Bounds)
    /// Such a share is so, from 0 to 1.
    case share(Bounds)
    /// So many in a thousand do not take longer than the bounds say, in seconds.
    case latency(perMille: Int, Bounds)
    /// The share is that, as far as chance lets it, with a confidence from 0 to 1.
    case split(of: Double, confidence: Double)
    /// Each begins to be so, in this order.
    case order([Subject])
    /// A query gives a value.
    case query(sql: String, QueryClaim)

    /// The bound of `within`.
    public var bound: Duration? {
        if case .within(let bound) = self { bound } else { nil }
    }
}

/// What a query must give.
public enum QueryClaim: Sendable, Hashable {
    /// Exactly this value.
    case equals(JSONValue)
    /// A number between bounds.
    case bounds(Bounds)
}

/// The limits of a number.
public struct Bounds: Sendable, Hashable {
    /// The least; nil for none.
    public var atLeast: Double?
    /// The most; nil for none.
    public var atMost: Double?

    /// Makes limits.
    public init(atLeast: Double? = nil, atMost: Double? = nil) {
        self.atLeast = atLeast
        self.atMost = atMost
    }

    /// True for a number between the limits, both included.
    public func contain(_ number: Double) -> Bool {
        number >= atLeast ?? -.infinity && number <= atMost ?? .infinity
    }
}

/// A part of a run.
public struct Window: Sendable, Hashable {
    /// Where it begins; nil for the start.
    public var after: Moment?
    /// Where it ends, itself left out; nil for the end of the run.
    public var before: Moment?
    /// The two as the author wrote them, for messages: `after rotate-certificate, before +20s`.
    public var text: String

    /// Makes a window; the whole run without arguments.
    public init(after: Moment? = nil, before: Moment? = nil, text: String = "") {
        self.after = after
        self.before = before
        self.text = text
    }
}

/// How long something must stay so.
public enum Hold: Sendable, Hashable {
    /// For so long.
    case lasting(Duration)
    /// To the end of the window.
    case toTheEnd
}
