// SPDX-License-Identifier: Apache-2.0
import Ports

/// Follows whether something is so, and stays so long enough, before a deadline.
struct Streak {
    private let hold: Hold?
    /// The first instant at which it was so, in time or not.
    private(set) var firstSo: Instant?
    /// Since when it has been so without a break.
    private(set) var since: Instant?
    /// The last break of something that was so.
    private(set) var lastBreak: (since: Instant, at: Instant, label: String)?
    /// True once it has been so for long enough.
    private(set) var isMet = false

    init(_ hold: Hold?) {
        self.hold = hold
    }

    /// Takes what was seen of something that began at an instant.
    mutating func take(_ isSo: Bool, at instant: Instant, deadline: Instant?, label: () -> String) {
        guard !isMet else { return }
        if isSo {
            if firstSo == nil { firstSo = instant }
            let begin = since ?? instant
            since = begin
            guard begin <= deadline ?? begin else { return }
            switch hold {
            case nil: isMet = true
            case .lasting(let duration)?: isMet = begin.duration(to: instant) >= duration
            case .toTheEnd?: break
            }
        } else if let begin = since, instant >= begin {
            // What was sent before the streak began says nothing about it, however late its answer is.
            if case .lasting(let duration)? = hold, begin <= deadline ?? begin,
                begin.duration(to: instant) > duration
            {
                isMet = true
                return
            }
            lastBreak = (begin, instant, label())
            since = nil
        }
    }

    /// Since when it was so for good, or the first time where once is enough; nil when it never was.
    var reached: Instant? { hold == nil ? firstSo : since }

    /// True when it was so for long enough by the end of the window.
    func isMet(atEnd end: Instant, deadline: Instant?) -> Bool {
        if isMet { return true }
        guard let since, since <= deadline ?? since else { return false }
        switch hold {
        case nil: return true
        case .lasting(let duration)?: return since.duration(to: end) >= duration
        case .toTheEnd?: return true
        }
    }
}
