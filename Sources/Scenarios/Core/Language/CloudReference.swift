// SPDX-License-Identifier: Apache-2.0
import JSON

/// Something in the cloud that a step names although nobody knows its id before: `$(listener 80)`.
///
/// The form is that of a variable with a blank in it, which no manifest uses for anything else.
struct CloudReference: Sendable, Hashable {
    /// What is named.
    enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The load balancer of an AlbConfig: `$(load-balancer alb)`.
        case loadBalancer = "load-balancer"
        /// A listener by its port, and an AlbConfig when there are several: `$(listener 80 alb)`.
        case listener
        /// A rule by its listener's port and a host that it asks for, or its place: `$(rule 80 cafe.example.com)`.
        case rule
        /// The server group of a Service: `$(server-group tea)`.
        case serverGroup = "server-group"
        /// A certificate by its name in the certificate service: `$(certificate cafe-2026)`.
        case certificate
        /// What an earlier step saved: `$(saved NAME)`.
        case saved

        /// How many words may follow.
        var arity: ClosedRange<Int> {
            switch self {
            case .loadBalancer, .serverGroup, .certificate, .saved: 1...1
            case .listener: 1...2
            case .rule: 2...3
            }
        }
    }

    let kind: Kind
    let words: [String]

    /// How references are written, in one line.
    static let summary =
        "`$(load-balancer ALBCONFIG)`, `$(listener PORT)`, `$(rule PORT HOST)`, `$(server-group SERVICE)`,"
        + " `$(certificate NAME)`, `$(saved NAME)`"

    /// A part of a text.
    enum Part: Sendable, Hashable {
        case text(String)
        case reference(CloudReference)
    }

    /// The parts of a text: what begins like a reference and is none stays text.
    static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "$("), let end = rest[start.upperBound...].firstIndex(of: ")") {
            let words = rest[start.upperBound..<end].split(separator: " ").map(String.init)
            if let kind = words.first.flatMap(Kind.init(rawValue:)), kind.arity.contains(words.count - 1) {
                parts.append(.text(String(rest[..<start.lowerBound])))
                parts.append(.reference(CloudReference(kind: kind, words: Array(words.dropFirst()))))
            } else {
                parts.append(.text(String(rest[...end])))
            }
            rest = rest[rest.index(after: end)...]
        }
        return parts + [.text(String(rest))]
    }

    /// What looks like a reference in the texts of a tree and cannot be one.
    static func mistakes(in tree: JSONValue) -> [String] {
        switch tree {
        case .string(let text):
            return parts(of: text).compactMap { part in
                if case .text(let text) = part, text.contains("$(") {
                    "\"\(text)\" is no reference"
                } else {
                    nil
                }
            }
        case .array(let items): return items.flatMap { mistakes(in: $0) }
        case .object(let object): return object.members.flatMap { mistakes(in: $0.value) }
        default: return []
        }
    }
}
