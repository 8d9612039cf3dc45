// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Reads in a server's first bytes which cipher it has chosen.
///
/// The library that carries the handshake out does not tell; the server's hello is in plain text in all versions.
///
/// - Source: RFC 5246, 7.4.1.3, and RFC 8446, 4.1.3: documented.
enum ServerHelloReader {
    /// The number of the suite in a record that holds a server's hello.
    static func suite(in bytes: ByteBuffer) -> UInt16? {
        let start = bytes.readerIndex
        guard bytes.getInteger(at: start, as: UInt8.self) == 22,  // a handshake record
            bytes.getInteger(at: start + 5, as: UInt8.self) == 2,  // a server's hello
            let session = bytes.getInteger(at: start + 43, as: UInt8.self)
        else { return nil }
        return bytes.getInteger(at: start + 44 + Int(session), as: UInt16.self)
    }
}
