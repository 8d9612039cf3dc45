// SPDX-License-Identifier: Apache-2.0
import Ports

/// The instants that windows speak of, as far as they are known.
struct Timeline {
    let start: Instant
    /// When steps began, by number.
    private(set) var steps: [Int: Instant] = [:]
    /// When steps had been carried out, by number.
    private var performed: [Int: Instant] = [:]
    /// The step that began last.
    private var current: Int?

    init(start: Instant) {
        self.start = start
    }

    /// Notes that a step began; only the first time counts.
    mutating func began(_ step: Int, at instant: Instant) {
        if steps[step] == nil { steps[step] = instant }
        current = step
    }

    /// Notes that the step under way has been carried out.
    mutating func ended(at instant: Instant) {
        if let current, performed[current] == nil { performed[current] = instant }
        current = nil
    }

    /// When the step that a moment begins with had been carried out; nil for a time, and while it is under way.
    func performed(_ moment: Moment) -> Instant? {
        if case .step(let step, _) = moment { performed[step] } else { nil }
    }

    /// The instant of a moment; nil while its step has not begun.
    func instant(_ moment: Moment) -> Instant? {
        switch moment {
        case .time(let time): start.advanced(by: time)
        case .step(let step, let delay): steps[step].map { $0.advanced(by: delay) }
        }
    }

    /// The window's first instant; nil while it is not known.
    func begin(_ window: Window) -> Instant? {
        guard let after = window.after else { return start }
        return instant(after)
    }

    /// The instant at which the window is over; nil while it is not known or for the end of the run.
    func end(_ window: Window) -> Instant? {
        window.before.flatMap(instant)
    }

    /// True for an instant inside a window, as far as is known now.
    func contains(_ window: Window, _ instant: Instant) -> Bool {
        guard let begin = begin(window), instant >= begin else { return false }
        guard let end = end(window) else { return true }
        return instant < end
    }

    /// The time since the start.
    func relative(_ instant: Instant) -> Duration { start.duration(to: instant) }
}
