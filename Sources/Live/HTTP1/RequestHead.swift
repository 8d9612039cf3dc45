// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// The head of an HTTP/1 request, and what it says about the rest of the message.
struct RequestHead {
    let request: HTTPRequest
    let framing: BodyFraming
    let isVersion10: Bool
    let keepsAlive: Bool
    let expectsContinue: Bool
    /// True when the client wants to speak WebSocket.
    let wantsTunnel: Bool

    /// Reads a head whose end, the blank line, has been found.
    ///
    /// - Throws: `MessageFault.malformed` when it is none, or could be understood in two ways.
    init(_ bytes: UnsafeRawBufferPointer, isSecure: Bool) throws(MessageFault) {
        var lines = HeadLines(bytes)
        let line = lines.line()
        guard let first = line.firstIndex(of: 32), let last = line.lastIndex(of: 32), first < last, first > 0
        else { throw .malformed }
        let method = UnsafeRawBufferPointer(rebasing: line[..<first])
        let target = UnsafeRawBufferPointer(rebasing: line[(first + 1)..<last])
        guard let minor = HeadLines.minorVersion(UnsafeRawBufferPointer(rebasing: line[(last + 1)...])),
            !target.isEmpty, method.allSatisfy(ByteClass.isToken)
        else { throw .malformed }
        var isPlain = true
        for byte in target {
            if byte <= 32 || byte == 127 { throw .malformed }
            if byte > 127 { isPlain = false }
        }
        let text =
            isPlain ? String(decoding: target, as: UTF8.self) : String(validating: target, as: UTF8.self)
        guard let text, let method = Self.method(method) else { throw .malformed }
        try lines.readFields(isRequest: true)
        isVersion10 = minor == 0
        if let host = lines.host {
            guard host.utf8.allSatisfy(ByteClass.isHost) else { throw .malformed }
        } else if !isVersion10 {
            throw .malformed
        }
        if lines.hasOtherCoding || (lines.isChunked && (isVersion10 || lines.contentLength != nil)) {
            throw .malformed
        }
        framing =
            lines.isChunked
            ? .chunked : lines.contentLength.map { $0 == 0 ? .none : .length($0) } ?? .none
        keepsAlive = isVersion10 ? lines.wantsKeepAlive && !lines.wantsClose : !lines.wantsClose
        expectsContinue = lines.expectsContinue && !isVersion10 && framing != .none
        wantsTunnel = lines.saysUpgrade && lines.upgradesToWebSocket && !isVersion10 && framing == .none
        var fields = lines.fields
        if isVersion10, !keepsAlive, !lines.wantsClose { fields[.connection] = "close" }
        request = HTTPRequest(
            method: method,
            scheme: isSecure ? "https" : "http",
            authority: lines.host,
            path: text,
            headerFields: fields
        )
    }

    private static func method(_ bytes: UnsafeRawBufferPointer) -> HTTPRequest.Method? {
        if bytes.elementsEqual("GET".utf8) { return .get }
        if bytes.elementsEqual("POST".utf8) { return .post }
        if bytes.elementsEqual("HEAD".utf8) { return .head }
        return HTTPRequest.Method(String(decoding: bytes, as: UTF8.self))
    }
}
