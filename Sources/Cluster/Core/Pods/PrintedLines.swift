// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Ports

/// What one process in a container printed: the newest lines, as a kubelet that rotates logs keeps them.
struct PrintedLines: Sendable {
    /// A line, and when it was printed.
    struct Line: Sendable, Hashable {
        var at: Instant
        var text: String
    }

    /// How many lines are kept; assumed.
    static let kept = 10_000

    private var lines: Deque<Line> = []

    mutating func add(_ line: Line) {
        if lines.count == Self.kept { lines.removeFirst() }
        lines.append(line)
    }

    /// The lines that a query asks for, the limit of bytes left aside.
    func lines(_ query: LogQuery) -> [Line] {
        var found = Array(lines)
        // Of the lines at the end those that are new enough: the kubelet looks for the end first.
        if let count = query.tailLines { found = Array(found.suffix(max(count, 0))) }
        if let since = query.since { found = found.filter { $0.at >= since } }
        return found
    }

    /// A line as it is sent.
    static func text(_ line: Line, _ query: LogQuery) -> [UInt8] {
        let time = query.hasTimestamps ? line.at.rfc3339(fractionDigits: 9) + " " : ""
        return Array("\(time)\(line.text)\n".utf8)
    }
}
