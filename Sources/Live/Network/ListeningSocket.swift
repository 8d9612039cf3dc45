// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Ports
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A TCP port that is listened on, from the moment when it is made.
///
/// Whoever listens may hold a lock that a handler on an event loop is waiting for, so no event loop is waited for: the
/// system's own calls bind, and the loop that will accept gets a second descriptor of the same socket. For the same
/// reason the port is free again as soon as `close` returns.
final class ListeningSocket: Sendable {
    /// Connections that wait to be accepted.
    private static let backlog: Int32 = 1024

    let port: Int
    private let descriptor: Int32
    private let isClosed = Atomic<Bool>(false)

    /// Binds and listens.
    init(_ address: Ports.SocketAddress) throws(NetworkFailure) {
        guard let place = Self.place(address) else { throw .unresolved(address.ip) }
        let descriptor = makeStreamSocket(place.protocol == .inet6 ? AF_INET6 : AF_INET)
        self.descriptor = descriptor
        guard descriptor >= 0 else { throw Self.failure() }
        do throws(NetworkFailure) {
            // What is accepted has this from its listener.
            for (level, option) in [(SOL_SOCKET, SO_REUSEADDR), (Int32(IPPROTO_TCP), TCP_NODELAY)] {
                var isOn: Int32 = 1
                let size = socklen_t(MemoryLayout<Int32>.size)
                if setsockopt(descriptor, level, option, &isOn, size) != 0 { throw Self.failure() }
            }
            let bound = place.withSockAddr { bindSocket(descriptor, $0, socklen_t($1)) }
            guard bound == 0, listenOnSocket(descriptor, Self.backlog) == 0 else { throw Self.failure() }
            port = try Self.boundPort(descriptor)
        } catch {
            _ = closeSocket(descriptor)
            throw error
        }
    }

    deinit {
        if !isClosed.load(ordering: .relaxed) { _ = closeSocket(descriptor) }
    }

    /// Lets an event loop accept what comes.
    func accept(with bootstrap: ServerBootstrap) throws(NetworkFailure) -> EventLoopFuture<any Channel> {
        let shared = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard shared >= 0 else { throw Self.failure() }
        let channel = bootstrap.withBoundSocket(shared)
        // The library has just listened again, with a shorter queue.
        _ = listenOnSocket(descriptor, Self.backlog)
        return channel
    }

    /// Listens no more.
    ///
    /// - Returns: False when it was closed before.
    @discardableResult
    func close() -> Bool {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return false }
        // The loop's descriptor stays open a little longer, and must not keep the port.
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
        _ = closeSocket(descriptor)
        return true
    }

    private static func place(_ address: Ports.SocketAddress) -> NIOCore.SocketAddress? {
        (try? NIOCore.SocketAddress(ipAddress: address.ip, port: address.port))
            ?? (try? .makeAddressResolvingHost(address.ip, port: address.port))
    }

    private static func boundPort(_ descriptor: Int32) throws(NetworkFailure) -> Int {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutableBytes(of: &storage) { bytes in
            getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size)
        }
        guard status == 0 else { throw failure() }
        // The port stands at the same place in the addresses of both families, most significant byte first.
        return withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }

    private static func failure() -> NetworkFailure {
        NetworkFailure(IOError(errnoCode: errno, reason: "listening"))
    }
}

// The system's calls under names that the class has no methods of.
#if canImport(Glibc)
private let closeSocket = Glibc.close
private let bindSocket = Glibc.bind
private let listenOnSocket = Glibc.listen
private func makeStreamSocket(_ family: Int32) -> Int32 {
    socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
}
#elseif canImport(Musl)
private let closeSocket = Musl.close
private let bindSocket = Musl.bind
private let listenOnSocket = Musl.listen
private func makeStreamSocket(_ family: Int32) -> Int32 { socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0) }
#else
private let closeSocket = Darwin.close
private let bindSocket = Darwin.bind
private let listenOnSocket = Darwin.listen
private func makeStreamSocket(_ family: Int32) -> Int32 { socket(family, SOCK_STREAM, 0) }
#endif
