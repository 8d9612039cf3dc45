// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import Ports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds the end of a message's head in bytes that come piece by piece; no byte is looked at twice.
struct HeadReader {
    let limits: MessageLimits
    private var scanned = 0
    private var lineStart = 0
    private var hasLine = false

    init(limits: MessageLimits) {
        self.limits = limits
    }

    /// True while nothing of the next head has been looked at.
    var isFresh: Bool { scanned == 0 }

    /// How many bytes the head has, the blank line included; nil while its end has not come.
    ///
    /// - Throws: `MessageFault` when it is too large, or a line ends otherwise than by CR and LF.
    mutating func end(in bytes: UnsafeRawBufferPointer) throws(MessageFault) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        while scanned < bytes.count {
            guard let found = memchr(base + scanned, 10, bytes.count - scanned) else { break }
            let place = UnsafeRawPointer(found) - base
            // The size first: what is found must not depend on the pieces that the bytes came in.
            try checkSize(place)
            guard place > 0, bytes[place - 1] == 13 else { throw .malformed }
            scanned = place + 1
            if place - 1 == lineStart {
                defer { self = HeadReader(limits: limits) }
                return place + 1
            }
            hasLine = true
            lineStart = place + 1
        }
        scanned = bytes.count
        try checkSize(bytes.count)
        return nil
    }

    /// Names and separators count a little differently in the owner's own reckoning.
    private func checkSize(_ count: Int) throws(MessageFault) {
        if !hasLine, count > limits.targetBytes + 64 { throw .targetTooLong }
        if count > limits.targetBytes + limits.fieldBytes + 2048 { throw .fieldsTooLarge }
    }
}

/// How the end of a message's body is found.
enum BodyFraming: Sendable, Equatable {
    case none
    case length(Int64)
    case chunked
    /// Until the connection ends.
    case untilClose
    /// The bytes are another protocol's from here on.
    case tunnel
}

/// A line of a head and the header fields after it, taken apart.
///
/// Whatever two readers could understand differently is refused: bare line feeds, folded lines, blanks before a
/// colon, several lengths, a length beside chunks.
struct HeadLines {
    let bytes: UnsafeRawBufferPointer
    private(set) var place = 0
    private(set) var fields = HTTPFields()
    private(set) var host: String?
    private(set) var contentLength: Int64?
    private(set) var isChunked = false
    private(set) var hasOtherCoding = false
    /// What Connection and Upgrade say.
    private(set) var wantsClose = false
    private(set) var wantsKeepAlive = false
    private(set) var saysUpgrade = false
    private(set) var upgradesToWebSocket = false
    private(set) var expectsContinue = false

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next line without its end.
    mutating func line() -> UnsafeRawBufferPointer {
        var end = place
        while end < bytes.count, bytes[end] != 13 { end += 1 }
        defer { place = min(end + 2, bytes.count) }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<end])
    }

    /// Reads all header fields up to the blank line.
    mutating func readFields(isRequest: Bool) throws(MessageFault) {
        var found: [HTTPField] = []
        found.reserveCapacity(8)
        while true {
            let line = line()
            if line.isEmpty { break }
            if let field = try readField(line, isRequest: isRequest) { found.append(field) }
        }
        // One by one each would be put in its place.
        fields.replaceSubrange(0..<0, with: found)
    }

    /// Reads a field; nil for one that goes no further.
    private mutating func readField(
        _ line: UnsafeRawBufferPointer,
        isRequest: Bool
    ) throws(MessageFault) -> HTTPField? {
        var colon = 0
        while colon < line.count, line[colon] != UInt8(ascii: ":") {
            guard ByteClass.isToken(line[colon]) else { throw .malformed }
            colon += 1
        }
        guard colon > 0, colon < line.count else { throw .malformed }
        var (start, end) = (colon + 1, line.count)
        while start < end, line[start] == 32 || line[start] == 9 { start += 1 }
        while end > start, line[end - 1] == 32 || line[end - 1] == 9 { end -= 1 }
        let value = UnsafeRawBufferPointer(rebasing: line[start..<end])
        var isPlain = true
        for byte in value {
            if byte < 32, byte != 9 { throw .malformed }
            if byte == 127 { throw .malformed }
            if byte > 127 { isPlain = false }
        }
        guard let name = FieldNameTable.name(UnsafeRawBufferPointer(rebasing: line[..<colon])) else {
            throw .malformed
        }
        let field =
            isPlain
            ? HTTPField(name: name, value: String(decoding: value, as: UTF8.self))
            : HTTPField(name: name, value: Array(value))
        return try note(field, isRequest: isRequest) ? field : nil
    }

    /// Looks at a field that decides how the message is read; false when it goes no further.
    private mutating func note(_ field: HTTPField, isRequest: Bool) throws(MessageFault) -> Bool {
        let name = field.name.canonicalName
        switch name.utf8.count {
        case 4 where name == "host" && isRequest:
            guard host == nil else { throw .malformed }
            host = field.value
            return false
        case 6 where name == "expect" && isRequest:
            expectsContinue = field.value.lowercased() == "100-continue"
            return !expectsContinue
        case 7 where name == "upgrade":
            upgradesToWebSocket = field.value.lowercased() == "websocket"
        case 10 where name == "connection":
            if field.value == "keep-alive" {
                // It says nothing of the message, only of this connection, which is ours.
                wantsKeepAlive = true
                return false
            }
            for word in field.value.lowercased().split(separator: ",") {
                switch word.filter({ $0 != " " && $0 != "\t" }) {
                case "close": wantsClose = true
                case "keep-alive": wantsKeepAlive = true
                case "upgrade": saysUpgrade = true
                default: break
                }
            }
        case 14 where name == "content-length":
            let digits = field.value.utf8
            guard contentLength == nil, !digits.isEmpty, digits.allSatisfy({ 0x30...0x39 ~= $0 }),
                let length = Int64(field.value)
            else { throw .malformed }
            contentLength = length
        case 17 where name == "transfer-encoding":
            guard !isChunked, !hasOtherCoding else { throw .malformed }
            if field.value.lowercased() == "chunked" { isChunked = true } else { hasOtherCoding = true }
        default: break
        }
        return true
    }

    /// The minor version that bytes such as `HTTP/1.1` name; nil for anything else.
    static func minorVersion(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count == 8, bytes[0..<7].elementsEqual("HTTP/1.".utf8), 0x30...0x39 ~= bytes[7] else {
            return nil
        }
        return Int(bytes[7]) - 0x30
    }
}

/// What bytes may stand where in a head.
enum ByteClass {
    private static let tokens: [Bool] = (0..<256).map { value in
        let byte = UInt8(value)
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        default: return "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static let hosts: [Bool] = (0..<256).map { value in
        let byte = UInt8(value)
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 128...:
            return true
        default: return "-._~:[]%!$&'()*+,;=".utf8.contains(byte)
        }
    }

    /// True in names of fields and methods.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool { tokens[Int(byte)] }

    /// True in the value of Host.
    @inline(__always)
    static func isHost(_ byte: UInt8) -> Bool { hosts[Int(byte)] }
}
