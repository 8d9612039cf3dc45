// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// What a server sees in place of the client's host, path and query.
///
/// - Source: documented; a part that is left out stays as it came.
struct Rewrite: Sendable {
    let host: Template?
    let path: Template?
    let query: Template?

    init(host: String?, path: String?, query: String?) {
        func template(_ text: String?, _ own: Template.Piece) -> Template? {
            guard let text, !text.isEmpty else { return nil }
            let template = Template(text)
            return template.isOnly(own) ? nil : template
        }
        self.host = template(host, .host)
        self.path = template(path, .path)
        self.query = template(query, .query)
    }

    /// True when the groups of the rule's expressions are needed.
    var hasCaptures: Bool {
        [host, path, query].contains { $0?.hasCaptures == true }
    }

    /// Changes a request's head.
    func apply(to request: inout HTTPRequest, values: Template.Values) {
        if let host { request.authority = host.filled(values) }
        guard path != nil || query != nil else { return }
        let newPath = path?.filled(values) ?? values.path
        let newQuery = query?.filled(values) ?? values.query
        request.path = newQuery.isEmpty ? newPath : "\(newPath)?\(newQuery)"
    }
}

extension CompiledRule {
    /// The groups of the first path expression that is found in the request, else of the first host expression.
    ///
    /// - Source: documented for paths and hosts; that paths come first is assumed.
    func captures(for facts: RequestFacts) -> [String] {
        for condition in conditions {
            if case .path(let patterns) = condition, let found = patterns.captures(in: facts.path) {
                return found
            }
        }
        for condition in conditions {
            if case .host(let patterns) = condition, let found = patterns.captures(in: facts.host) {
                return found
            }
        }
        return []
    }
}

extension [TextPattern] {
    fileprivate func captures(in text: String) -> [String]? {
        for case .expression(let expression) in self {
            if let found = expression.captures(in: text) { return found }
        }
        return nil
    }
}
