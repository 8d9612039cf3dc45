// SPDX-License-Identifier: Apache-2.0

/// How a pass over one key ended.
struct PassResult: Sendable {
    /// What happens to the key.
    enum Outcome: Sendable, Hashable {
        /// Nothing until the next change.
        case done
        /// It is tried again after a back-off.
        case retry
        /// It is looked at again after a while.
        case again(Duration)
    }

    var outcome: Outcome = .done
    /// Why it was not done, or what was done.
    var message = ""
    var writes = 0
    /// After how long it is looked at again though nothing has changed; nil for never.
    var nextLook: Duration?
    /// False when what the pass was about cannot be relied on.
    var isUsable = true

    /// The word in the trace.
    var word: String {
        switch outcome {
        case .done: "done"
        case .retry: "retry"
        case .again: "pending"
        }
    }
}
