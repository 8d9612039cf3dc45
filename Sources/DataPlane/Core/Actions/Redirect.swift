// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

/// A redirect's target, ready to be filled in.
///
/// - Source: documented; that a scheme's own port is left out of the location is assumed.
struct Redirect: Sendable {
    private let scheme: Template
    private let host: Template
    private let port: Template
    private let path: Template
    private let query: Template
    let status: Int

    init(_ target: RedirectTarget) {
        scheme = Template(target.scheme)
        host = Template(target.host)
        port = Template(target.port)
        path = Template(target.path)
        query = Template(target.query)
        status = target.status
    }

    /// The value of the Location field.
    func location(_ values: Template.Values) -> String {
        let scheme = scheme.filled(values).lowercased()
        let port = port.filled(values)
        let isDefault = port.isEmpty || port == (scheme == "https" ? "443" : "80")
        let path = path.filled(values)
        let query = query.filled(values)
        return scheme + "://" + host.filled(values) + (isDefault ? "" : ":" + port)
            + (path.hasPrefix("/") ? "" : "/") + path + (query.isEmpty ? "" : "?" + query)
    }
}

/// An answer that a rule gives by itself.
struct FixedAnswer: Sendable {
    let head: HTTPResponse
    let body: [UInt8]

    init(status: Int, contentType: String, content: String) {
        body = Array(content.utf8)
        var fields: HTTPFields = [.contentLength: String(body.count)]
        if !contentType.isEmpty { fields[.contentType] = contentType }
        head = HTTPResponse(
            status: HTTPResponse.Status(code: status.clamped(to: 100...599)),
            headerFields: fields
        )
    }
}

extension Int {
    /// The number, or the nearer end of the range.
    func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
