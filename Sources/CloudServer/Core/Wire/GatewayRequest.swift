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

    init(_ request: HTTPServerRequest) {
        method = request.head.method.rawValue
        headers = request.head.headerFields
        body = request.body
        var target = (request.head.path ?? "/")[...]
        var host = request.head.authority ?? ""
        // Clients that were given an HTTP proxy send the whole address.
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            target = target.dropFirst(scheme.count)
            let authority = target.prefix { $0 != "/" && $0 != "?" }
            if host.isEmpty { host = String(authority) }
            target = target.dropFirst(authority.count)
        }
        self.host = host
        let question = target.firstIndex(of: "?")
        path = String(target[..<(question ?? target.endIndex)])
        query = question.map { PercentEncoding.pairs(target[target.index(after: $0)...]) } ?? []
        form = body.isEmpty ? [] : PercentEncoding.pairs(String(decoding: body, as: UTF8.self)[...])
    }

    /// All parameters, those of the query first.
    var parameters: [(String, String)] { query + form }

    func parameter(_ name: String) -> String? {
        (query.first { $0.0 == name } ?? form.first { $0.0 == name })?.1
    }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// The action's name; nil when there is none.
    var action: String? { header("x-acs-action") ?? parameter("Action") }

    /// The API version; nil when there is none.
    var version: String? { header("x-acs-version") ?? parameter("Version") }

    /// Who calls, as traces name them: the first word of the User-Agent, else the access key.
    var client: String {
        if let agent = headers[.userAgent], let word = agent.split(whereSeparator: { $0 == " " }).first {
            return String(word)
        }
        return RequestSignature.accessKeyID(of: self) ?? ""
    }
}
