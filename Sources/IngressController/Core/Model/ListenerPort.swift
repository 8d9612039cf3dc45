// SPDX-License-Identifier: Apache-2.0
public import CloudAPI

/// HTTP, HTTPS or QUIC.
public typealias ListenerProtocol = ListenerConfiguration.ListenerProtocol

/// What tells the listeners of a load balancer apart: port and protocol.
public struct ListenerPort: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// 1 to 65535.
    public var port: Int
    /// The protocol.
    public var listenerProtocol: ListenerProtocol

    /// Makes one.
    public init(_ port: Int, _ listenerProtocol: ListenerProtocol) {
        self.port = port
        self.listenerProtocol = listenerProtocol
    }

    /// True when clients speak TLS to it.
    var isSecure: Bool { listenerProtocol != .http }

    /// True when the two cannot be open at once: QUIC is UDP and gets along with TCP.
    func collides(with other: ListenerPort) -> Bool {
        self != other && port == other.port
            && (listenerProtocol == .quic) == (other.listenerProtocol == .quic)
    }

    /// `443/HTTPS`, as the AlbConfig's status spells it.
    public var description: String { "\(port)/\(listenerProtocol.rawValue)" }

    /// Orders by port, then by protocol.
    public static func < (left: ListenerPort, right: ListenerPort) -> Bool {
        (left.port, left.listenerProtocol.rawValue) < (right.port, right.listenerProtocol.rawValue)
    }
}
