// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Lets one at a time through for each key; others wait in the order in which they came.
final class KeyedGate<Key: Hashable & Sendable>: Sendable {
    private let waiters = Mutex<[Key: [CheckedContinuation<Void, Never>]]>([:])

    /// Does something while nobody else does it for the same key.
    func with<Value>(_ key: Key, _ body: () async -> Value) async -> Value {
        await enter(key)
        defer { leave(key) }
        return await body()
    }

    private func enter(_ key: Key) async {
        await withCheckedContinuation { continuation in
            let isFree = waiters.withLock { waiters in
                guard waiters[key] != nil else {
                    waiters[key] = []
                    return true
                }
                waiters[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ key: Key) {
        let next = waiters.withLock { waiters -> CheckedContinuation<Void, Never>? in
            guard let line = waiters[key], !line.isEmpty else {
                waiters[key] = nil
                return nil
            }
            return waiters[key]?.removeFirst()
        }
        next?.resume()
    }
}
