// SPDX-License-Identifier: Apache-2.0

/// Which of two versions of a group comes first: released before beta before alpha, newer before older.
///
/// - Source: version priority in the Kubernetes documentation on custom resources (documented).
enum VersionOrder {
    /// True when a version comes before another.
    static func precedes(_ left: String, _ right: String) -> Bool {
        switch (parts(left), parts(right)) {
        case (let left?, let right?): left.lexicographicallyPrecedes(right)
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left < right
        }
    }

    /// `v2beta1` as numbers that order it; nil for a name of another form.
    private static func parts(_ version: String) -> [Int]? {
        guard version.hasPrefix("v") else { return nil }
        var rest = version.dropFirst()
        func number() -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return digits.first == "0" ? nil : Int(digits)
        }
        guard let major = number() else { return nil }
        if rest.isEmpty { return [0, -major] }
        for (rank, word) in [(1, "beta"), (2, "alpha")] where rest.hasPrefix(word) {
            rest = rest.dropFirst(word.count)
            guard let minor = number(), rest.isEmpty else { return nil }
            return [rank, -major, -minor]
        }
        return nil
    }
}
