// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Counts the exchanges of a connection from 1.
final class ExchangeNumbers: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> UInt64 {
        last.wrappingAdd(1, ordering: .relaxed).newValue
    }
}
