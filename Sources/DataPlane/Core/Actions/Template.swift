// SPDX-License-Identifier: Apache-2.0

/// A text with `${…}` variables, split once.
struct Template: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case text(String)
        case scheme, host, port, path, query
        /// A group of the rule's path or host expression, from 1.
        case capture(Int)
    }

    private let pieces: [Piece]

    /// Splits a text; an unknown variable stays as it is written.
    init(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            if start.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<start.lowerBound]))) }
            let variable = String(rest[start.upperBound..<end])
            pieces.append(Template.variables[variable] ?? .text("${\(variable)}"))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    /// - Source: documented.
    private static let variables: [String: Piece] = [
        "protocol": .scheme, "host": .host, "port": .port, "path": .path, "query": .query,
        "1": .capture(1), "2": .capture(2), "3": .capture(3),
    ]

    /// True when the text needs the groups of an expression.
    var hasCaptures: Bool {
        pieces.contains { if case .capture = $0 { true } else { false } }
    }

    /// True when the text is one variable and nothing else, so that it changes nothing.
    func isOnly(_ piece: Piece) -> Bool { pieces == [piece] }

    /// What the variables stand for in one request.
    struct Values: Sendable {
        var scheme: String
        var host: String
        var port: Int
        var path: String
        var query: String
        var captures: [String] = []
    }

    /// The text with the variables filled in.
    func filled(_ values: Values) -> String {
        if pieces.count == 1 { return filled(pieces[0], values) }
        return pieces.reduce(into: "") { $0 += filled($1, values) }
    }

    private func filled(_ piece: Piece, _ values: Values) -> String {
        switch piece {
        case .text(let text): text
        case .scheme: values.scheme
        case .host: values.host
        case .port: String(values.port)
        case .path: values.path
        case .query: values.query
        case .capture(let number): number <= values.captures.count ? values.captures[number - 1] : ""
        }
    }
}
