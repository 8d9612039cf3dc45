// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// The names of header fields that most messages carry, found by their bytes without making a text.
enum FieldNameTable {
    private static let common = [
        "Host", "Connection", "Content-Length", "Content-Type", "User-Agent", "Accept", "Accept-Encoding",
        "Accept-Language", "Cookie", "Set-Cookie", "Date", "Server", "Transfer-Encoding", "Cache-Control",
        "Origin", "Referer", "Authorization", "X-Forwarded-For", "X-Forwarded-Proto", "Location", "Etag",
        "ETag", "Last-Modified", "If-None-Match", "If-Modified-Since", "Vary", "Expect", "Upgrade", "Te",
        "TE", "Trailer", "Content-Encoding", "X-Request-Id", "X-Real-IP", "Alicloud-Alb-Trace",
        "ALICLOUD-ALB-TRACE", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Accept",
        "X-Served-By", "Keep-Alive", "Accept-Ranges", "Pragma", "Expires", "Alt-Svc", "Range",
    ]

    private struct Entry {
        let bytes: [UInt8]
        let name: HTTPField.Name
    }

    private static let mask = 255
    private static let slots: [Entry?] = {
        var slots = [Entry?](repeating: nil, count: mask + 1)
        for text in common + common.map({ $0.lowercased() }) {
            guard let name = HTTPField.Name(text) else { continue }
            let bytes = Array(text.utf8)
            var place = bytes.withUnsafeBytes { hash($0) }
            while let taken = slots[place] {
                if taken.bytes == bytes { break }
                place = (place + 1) & mask
            }
            slots[place] = Entry(bytes: bytes, name: name)
        }
        return slots
    }()

    @inline(__always)
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let first = bytes.first, let last = bytes.last else { return 0 }
        let middle = bytes[bytes.count / 2]
        return (bytes.count &* 37 &+ Int(first) &* 5 &+ Int(last) &* 17 &+ Int(middle) &* 3) & mask
    }

    @inline(__always)
    private static func isSame(_ known: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Bool {
        for place in 0..<bytes.count where known[place] != bytes[place] { return false }
        return true
    }

    /// The name that bytes spell; nil when they cannot be one.
    static func name(_ bytes: UnsafeRawBufferPointer) -> HTTPField.Name? {
        var place = hash(bytes)
        while let entry = slots[place] {
            if entry.bytes.count == bytes.count, isSame(entry.bytes, bytes) { return entry.name }
            place = (place + 1) & mask
        }
        return HTTPField.Name(String(decoding: bytes, as: UTF8.self))
    }
}
