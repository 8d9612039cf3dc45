// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What was worked out of the same inputs before; forgets everything when it gets too long.
final class Remembered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private let values = Mutex<[Key: Value]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    func value(for key: Key) -> Value? { values.withLock { $0[key] } }

    func keep(_ value: Value, for key: Key) {
        values.withLock { values in
            if values.count >= limit { values = [:] }
            values[key] = value
        }
    }
}
