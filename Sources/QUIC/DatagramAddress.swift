// SPDX-License-Identifier: Apache-2.0
#if QUIC
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
public import Ports

/// Where a datagram comes from or goes to: a `sockaddr` in its own bytes, as the C library wants it.
public struct DatagramAddress: Sendable, Hashable {
    /// The bytes of a `sockaddr_in` or a `sockaddr_in6`.
    public let bytes: [UInt8]

    /// Takes the bytes of a socket address; unused bytes at the end do not belong in it.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Makes the address from its text form; nil when the IP address is none.
    public init?(_ address: SocketAddress) {
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        let port = in_port_t(truncatingIfNeeded: address.port).bigEndian
        if inet_pton(AF_INET, address.ip, &v4.sin_addr) == 1 {
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = port
            bytes = withUnsafeBytes(of: v4) { Array($0) }
        } else if inet_pton(AF_INET6, address.ip, &v6.sin6_addr) == 1 {
            v6.sin6_family = sa_family_t(AF_INET6)
            v6.sin6_port = port
            bytes = withUnsafeBytes(of: v6) { Array($0) }
        } else {
            return nil
        }
    }

    /// The address in text form; nil when the bytes are of another family.
    public var socketAddress: SocketAddress? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        return bytes.withUnsafeBytes { raw -> SocketAddress? in
            switch raw.count {
            case MemoryLayout<sockaddr_in>.size:
                var v4 = raw.loadUnaligned(as: sockaddr_in.self)
                inet_ntop(AF_INET, &v4.sin_addr, &text, socklen_t(text.count))
                return SocketAddress(ip: String(nulTerminated: text), port: Int(v4.sin_port.bigEndian))
            case MemoryLayout<sockaddr_in6>.size:
                var v6 = raw.loadUnaligned(as: sockaddr_in6.self)
                inet_ntop(AF_INET6, &v6.sin6_addr, &text, socklen_t(text.count))
                return SocketAddress(ip: String(nulTerminated: text), port: Int(v6.sin6_port.bigEndian))
            default: return nil
            }
        }
    }
}

extension String {
    /// The text before the first NUL.
    fileprivate init(nulTerminated text: [CChar]) {
        self.init(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
#endif
