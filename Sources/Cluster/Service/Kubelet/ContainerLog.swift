// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// The log of one process: kept, and told to those who follow it.
final class ContainerLog: Sendable {
    private struct Follower {
        let query: LogQuery
        let pieces: AsyncStream<[UInt8]>.Continuation
        /// How many bytes it may still get; nil for any number.
        var left: Int?
    }

    private struct State {
        var lines = PrintedLines()
        var followers: [Int: Follower] = [:]
        var nextFollower = 0
        var isOver = false
    }

    /// How many pieces may wait for somebody who reads slowly before that one is given up; assumed.
    private static let patience = 10_000

    private let clock: any HostClock
    private let state = Mutex(State())

    init(clock: any HostClock) {
        self.clock = clock
    }

    /// Prints a line.
    func print(_ text: String) {
        let line = PrintedLines.Line(at: clock.now, text: text)
        state.withLock { state in
            guard !state.isOver else { return }
            state.lines.add(line)
            for number in state.followers.keys.sorted() {
                guard var follower = state.followers[number] else { continue }
                var bytes = PrintedLines.text(line, follower.query)
                if let left = follower.left {
                    bytes = Array(bytes.prefix(left))
                    follower.left = left - bytes.count
                }
                let result = follower.pieces.yield(bytes)
                state.followers[number] = follower
                if case .enqueued = result, follower.left != 0 { continue }
                follower.pieces.finish()
                state.followers[number] = nil
            }
        }
    }

    /// The process has ended: nothing more is printed.
    func end() {
        let followers = state.withLock { state in
            state.isOver = true
            defer { state.followers = [:] }
            return state.followers.sorted { $0.key < $1.key }.map(\.value)
        }
        for follower in followers { follower.pieces.finish() }
    }

    /// What a query asks for, of what there is.
    func read(_ query: LogQuery) -> [UInt8] {
        state.withLock { Self.bytes($0.lines.lines(query), query) }
    }

    /// The same, and then what is printed, until the process ends or the reader goes.
    ///
    /// - Returns: The pieces, and what ends them early.
    func follow(_ query: LogQuery) -> (pieces: AsyncStream<[UInt8]>, cancel: @Sendable () -> Void) {
        let (stream, pieces) = AsyncStream<[UInt8]>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.patience)
        )
        let number = state.withLock { state -> Int? in
            let bytes = Self.bytes(state.lines.lines(query), query)
            if !bytes.isEmpty { pieces.yield(bytes) }
            let left = query.limitBytes.map { $0 - bytes.count }
            guard !state.isOver, left != 0 else { return nil }
            state.nextFollower += 1
            state.followers[state.nextFollower] = Follower(query: query, pieces: pieces, left: left)
            return state.nextFollower
        }
        if number == nil { pieces.finish() }
        return (
            stream,
            { [self] in
                if let number { state.withLock { $0.followers[number] = nil } }
                pieces.finish()
            }
        )
    }

    private static func bytes(_ lines: [PrintedLines.Line], _ query: LogQuery) -> [UInt8] {
        let bytes = lines.flatMap { PrintedLines.text($0, query) }
        return query.limitBytes.map { Array(bytes.prefix($0)) } ?? bytes
    }
}
