// SPDX-License-Identifier: Apache-2.0

/// Runs of a scenario that are judged together: its corrected form, or one of its baselines.
public struct ScenarioPart: Sendable {
    /// What a part must show.
    public enum Kind: Sendable, Hashable {
        /// Every expectation is met.
        case corrected
        /// The expectations of these names are not met, and those of the baseline itself are.
        case baseline(red: [String])
    }

    /// One run.
    public struct Run: Sendable {
        /// What sets it apart from the part's other runs: `oss, k=3`; empty for the only one.
        public var label: String
        /// The values that it was made with, by name.
        public var values: [String: String] = [:]
        /// What is run.
        public var scenario: Scenario
    }

    /// The baseline's name; empty for the corrected form.
    public var name: String
    /// What it must show.
    public var kind: Kind
    /// True when the runs are tried in order until one shows it, which is the answer.
    public var isSearch: Bool
    /// The runs; never empty.
    public var runs: [Run]
    /// Where it stands.
    public var place: SourcePlace
    /// The law that a figure must keep over the runs; nil for none.
    public var law: ScaleLaw?

    /// True for a baseline.
    public var isBaseline: Bool {
        if case .baseline = kind { true } else { false }
    }

    /// How to call it: `corrected form`, `baseline B-25`.
    public var title: String {
        switch kind {
        case .corrected: "corrected form"
        case .baseline: name.hasPrefix("baseline") ? name : "baseline \(name)"
        }
    }
}

/// The controller's defects that a scenario adds to those of its profile, or takes from them.
public struct DefectChange: Sendable, Hashable {
    /// Defects that are switched on, by number: `B-07`.
    public var on: [String] = []
    /// Defects that are switched off.
    public var off: [String] = []

    /// No change.
    public init() {}
}

/// The exponent that a figure must keep as a value grows.
public struct ScaleLaw: Sendable, Hashable {
    /// Its name, for a baseline that breaks it; nil without one.
    public var name: String?
    /// The value that grows, by its name in `sweep`.
    public var over: String
    /// The figure, by what it is called.
    public var figure: String
    /// The limits of the exponent.
    public var bounds: Bounds
    /// Where it stands.
    public var place: SourcePlace
}
