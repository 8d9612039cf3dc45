// SPDX-License-Identifier: Apache-2.0

/// The codings that an Accept-Encoding field names.
///
/// - Source: RFC 9110, 12.5.3: documented.
struct AcceptedCodings {
    private let codings: [(name: Substring, isTaken: Bool)]

    init(_ field: String) {
        codings = field.lowercased().split(separator: ",").compactMap { part in
            let words = part.split(separator: ";").map(Self.trimmed)
            guard let name = words.first else { return nil }
            let quality = words.dropFirst().first { $0.hasPrefix("q=") }
            return (name, quality.flatMap { Double($0.dropFirst(2)) } != 0)
        }
    }

    /// What the first of these that the field names is said to be; nil when it names none of them.
    func takes(_ names: [Substring]) -> Bool? {
        codings.first { names.contains($0.name) }?.isTaken
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
