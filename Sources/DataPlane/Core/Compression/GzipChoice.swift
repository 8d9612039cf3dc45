// SPDX-License-Identifier: Apache-2.0
import Gzip
import HTTPTypes

/// Which answers are packed.
///
/// - Source: documented: answers of some text types with a Content-Length above 1,024 bytes, which they lose.
///   Which statuses, and that an answer which is packed already stays as it is, are assumed as in nginx.
enum GzipChoice {
    private static let types: [String] = [
        "text/html", "text/xml", "text/plain", "text/css", "application/javascript",
        "application/x-javascript", "text/javascript", "application/rss+xml", "application/atom+xml",
        "application/xml", "application/json",
    ]

    static let smallest = 1024

    /// True when the answer to a request is to be packed.
    static func isWanted(_ response: HTTPResponse, length: Int, request: HTTPRequest) -> Bool {
        guard length > smallest, [200, 403, 404].contains(response.status.code), request.method != .head,
            response.headerFields[.contentEncoding] == nil,
            let type = response.headerFields[.contentType],
            let accepted = request.headerFields[.acceptEncoding]
        else { return false }
        let plainType = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return types.contains(plainType) && GzipStream.isAccepted(accepted)
    }
}
