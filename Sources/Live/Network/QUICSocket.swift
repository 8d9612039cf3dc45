// SPDX-License-Identifier: Apache-2.0
#if QUIC
import NIOCore
import NIOPosix
import Ports
import QUIC
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A UDP socket on an event loop, with the QUIC endpoint that stands on it.
final class QUICSocket: DatagramSocket {
    private struct State {
        var channel: (any Channel)?
        var timer: Scheduled<Void>?
        var endpoint: QUICEndpoint?
        var isClosed = false
    }

    let localAddress: DatagramAddress
    private let loop: any EventLoop
    private let state = Mutex(State())
    /// Asked before the socket closes; it stays open when the answer is no.
    private let mayClose: @Sendable (QUICSocket) -> Bool

    /// Binds a socket at once; datagrams are read as soon as the event loop has it.
    init(
        binding address: Ports.SocketAddress,
        loop: any EventLoop,
        makeNumber: @escaping @Sendable () -> UInt64,
        mayClose: @escaping @Sendable (QUICSocket) -> Bool
    ) throws(NetworkFailure) {
        self.loop = loop
        self.mayClose = mayClose
        let descriptor = try Self.bind(address)
        guard let local = Self.localAddress(of: descriptor) else {
            _ = closeSocket(descriptor)
            throw .unreachable
        }
        localAddress = local
        state.withLock { $0.endpoint = QUICEndpoint(socket: self, makeNumber: makeNumber) }
        DatagramBootstrap(group: loop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 2_048))
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(socket: self))
                }
            }
            .withBoundSocket(descriptor)
            .whenSuccess { [self] channel in
                let isClosed = state.withLock { state in
                    state.channel = channel
                    return state.isClosed
                }
                if isClosed { channel.close(promise: nil) }
            }
    }

    /// Feeds the endpoint on the loop, never inside this call.
    func feed(_ work: @escaping @Sendable (QUICEndpoint) -> Void) {
        loop.execute { [self] in
            if let endpoint = state.withLock({ $0.endpoint }) { work(endpoint) }
        }
    }

    fileprivate func received(_ bytes: [UInt8], from address: DatagramAddress) {
        state.withLock { $0.endpoint }?.receive(bytes, from: address)
    }

    // MARK: DatagramSocket

    func now() -> UInt64 { NIODeadline.now().uptimeNanoseconds }

    func send(_ bytes: [UInt8], to address: DatagramAddress) {
        guard let channel = state.withLock({ $0.channel }), let remote = NIOCore.SocketAddress(address) else {
            return
        }
        let buffer = channel.allocator.buffer(bytes: bytes)
        channel.writeAndFlush(AddressedEnvelope(remoteAddress: remote, data: buffer), promise: nil)
    }

    func wake(at time: UInt64?) {
        let timer = time.map { time in
            loop.scheduleTask(deadline: .uptimeNanoseconds(min(time, UInt64(Int64.max)))) { [weak self] in
                guard let endpoint = self?.state.withLock({ $0.endpoint }) else { return }
                endpoint.wake()
            }
        }
        let old = state.withLock { state in
            defer { state.timer = timer }
            return state.timer
        }
        old?.cancel()
    }

    func execute(_ work: @escaping @Sendable () -> Void) { loop.execute(work) }

    func close() {
        guard mayClose(self) else { return }
        let (channel, timer) = state.withLock { state in
            defer {
                state.isClosed = true
                state.endpoint = nil
                state.timer = nil
            }
            return (state.channel, state.timer)
        }
        timer?.cancel()
        channel?.close(promise: nil)
    }

    // MARK: The socket itself

    private static func bind(_ address: Ports.SocketAddress) throws(NetworkFailure) -> Int32 {
        guard let local = DatagramAddress(address) else { throw .unreachable }
        let isIPv6 = address.ip.contains(":")
        let descriptor = makeDatagramSocket(isIPv6 ? AF_INET6 : AF_INET)
        guard descriptor >= 0 else { throw .unreachable }
        let status = local.bytes.withUnsafeBytes { bytes in
            bindSocket(
                descriptor,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
        guard status == 0 else {
            let isTaken = errno == EADDRINUSE || errno == EACCES || errno == EADDRNOTAVAIL
            _ = closeSocket(descriptor)
            throw isTaken ? .refused : .unreachable
        }
        return descriptor
    }

    private static func localAddress(of descriptor: Int32) -> DatagramAddress? {
        var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_in6>.size)
        var count = socklen_t(bytes.count)
        let status = bytes.withUnsafeMutableBytes { raw in
            getsockname(descriptor, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), &count)
        }
        return status == 0 ? DatagramAddress(bytes: Array(bytes.prefix(Int(count)))) : nil
    }
}

// The system's calls under names that the class has no methods of.

#if canImport(Glibc)
private let closeSocket = Glibc.close
private let bindSocket = Glibc.bind
private func makeDatagramSocket(_ family: Int32) -> Int32 { socket(family, Int32(SOCK_DGRAM.rawValue), 0) }
#elseif canImport(Musl)
private let closeSocket = Musl.close
private let bindSocket = Musl.bind
private func makeDatagramSocket(_ family: Int32) -> Int32 { socket(family, SOCK_DGRAM, 0) }
#endif

/// Hands datagrams to the socket's endpoint.
private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let socket: QUICSocket

    init(socket: QUICSocket) {
        self.socket = socket
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let address = envelope.remoteAddress.withSockAddr { address, count in
            DatagramAddress(bytes: Array(UnsafeRawBufferPointer(start: address, count: count)))
        }
        socket.received(Array(envelope.data.readableBytesView), from: address)
    }

    /// A datagram that could not be sent, or a port that nobody listens on: QUIC finds out by itself.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

extension NIOCore.SocketAddress {
    fileprivate init?(_ address: DatagramAddress) {
        let made = address.bytes.withUnsafeBytes { raw -> NIOCore.SocketAddress? in
            switch raw.count {
            case MemoryLayout<sockaddr_in>.size:
                NIOCore.SocketAddress(raw.loadUnaligned(as: sockaddr_in.self))
            case MemoryLayout<sockaddr_in6>.size:
                NIOCore.SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self))
            default: nil
            }
        }
        guard let made else { return nil }
        self = made
    }
}
#endif
