// SPDX-License-Identifier: Apache-2.0
import Ports

/// Reads the first message of a TLS handshake, which says what a client wants before anything is decided.
///
/// - Source: RFC 8446, 4.1.2 and 5.1: documented.
struct HelloReader {
    /// What the first bytes of a connection are.
    enum Finding: Sendable {
        case incomplete
        case hello(ClientHello)
        /// Text, such as a request in plain HTTP.
        case plainText
        case garbage
    }

    private static let longestHello = 64 * 1024

    /// Looks at all that has come so far.
    static func read(_ bytes: UnsafeRawBufferPointer) -> Finding {
        guard let first = bytes.first else { return .incomplete }
        if first != 22 { return (65...90).contains(first) ? .plainText : .garbage }
        var message: [UInt8] = []
        var records = ByteCursor(bytes)
        while true {
            guard let type = records.byte(), let major = records.byte(), records.byte() != nil,
                let length = records.short()
            else { return .incomplete }
            guard type == 22, major == 3, (1...16_640).contains(length) else { return .garbage }
            let rest = records.bytes(length)
            message += rest ?? UnsafeRawBufferPointer(rebasing: records.remaining)
            if message.count > 4 {
                let wanted = 4 + Int(message[1]) << 16 + Int(message[2]) << 8 + Int(message[3])
                guard message[0] == 1, wanted <= longestHello else { return .garbage }
                if message.count >= wanted {
                    let whole = message.withUnsafeBytes { bytes -> ClientHello? in
                        hello(UnsafeRawBufferPointer(rebasing: bytes[4..<wanted]))
                    }
                    return whole.map { .hello($0) } ?? .garbage
                }
            }
            if rest == nil { return .incomplete }
        }
    }

    private static func hello(_ bytes: UnsafeRawBufferPointer) -> ClientHello? {
        var cursor = ByteCursor(bytes)
        guard let legacy = cursor.short(), cursor.bytes(32) != nil,
            let session = cursor.byte(), cursor.bytes(Int(session)) != nil,
            let suitesLength = cursor.short(), let suites = cursor.bytes(suitesLength),
            let methods = cursor.byte(), cursor.bytes(Int(methods)) != nil
        else { return nil }
        var hello = ClientHello(applicationProtocols: [])
        hello.showsCertificateLater = true
        hello.ciphers = stride(from: 0, to: suites.count - 1, by: 2).compactMap {
            CipherNames.name(UInt16(suites[$0]) << 8 | UInt16(suites[$0 + 1]))
        }
        hello.versions = versionsUp(to: legacy)
        guard let total = cursor.short() else { return hello }
        guard let extensions = cursor.bytes(total) else { return nil }
        return read(extensions, into: &hello) ? hello : nil
    }

    /// False when an extension is cut off.
    private static func read(_ extensions: UnsafeRawBufferPointer, into hello: inout ClientHello) -> Bool {
        var cursor = ByteCursor(extensions)
        while !cursor.isAtEnd {
            guard let type = cursor.short(), let length = cursor.short(), let value = cursor.bytes(length)
            else {
                return false
            }
            var inside = ByteCursor(value)
            switch type {
            case 0:
                guard inside.short() != nil, let kind = inside.byte(), let size = inside.short(),
                    let name = inside.bytes(size)
                else { return false }
                if kind == 0 { hello.serverName = String(decoding: name, as: UTF8.self) }
            case 13:
                // The schemes by which the client lets the other side sign: those of ECDSA among them or not.
                guard inside.short() != nil else { return false }
                hello.takesEllipticCurves = false
                while let scheme = inside.short() {
                    if [0x0203, 0x0403, 0x0503, 0x0603].contains(scheme) { hello.takesEllipticCurves = true }
                }
            case 16:
                guard inside.short() != nil else { return false }
                while let size = inside.byte() {
                    guard let name = inside.bytes(Int(size)) else { return false }
                    hello.applicationProtocols.append(String(decoding: name, as: UTF8.self))
                }
            case 43:
                guard inside.byte() != nil else { return false }
                hello.versions = []
                while let version = inside.short() {
                    if let name = versionNames[version] { hello.versions.append(name) }
                }
            default: break
            }
        }
        return true
    }

    private static let versionNames = [
        0x0301: "TLSv1.0", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3",
    ]

    private static func versionsUp(to newest: Int) -> [String] {
        [0x0301, 0x0302, 0x0303].filter { $0 <= newest }.compactMap { versionNames[$0] }
    }
}

/// Goes through bytes from the front.
struct ByteCursor {
    private(set) var remaining: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) {
        remaining = bytes[...]
    }

    var isAtEnd: Bool { remaining.isEmpty }

    mutating func byte() -> UInt8? { remaining.popFirst() }

    mutating func short() -> Int? {
        guard remaining.count >= 2, let high = remaining.popFirst(), let low = remaining.popFirst() else {
            return nil
        }
        return Int(high) << 8 | Int(low)
    }

    mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
        guard remaining.count >= count else { return nil }
        defer { remaining = remaining.dropFirst(count) }
        return UnsafeRawBufferPointer(rebasing: remaining.prefix(count))
    }
}
