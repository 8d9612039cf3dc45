// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Ports
import Synchronization

#if QUIC
import QUIC

/// The UDP sockets that listeners stand on.
///
/// A socket outlives its listener until its connections have ended, and whoever listens on that port meanwhile gets
/// the same socket: two sockets on one port would tear connections apart.
final class QUICSockets: Sendable {
    private struct Entry {
        let socket: QUICSocket
        var isTaken: Bool
    }

    private let entries = Mutex<[DatagramAddress: Entry]>([:])

    func listen(
        on address: Ports.SocketAddress,
        tls: any TLSChooser,
        network: LiveNetwork,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        let socket = if let left = try known(address) { left } else { try bind(address, network) }
        socket.feed { $0.listen(tls: tls, accept: accept) }
        return QUICListener(socket: socket, asked: address) { [self] in
            entries.withLock { $0[socket.localAddress]?.isTaken = false }
        }
    }

    /// The socket that an earlier listener has left on that port.
    private func known(_ address: Ports.SocketAddress) throws(NetworkFailure) -> QUICSocket? {
        guard let key = DatagramAddress(address) else { return nil }
        let (found, wasTaken) = entries.withLock { entries in
            let entry = entries[key]
            entries[key]?.isTaken = true
            return (entry?.socket, entry?.isTaken ?? false)
        }
        if wasTaken { throw .refused }
        return found
    }

    private func bind(
        _ address: Ports.SocketAddress,
        _ network: LiveNetwork
    ) throws(NetworkFailure) -> QUICSocket {
        let socket = try QUICSocket(
            binding: address,
            loop: network.group.next(),
            makeNumber: { network.makeConnectionNumber() },
            mayClose: { [self] socket in
                entries.withLock { entries in
                    if entries[socket.localAddress]?.isTaken == true { return false }
                    entries[socket.localAddress] = nil
                    return true
                }
            }
        )
        entries.withLock { $0[socket.localAddress] = Entry(socket: socket, isTaken: true) }
        return socket
    }
}

/// A bound UDP port.
private final class QUICListener: Listening {
    private let socket: QUICSocket
    private let release: @Sendable () -> Void
    let address: Ports.SocketAddress

    init(socket: QUICSocket, asked: Ports.SocketAddress, release: @escaping @Sendable () -> Void) {
        self.socket = socket
        self.release = release
        address = socket.localAddress.socketAddress ?? asked
    }

    func close() {
        release()
        socket.feed { $0.stopListening() }
    }
}

extension LiveNetwork {
    /// Listens for QUIC.
    func listenQUIC(
        on address: Ports.SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        guard let tls = options.tls else { throw .unsupported("QUIC without certificates") }
        return try quicSockets.listen(on: address, tls: tls, network: self, accept: accept)
    }

    /// Connects over QUIC, from a socket of the connection's own.
    func connectQUIC(to address: Ports.SocketAddress, options: ConnectOptions, handler: any ConnectionHandler)
    {
        let local = options.localIP ?? (address.ip.contains(":") ? "::" : "0.0.0.0")
        do throws(NetworkFailure) {
            guard let hello = options.tls, let remote = DatagramAddress(address) else {
                throw .unsupported("QUIC without TLS")
            }
            let trust: TLSTrust =
                switch trust {
                case .roots(let pem), .rootsAndSystem(let pem): .roots(pem: pem)
                case .system: .system
                case .anybody: .anybody
                }
            let socket = try QUICSocket(
                binding: SocketAddress(ip: local, port: 0),
                loop: group.next(),
                makeNumber: { self.makeConnectionNumber() },
                mayClose: { _ in true }
            )
            let limit = UInt64(max(0, options.timeout.nanoseconds))
            socket.feed {
                $0.connect(
                    to: remote,
                    hello: hello,
                    trust: trust,
                    timeoutNanoseconds: limit,
                    handler: handler
                )
            }
        } catch {
            group.next().execute { handler.failed(error) }
        }
    }
}
#else
/// Nothing: this build has no QUIC.
struct QUICSockets: Sendable {}

extension LiveNetwork {
    private static let missing = NetworkFailure.unsupported(
        "this build has no QUIC; build with `swift build --traits QUIC` (Debian: libngtcp2-dev, "
            + "libngtcp2-crypto-gnutls-dev, libnghttp3-dev)"
    )

    /// Refuses: says how to get a build that listens for QUIC.
    func listenQUIC(
        on address: Ports.SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        throw Self.missing
    }

    /// Refuses: says how to get a build that speaks QUIC.
    func connectQUIC(to address: Ports.SocketAddress, options: ConnectOptions, handler: any ConnectionHandler)
    {
        group.next().execute { handler.failed(Self.missing) }
    }
}
#endif
