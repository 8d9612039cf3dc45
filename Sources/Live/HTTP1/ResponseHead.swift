// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// The head of an HTTP/1 response, and what it says about the rest of the message.
struct ResponseHead {
    let response: HTTPResponse
    let framing: BodyFraming
    let keepsAlive: Bool

    /// Reads a head whose end, the blank line, has been found.
    ///
    /// - Throws: `MessageFault.malformed` when it is none, or could be understood in two ways.
    init(_ bytes: UnsafeRawBufferPointer, to method: HTTPRequest.Method) throws(MessageFault) {
        var lines = HeadLines(bytes)
        let line = lines.line()
        guard line.count >= 12, line[8] == 32, line.count == 12 || line[12] == 32,
            let minor = HeadLines.minorVersion(UnsafeRawBufferPointer(rebasing: line[..<8]))
        else { throw .malformed }
        var code = 0
        for byte in line[9..<12] {
            guard 0x30...0x39 ~= byte else { throw .malformed }
            code = code * 10 + Int(byte) - 0x30
        }
        guard (100...599).contains(code) else { throw .malformed }
        try lines.readFields(isRequest: false)
        let isChunked = lines.isChunked
        if isChunked, lines.contentLength != nil { throw .malformed }
        keepsAlive = minor == 0 ? lines.wantsKeepAlive : !lines.wantsClose
        switch code {
        case 101: framing = .tunnel
        case 100..<200, 204, 304: framing = .none
        default:
            framing =
                method == .head || lines.contentLength == 0
                ? .none
                : isChunked
                    ? .chunked
                    : lines.hasOtherCoding
                        ? .untilClose : lines.contentLength.map { .length($0) } ?? .untilClose
        }
        var fields = lines.fields
        if minor == 0, !keepsAlive, !lines.wantsClose { fields[.connection] = "close" }
        if isChunked { fields[.transferEncoding] = nil }
        let phrase = line.count > 13 ? String(decoding: line[13...], as: UTF8.self) : ""
        response = HTTPResponse(
            status: Self.status(code, phrase),
            headerFields: fields
        )
    }

    private static func status(_ code: Int, _ phrase: String) -> HTTPResponse.Status {
        if code == 200, phrase == "OK" { return .ok }
        return HTTPResponse.Status(code: code, reasonPhrase: phrase)
    }
}
