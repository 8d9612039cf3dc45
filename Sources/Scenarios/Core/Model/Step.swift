// SPDX-License-Identifier: Apache-2.0

/// Something that the scenario does.
///
/// Steps begin in the order of the file; one whose time has passed begins at once.
public struct Step: Sendable {
    /// When a step begins.
    public enum Time: Sendable, Hashable {
        /// So long after the start.
        case at(Duration)
        /// So long after an earlier step, by its number, began.
        case after(step: Int, delay: Duration)
        /// When the one before has been carried out.
        case next
    }

    /// Its place in the scenario, from 1.
    public var number: Int
    /// Its name; nil without one.
    public var name: String?
    /// Its word: `set-image`.
    public var verb: String
    /// When it begins.
    public var time: Time
    /// What it does.
    public var action: StepAction
    /// Where it stands.
    public var place: SourcePlace

    /// How to call it: by its name or its word and number.
    public var title: String { name ?? "\(verb) (step \(number))" }
}

/// A moment of a run.
public enum Moment: Sendable, Hashable {
    /// So long after the start.
    case time(Duration)
    /// So long after a step, by its number, began.
    case step(Int, delay: Duration)
}

extension Moment {
    /// So much later.
    func later(by time: Duration) -> Moment {
        switch self {
        case .time(let moment): .time(moment + time)
        case .step(let step, let delay): .step(step, delay: delay + time)
        }
    }
}
