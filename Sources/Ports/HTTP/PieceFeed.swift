// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Pieces of a body that go to the connection from inside the call that has them, with no task in between.
///
/// While the client takes nothing they wait, up to a limit; whoever pushes is told when that is reached.
public final class PieceFeed: Sendable {
    typealias Sink = @Sendable (_ piece: [UInt8], _ isLast: Bool) -> Void

    private struct State {
        var sink: Sink?
        var waiting: [[UInt8]] = []
        var isStalled = false
        var isOver = false
        var change: (@Sendable ([UInt8]) -> [UInt8])?
    }

    private let limit: Int
    private let state = Mutex(State())

    /// Makes a feed.
    ///
    /// - Parameter limit: How many pieces may wait for a client that is slow.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Sends a piece, or lets it wait.
    ///
    /// - Returns: False when too many wait, or the feed is over; the piece is lost then.
    public func push(_ piece: [UInt8]) -> Bool {
        state.withLock { state in
            guard !state.isOver else { return false }
            if let sink = state.sink, !state.isStalled {
                sink(state.change?(piece) ?? piece, false)
                return true
            }
            guard state.waiting.count < limit else { return false }
            state.waiting.append(piece)
            return true
        }
    }

    /// Ends the body behind what has been pushed.
    public func finish() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isOver = true
            Self.endIfEmpty(&state)
        }
    }

    /// Changes every piece that is not sent yet.
    public func map(_ change: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        state.withLock { $0.change = change }
    }

    // MARK: The connection's side

    /// Sends what waits, and from now on what comes.
    func attach(_ sink: @escaping Sink) {
        state.withLock { state in
            state.sink = sink
            Self.drain(&state)
        }
    }

    /// The client takes nothing for now.
    func stall() { state.withLock { $0.isStalled = true } }

    /// The client takes something again.
    func flow() {
        state.withLock { state in
            state.isStalled = false
            Self.drain(&state)
        }
    }

    private static func drain(_ state: inout State) {
        guard let sink = state.sink else { return }
        for piece in state.waiting { sink(state.change?(piece) ?? piece, false) }
        state.waiting = []
        endIfEmpty(&state)
    }

    private static func endIfEmpty(_ state: inout State) {
        guard state.isOver, state.waiting.isEmpty, let sink = state.sink else { return }
        state.sink = nil
        sink([], true)
    }
}
