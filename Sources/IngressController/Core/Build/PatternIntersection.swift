// SPDX-License-Identifier: Apache-2.0

/// What two lists of wildcard patterns have in common, as patterns.
enum PatternIntersection {
    /// The narrower one of each pair of which one covers the other; without repetitions.
    static func of(_ left: [String], _ right: [String]) -> [String] {
        var common: [String] = []
        for first in left {
            for second in right {
                let narrower = covers(second, first) ? first : covers(first, second) ? second : nil
                if let narrower, !common.contains(narrower) { common.append(narrower) }
            }
        }
        return common
    }

    /// True when every text that `inner` matches is matched by `outer`; both may hold `*` and `?`.
    static func covers(_ outer: String, _ inner: String) -> Bool {
        let pattern = Array(outer.utf8), text = Array(inner.utf8)
        let star = UInt8(ascii: "*"), one = UInt8(ascii: "?")
        var at = 0, place = 0
        var retry: (pattern: Int, text: Int)?
        while place < text.count {
            if at < pattern.count, pattern[at] == star {
                retry = (at, place)
                at += 1
            } else if at < pattern.count,
                pattern[at] == text[place] || pattern[at] == one && text[place] != star
            {
                at += 1
                place += 1
            } else if let last = retry {
                at = last.pattern + 1
                place = last.text + 1
                retry = (last.pattern, place)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == star }
    }
}
