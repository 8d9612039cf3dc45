// SPDX-License-Identifier: Apache-2.0
import Ports

/// Counts what was seen by how it looked, and keeps the first few in full.
struct Tally {
    private static let sampleLimit = 3

    private(set) var total = 0
    private(set) var first: Instant?
    private var counts: [(label: String, count: Int)] = []
    private var places: [String: Int] = [:]
    private(set) var samples: [(at: Instant, text: String)] = []

    /// Adds one.
    mutating func add(_ label: String, at instant: Instant, _ text: () -> String) {
        total += 1
        if first == nil { first = instant }
        if let place = places[label] {
            counts[place].count += 1
        } else {
            places[label] = counts.count
            counts.append((label, 1))
        }
        if samples.count < Self.sampleLimit { samples.append((instant, text())) }
    }

    /// `31 × status 502, 6 × reset`: the most frequent first.
    var summary: String {
        let order = counts.enumerated().sorted { left, right in
            (right.element.count, left.offset) < (left.element.count, right.offset)
        }
        var parts = order.prefix(6).map { "\($0.element.count.grouped) × \($0.element.label)" }
        if order.count > 6 { parts.append("and \(order.count - 6) other kinds") }
        return parts.joined(separator: ", ")
    }
}

extension Int {
    /// The number with its thousands set apart: `12,000`.
    var grouped: String {
        let digits = Array(String(magnitude))
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return self < 0 ? "-" + text : text
    }
}
