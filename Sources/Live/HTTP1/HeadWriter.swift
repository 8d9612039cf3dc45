// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import Ports

extension ByteBuffer {
    mutating func writeHead(_ request: HTTPRequest, version: HTTPVersion) {
        writeString(request.method.rawValue)
        writeStaticString(" ")
        writeString(request.path ?? "/")
        writeStaticString(version == .http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
        if let authority = request.authority { writeField("Host", authority) }
        writeFields(request.headerFields)
    }

    mutating func writeHead(_ response: HTTPResponse) {
        if response.status.code == 200, response.status.reasonPhrase == "OK" {
            writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            writeStaticString("HTTP/1.1 ")
            writeString(String(response.status.code))
            writeStaticString(" ")
            writeString(response.status.reasonPhrase)
            writeStaticString("\r\n")
        }
        writeFields(response.headerFields)
    }

    mutating func writeFields(_ fields: HTTPFields) {
        for index in 0..<fields.endIndex { writeField(fields[index].name.rawName, fields[index].value) }
    }

    mutating func writeField(_ name: String, _ value: String) {
        writeString(name)
        writeStaticString(": ")
        writeString(value)
        writeStaticString("\r\n")
    }

    /// Writes a piece of a body as one chunk; nothing when it is empty, since that would be the end.
    mutating func writeChunk(_ body: [UInt8]) {
        guard !body.isEmpty else { return }
        writeHexadecimal(body.count)
        writeStaticString("\r\n")
        writeBytes(body)
        writeStaticString("\r\n")
    }

    private mutating func writeHexadecimal(_ number: Int) {
        var shift = (Int.bitWidth - number.leadingZeroBitCount - 1) / 4 * 4
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: (number >> shift) & 15)
            writeInteger(digit < 10 ? 0x30 + digit : 0x57 + digit)
            shift -= 4
        }
    }

    mutating func writeLastChunk(_ trailers: HTTPFields?) {
        writeStaticString("0\r\n")
        if let trailers { writeFields(trailers) }
        writeStaticString("\r\n")
    }
}

extension HTTPFields {
    /// Where the first field of a name is; nil when there is none.
    ///
    /// A subscript by name makes an index of all fields first, which does not pay for one look.
    func place(of name: HTTPField.Name) -> Int? {
        for index in 0..<endIndex where self[index].name == name { return index }
        return nil
    }
}
