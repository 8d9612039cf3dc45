// SPDX-License-Identifier: Apache-2.0
import Ports

extension StreamCondition {
    /// True when the stream counts at all: it has ended, and is of the traffic that is meant.
    func covers(_ record: StreamRecord) -> Bool {
        record.stage == "ended" && (traffic.isEmpty || traffic.contains(record.traffic))
    }

    /// True when everything that is said holds.
    func holds(for record: StreamRecord) -> Bool {
        if let outcome, !outcome.contains(where: { $0.matches(record.outcome) }) { return false }
        if let code, !code.contains(record.code) { return false }
        if let servedBy, !servedBy.contains(where: { $0.matches(record.servedBy) }) { return false }
        if let answersWithin, record.slowest > answersWithin { return false }
        if let longerThan, record.duration <= longerThan { return false }
        if let shorterThan, record.duration >= shorterThan { return false }
        return true
    }

    /// How a stream looks in the light of what is said, for counting: `server ended 1001`.
    func label(_ record: StreamRecord) -> String {
        var parts = [record.end]
        if servedBy != nil {
            parts.append(record.servedBy.isEmpty ? "served by nobody" : "served by \(record.servedBy)")
        }
        if let longerThan, record.duration <= longerThan {
            parts.append("not open for longer than \(longerThan.humanText)")
        }
        if let shorterThan, record.duration >= shorterThan {
            parts.append("not open for less than \(shorterThan.humanText)")
        }
        if let answersWithin, record.slowest > answersWithin {
            parts.append("an answer later than \(answersWithin.humanText)")
        }
        return parts.joined(separator: ", ")
    }

    /// What is said, in words.
    var claim: String {
        var parts: [String] = []
        if let outcome { parts.append("outcome \(outcome.words)") }
        if let code { parts.append("code \(code.map(String.init).joined(separator: " or "))") }
        if let servedBy {
            parts.append("served by \(servedBy.map(\.glob.pattern).joined(separator: " or "))")
        }
        if let answersWithin { parts.append("answers within \(answersWithin.humanText)") }
        if let longerThan { parts.append("open for longer than \(longerThan.humanText)") }
        if let shorterThan { parts.append("open for less than \(shorterThan.humanText)") }
        return parts.joined(separator: ", ")
    }
}

extension StreamRecord {
    /// How it ended, with the code that came: `server ended 1001`.
    var end: String { code < 0 ? outcome : "\(outcome) \(code)" }

    /// How long it was open, to a tenth of a second, so that streams can be counted by it.
    var rounded: String {
        Duration.milliseconds((duration.nanoseconds + 50_000_000) / 100_000_000 * 100).humanText
    }

    /// The stream and its end, in one line.
    var line: String {
        var text = "\(kind) of \(traffic) to \(host)\(path): \(end)"
        if !servedBy.isEmpty { text += ", served by \(servedBy)" }
        return text + " after \(rounded), \(sent) sent, \(received) received"
    }
}
