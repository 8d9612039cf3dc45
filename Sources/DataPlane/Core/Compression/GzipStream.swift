// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// A body on its way, packed as gzip (RFC 1952).
struct GzipStream: Sendable {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }

    private var deflate = Deflate()
    private var check: UInt32 = 0xffff_ffff
    private var count: UInt32 = 0
    private var hasBegun = false

    /// Packs a piece of the body; the last one brings the end.
    mutating func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        var packed: [UInt8] = hasBegun ? [] : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        hasBegun = true
        for byte in bytes { check = Self.table[Int((check ^ UInt32(byte)) & 0xff)] ^ check >> 8 }
        count &+= UInt32(truncatingIfNeeded: bytes.count)
        if !bytes.isEmpty { packed += deflate.pack(bytes) }
        guard isLast else { return packed }
        packed += deflate.finish()
        for value in [~check, count] {
            packed += (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
        }
        return packed
    }
}

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
        return types.contains(plainType) && accepts(accepted)
    }

    /// True when a client takes gzip.
    static func accepts(_ acceptEncoding: String) -> Bool {
        var star = false
        for part in acceptEncoding.lowercased().split(separator: ",") {
            let words = part.split(separator: ";")
            guard let name = words.first?.trimmed else { continue }
            let quality = words.dropFirst().lazy.map(\.trimmed).first { $0.hasPrefix("q=") }
            let isRefused = quality.flatMap { Double($0.dropFirst(2)) } == 0
            if name == "gzip" || name == "x-gzip" { return !isRefused }
            if name == "*" { star = !isRefused }
        }
        return star
    }
}
