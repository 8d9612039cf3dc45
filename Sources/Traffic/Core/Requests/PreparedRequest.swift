// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// A request made ready once, so that sending it again costs a reference.
final class PreparedRequest: Sendable {
    let request: TrafficRequest
    let frame: Frame
    /// The place of its origin among the machine's origins.
    let origin: Int
    let method: String
    /// The Host that the message asks for.
    let host: String
    let path: String
    let isIdempotent: Bool

    init(_ request: TrafficRequest, origin: Int) {
        self.request = request
        self.origin = origin
        // HTTP/2 has no such field: the name is part of the request line, and becomes it again in HTTP/1.
        let said = request.headerFields.first { $0.name.canonicalName == "host" }?.value
        let authority = said ?? request.url.authority
        let fields = HTTPFields(request.headerFields.filter { $0.name.canonicalName != "host" })
        frame = Frame(
            head: .request(
                HTTPRequest(
                    method: request.method,
                    scheme: request.url.scheme.rawValue,
                    authority: authority,
                    path: request.url.path,
                    headerFields: fields
                )
            ),
            body: request.body
        )
        method = request.method.rawValue
        host = said ?? request.url.host
        path = request.url.path
        isIdempotent = request.isIdempotent
    }
}
