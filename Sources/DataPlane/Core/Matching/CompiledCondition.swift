// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

/// A condition whose values have been read; it holds when any of them fits.
enum CompiledCondition: Sendable {
    case host([TextPattern])
    case path([TextPattern])
    case header(HTTPField.Name, [TextPattern])
    case query([(key: String, value: TextPattern)])
    case method([String])
    case cookie([(key: String, value: TextPattern)])
    case source([AddressBlock])
    case responseHeader(HTTPField.Name, [TextPattern])
    case responseStatus([StatusPattern])
    /// A condition that cannot hold, because nothing in it could be read.
    case never

    /// Reads a condition; what cannot be read is told to `mistake`.
    init(_ condition: RuleCondition, settings: DataPlaneSettings, mistake: (String) -> Void) {
        func patterns(_ values: [String], _ subject: TextPattern.Subject) -> [TextPattern] {
            values.map { value in
                let pattern = TextPattern(value, subject: subject, settings: settings)
                if case .never = pattern { mistake("\(value) is not a regular expression") }
                return pattern
            }
        }
        func pairs(_ values: [KeyValue]) -> [(key: String, value: TextPattern)] {
            values.map { ($0.key, TextPattern($0.value, subject: .parameter, settings: settings)) }
        }
        func field(_ key: String) -> HTTPField.Name? {
            let name = HTTPField.Name(key)
            if name == nil { mistake("\(key) is not a header name") }
            return name
        }
        switch condition {
        case .host(let values): self = .host(patterns(values, .host))
        case .path(let values): self = .path(patterns(values, .path))
        case .header(let key, let values):
            self = field(key).map { .header($0, patterns(values, .headerValue)) } ?? .never
        case .queryString(let values): self = .query(pairs(values))
        case .method(let values): self = .method(values)
        case .cookie(let values): self = .cookie(pairs(values))
        case .sourceIP(let values):
            self = .source(
                values.compactMap { value in
                    let block = AddressBlock(value)
                    if block == nil { mistake("\(value) is not an address or a CIDR block") }
                    return block
                }
            )
        case .responseHeader(let key, let values):
            self = field(key).map { .responseHeader($0, patterns(values, .headerValue)) } ?? .never
        case .responseStatusCode(let values):
            self = .responseStatus(
                values.compactMap { value in
                    let pattern = StatusPattern(value)
                    if pattern == nil { mistake("\(value) is not a status code") }
                    return pattern
                }
            )
        }
    }

    /// True when a request satisfies the condition; conditions on answers never hold here.
    func holds(for facts: RequestFacts) -> Bool {
        switch self {
        case .host(let patterns): patterns.contains { $0.matches(facts.host) }
        case .path(let patterns): patterns.contains { $0.matches(facts.path) }
        case .header(let name, let patterns): facts.fields.hasValue(of: name, fitting: patterns)
        case .query(let pairs): pairs.contains { pair in facts.hasQuery(pair.key, where: pair.value.matches) }
        case .method(let methods): methods.contains(facts.method)
        case .cookie(let pairs):
            pairs.contains { pair in facts.hasCookie(pair.key, where: pair.value.matches) }
        case .source(let blocks):
            facts.source.map { source in blocks.contains { $0.contains(source) } } ?? false
        case .responseHeader, .responseStatus, .never: false
        }
    }

    /// True when an answer, and the request that it answers, satisfy the condition.
    func holds(for response: HTTPResponse, to facts: RequestFacts) -> Bool {
        switch self {
        case .responseHeader(let name, let patterns):
            response.headerFields.hasValue(of: name, fitting: patterns)
        case .responseStatus(let patterns): patterns.contains { $0.matches(response.status.code) }
        default: holds(for: facts)
        }
    }
}

/// A status code, or a class of them: `404`, `5xx`.
///
/// - Source: documented for single codes; the class form is assumed.
struct StatusPattern: Sendable, Hashable {
    private let range: ClosedRange<Int>

    init?(_ text: String) {
        if let code = Int(text), (100...599).contains(code) {
            range = code...code
        } else if text.utf8.count == 3, text.lowercased().hasSuffix("xx"), let first = Int(text.prefix(1)),
            (1...5).contains(first)
        {
            range = first * 100...first * 100 + 99
        } else {
            return nil
        }
    }

    func matches(_ code: Int) -> Bool { range.contains(code) }
}

extension HTTPFields {
    /// True when any field of that name has a value that fits any of the patterns.
    func hasValue(of name: HTTPField.Name, fitting patterns: [TextPattern]) -> Bool {
        contains { field in
            guard field.name == name else { return false }
            let value = field.value.asciiLowercased
            return patterns.contains { $0.matches(value) }
        }
    }
}
