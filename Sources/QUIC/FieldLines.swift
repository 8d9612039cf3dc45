// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import HTTPTypes

/// The field lines of a head or of trailers, as nghttp3 takes them.
struct FieldLines {
    private var bytes: [UInt8] = []
    private var lengths: [(name: Int, value: Int)] = []

    /// Fields that HTTP/3 does not have: they speak of an HTTP/1 connection.
    private static let connectionFields: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
    ]

    init(_ request: HTTPRequest) {
        add(":method", request.method.rawValue)
        add(":scheme", request.scheme ?? "https")
        if let authority = request.authority { add(":authority", authority) }
        if let path = request.path { add(":path", path) }
        add(request.headerFields)
    }

    init(_ response: HTTPResponse) {
        add(":status", String(response.status.code))
        add(response.headerFields)
    }

    init(_ trailers: HTTPFields) {
        add(trailers)
    }

    private mutating func add(_ fields: HTTPFields) {
        for field in fields where !Self.connectionFields.contains(field.name.canonicalName) {
            add(field.name.canonicalName, field.value)
        }
    }

    private mutating func add(_ name: String, _ value: String) {
        let start = bytes.count
        bytes += name.utf8
        let middle = bytes.count
        bytes += value.utf8
        lengths.append((middle - start, bytes.count - middle))
    }

    /// Calls with the lines, which are valid for the length of the call only; the library copies them.
    func withLines(_ body: (UnsafePointer<nghttp3_nv>?, Int) -> Void) {
        var bytes = bytes
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard var next = buffer.baseAddress else { return body(nil, 0) }
            let lines = lengths.map { length in
                defer { next += length.name + length.value }
                return nghttp3_nv(
                    name: next,
                    value: next + length.name,
                    namelen: length.name,
                    valuelen: length.value,
                    flags: UInt8(NGHTTP3_NV_FLAG_NONE)
                )
            }
            body(lines, lines.count)
        }
    }
}
#endif
