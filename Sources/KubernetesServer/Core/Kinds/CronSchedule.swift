// SPDX-License-Identifier: Apache-2.0

/// Reads the schedule of a CronJob, to tell what is wrong with it.
///
/// - Source: the standard parser of the library that the real server uses (seen upstream).
enum CronSchedule {
    private struct Field {
        let range: ClosedRange<Int>
        var names: [String] = []
    }

    private struct Mistake: Error {
        let message: String
    }

    private static let fields = [
        Field(range: 0...59), Field(range: 0...23), Field(range: 1...31),
        Field(
            range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        ),
        Field(range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    private static let words = [
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ]

    /// What is wrong with a schedule; nil when nothing is.
    static func mistake(in text: String) -> String? {
        var text = text[...]
        for prefix in ["TZ=", "CRON_TZ="] where text.hasPrefix(prefix) {
            text = text.drop { $0 != " " }.drop { $0 == " " }
        }
        if text.hasPrefix("@") {
            if words.contains(String(text)) || text.hasPrefix("@every ") { return nil }
            return "unrecognized descriptor: \(text)"
        }
        let parts = text.split(whereSeparator: \.isWhitespace)
        if parts.count != fields.count {
            return "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]"
        }
        do {
            for (field, part) in zip(fields, parts) {
                for item in part.split(separator: ",") { try check(item, field) }
            }
            return nil
        } catch {
            return error.message
        }
    }

    private static func check(_ item: Substring, _ field: Field) throws(Mistake) {
        let steps = item.split(separator: "/", omittingEmptySubsequences: false)
        let ends = steps[0].split(separator: "-", omittingEmptySubsequences: false)
        var (first, last) = (field.range.lowerBound, field.range.upperBound)
        if ends[0] != "*", ends[0] != "?" {
            first = try number(ends[0], field.names, field.range.lowerBound)
            switch ends.count {
            case 1: last = first
            case 2: last = try number(ends[1], field.names, field.range.lowerBound)
            default: throw Mistake(message: "too many hyphens: \(item)")
            }
        }
        if steps.count > 2 { throw Mistake(message: "too many slashes: \(item)") }
        let step = steps.count == 2 ? try number(steps[1], [], 0) : 1
        if steps.count == 2, ends.count == 1 { last = field.range.upperBound }
        if first < field.range.lowerBound {
            let bound = field.range.lowerBound
            throw Mistake(message: "beginning of range (\(first)) below minimum (\(bound)): \(item)")
        }
        if last > field.range.upperBound {
            let bound = field.range.upperBound
            throw Mistake(message: "end of range (\(last)) above maximum (\(bound)): \(item)")
        }
        if first > last {
            throw Mistake(
                message: "beginning of range (\(first)) beyond end of range (\(last)): \(item)"
            )
        }
        if step == 0 { throw Mistake(message: "step of range should be a positive number: \(item)") }
    }

    private static func number(
        _ text: Substring,
        _ names: [String],
        _ lowest: Int
    ) throws(Mistake) -> Int {
        if let place = names.firstIndex(of: text.lowercased()) { return place + lowest }
        guard let number = Int(text) else {
            throw Mistake(
                message: "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax"
            )
        }
        if number < 0 { throw Mistake(message: "negative number (\(number)) not allowed: \(text)") }
        return number
    }
}
