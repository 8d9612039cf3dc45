// SPDX-License-Identifier: Apache-2.0

/// An IP address in text form and a port.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// The IP address as text, for example `10.0.0.7` or `::1`; never a name.
    public var ip: String
    /// 0 to 65535; 0 lets a live host choose.
    public var port: Int

    /// Makes an address.
    public init(ip: String, port: Int) {
        self.ip = ip
        self.port = port
    }

    /// `10.0.0.7:80`, with brackets around an IPv6 address.
    public var description: String { ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)" }
}

/// What carries a connection.
public enum Transport: String, Sendable, Hashable {
    /// A TCP connection.
    case tcp
    /// A QUIC connection over UDP.
    case quic
}

/// The version of HTTP that a connection speaks.
public enum HTTPVersion: String, Sendable, Hashable {
    /// HTTP/1.0.
    case http10 = "HTTP/1.0"
    /// HTTP/1.1: one exchange at a time.
    case http11 = "HTTP/1.1"
    /// HTTP/2: many exchanges at a time.
    case http2 = "HTTP/2.0"
    /// HTTP/3 over QUIC.
    case http3 = "HTTP/3.0"
}

/// Why the network did not do what was asked.
public enum NetworkFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name has no address.
    case unresolved(String)
    /// The other host answered that nobody listens on that port.
    case refused
    /// No way to that address, or no such address.
    case unreachable
    /// No answer within the time given.
    case timedOut
    /// The connection was cut by the other side or on the way.
    case reset
    /// The connection was closed in order before the answer was whole.
    case closed
    /// The TLS handshake was refused; carries the alert's name, for example `unrecognized_name`.
    case tlsAlert(String)
    /// This host is gone or is stopping.
    case stopped
    /// This network cannot do that; says what it would take.
    case unsupported(String)

    /// One or two words, stable, fit for a table.
    public var description: String {
        switch self {
        case .unresolved: "unresolved"
        case .refused: "refused"
        case .unreachable: "unreachable"
        case .timedOut: "timed out"
        case .reset: "reset"
        case .closed: "closed"
        case .tlsAlert(let alert): "tls alert \(alert)"
        case .stopped: "stopped"
        case .unsupported(let reason): "unsupported: \(reason)"
        }
    }
}
