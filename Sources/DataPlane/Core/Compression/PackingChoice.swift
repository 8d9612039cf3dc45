// SPDX-License-Identifier: Apache-2.0
import Gzip
import HTTPTypes

/// Which answers are packed, and how.
///
/// - Source: documented: answers of some text types with a Content-Length above 1,024 bytes, which they lose; Brotli
///   before gzip when the client takes both. Which statuses, that an answer which is packed already stays as it is, and
///   that `*` asks for gzip, are assumed as in nginx.
enum PackingChoice {
    private static let types: [String] = [
        "text/html", "text/xml", "text/plain", "text/css", "application/javascript",
        "application/x-javascript", "text/javascript", "application/rss+xml", "application/atom+xml",
        "application/xml", "application/json",
    ]

    static let smallest = 1024

    /// How the answer to a request is to be packed; nil when it is not.
    static func packer(_ response: HTTPResponse, length: Int, request: HTTPRequest) -> BodyPacker? {
        guard length > smallest, [200, 403, 404].contains(response.status.code), request.method != .head,
            response.headerFields[.contentEncoding] == nil,
            let type = response.headerFields[.contentType],
            let accepted = request.headerFields[.acceptEncoding]
        else { return nil }
        let plainType = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard types.contains(plainType) else { return nil }
        if BrotliStream.isAccepted(accepted) { return .brotli(BrotliStream()) }
        return GzipStream.isAccepted(accepted) ? .gzip(GzipStream()) : nil
    }
}

/// A body on its way through one of the packers.
enum BodyPacker: Sendable {
    case gzip(GzipStream)
    case brotli(BrotliStream)

    /// As Content-Encoding names it.
    var name: String {
        switch self {
        case .gzip: "gzip"
        case .brotli: "br"
        }
    }

    /// Packs a piece of the body; the last one brings the end.
    mutating func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        switch self {
        case .gzip(var stream):
            defer { self = .gzip(stream) }
            return stream.pack(bytes, isLast: isLast)
        case .brotli(var stream):
            defer { self = .brotli(stream) }
            return stream.pack(bytes, isLast: isLast)
        }
    }
}
