// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// A request as the gateway reads it: parameters from query and form together, action and version from
/// wherever they are.
///
/// - Source: where each SDK puts what; seen upstream.
struct GatewayRequest: Sendable {
    let method: String
    /// The Host as it was received.
    let host: String
    /// Without the query.
    let path: String
    let query: [(String, String)]
    let form: [(String, String)]
    let headers: HTTPFields
    let body: [UInt8]
    /// The action's name; nil when there is none.
    let action: String?
    /// The API version; nil when there is none.
    let version: String?

    init(_ request: HTTPServerRequest) {
        method = request.head.method.rawValue
        let fields = request.head.headerFields
        headers = fields
        body = request.body
        var target = (request.head.path ?? "/")[...]
        var host = request.head.authority ?? ""
        // Clients that were given an HTTP proxy send the whole address.
        for scheme in ["http://", "https://"]
        where target.first != "/" && target.prefix(scheme.count).lowercased() == scheme {
            target = target.dropFirst(scheme.count)
            let authority = target.prefix { $0 != "/" && $0 != "?" }
            if host.isEmpty { host = String(authority) }
            target = target.dropFirst(authority.count)
        }
        self.host = host
        let question = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        path = String(target[..<(question ?? target.endIndex)])
        query = question.map { PercentEncoding.pairs(target[target.index(after: $0)...]) } ?? []
        form = body.isEmpty ? [] : PercentEncoding.pairs(String(decoding: body, as: UTF8.self)[...])
        let pairs = [query, form]
        func first(_ name: String) -> String? {
            for part in pairs { for pair in part where pair.0 == name { return pair.1 } }
            return nil
        }
        action = Self.actionField.flatMap { fields[$0] } ?? first("Action")
        version = Self.versionField.flatMap { fields[$0] } ?? first("Version")
    }

    private static let actionField = HTTPField.Name("x-acs-action")
    private static let versionField = HTTPField.Name("x-acs-version")

    /// All parameters, those of the query first.
    var parameters: [(String, String)] { query + form }

    func parameter(_ name: String) -> String? {
        (query.first { $0.0 == name } ?? form.first { $0.0 == name })?.1
    }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// Who calls, as traces name them: the first word of the User-Agent, else the access key.
    var client: String {
        if let agent = headers[.userAgent] {
            let bytes = agent.utf8.drop { $0 == UInt8(ascii: " ") }
            let word = String(Substring(bytes.prefix { $0 != UInt8(ascii: " ") }))
            if !word.isEmpty { return word }
        }
        return RequestSignature.accessKeyID(of: self) ?? ""
    }
}
