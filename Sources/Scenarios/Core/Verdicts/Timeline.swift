// SPDX-License-Identifier: Apache-2.0
import Ports

/// The instants that windows speak of, as far as they are known.
struct Timeline {
    let start: Instant
    /// When steps began, by number.
    private(set) var steps: [Int: Instant] = [:]

    init(start: Instant) {
        self.start = start
    }

    /// Notes that a step began; only the first time counts.
    mutating func began(_ step: Int, at instant: Instant) {
        if steps[step] == nil { steps[step] = instant }
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
