// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// Sockets for the load balancers: a listener whose port is not allowed, or taken, gets one of the system's choice.
///
/// Which one it is stands in `bound`, by the address that was asked for.
final class BoundPorts: Network {
    /// HTTPS and QUIC may have the same port.
    private struct Place: Hashable {
        let address: SocketAddress
        let transport: Transport
    }

    private let network: any Network
    private let ports = Mutex<[Place: Int]>([:])

    init(_ network: any Network) {
        self.network = network
    }

    /// The port that stands in for the one asked for; nil when nobody listens.
    func bound(_ address: SocketAddress, _ transport: Transport) -> Int? {
        ports.withLock { $0[Place(address: address, transport: transport)] }
    }

    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        let listening: any Listening
        do {
            listening = try network.listen(on: address, options: options, accept: accept)
        } catch NetworkFailure.refused {
            let free = SocketAddress(ip: address.ip, port: 0)
            listening = try network.listen(on: free, options: options, accept: accept)
        } catch {
            throw error
        }
        let place = Place(address: address, transport: options.transport)
        ports.withLock { $0[place] = listening.address.port }
        return BoundListener(listening: listening) { [weak self] in
            self?.ports.withLock { $0[place] = nil }
        }
    }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {
        network.connect(to: address, options: options, handler: handler)
    }

    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {
        network.resolve(name, completion)
    }

    func redirect(_ address: SocketAddress, to program: SocketAddress?) -> Bool {
        network.redirect(address, to: program)
    }

    var serverExecutor: (any TaskExecutor)? { network.serverExecutor }

    var runsHandlersInPlace: Bool { network.runsHandlersInPlace }

    func afterPresentEvents(_ action: @escaping @Sendable () -> Void) { network.afterPresentEvents(action) }

    func claim(ip: String) { network.claim(ip: ip) }

    func release(ip: String) { network.release(ip: ip) }
}

/// A listener that tells when it is closed.
private final class BoundListener: Listening {
    private let listening: any Listening
    private let closed: @Sendable () -> Void

    init(listening: any Listening, closed: @escaping @Sendable () -> Void) {
        self.listening = listening
        self.closed = closed
    }

    var address: SocketAddress { listening.address }

    func close() {
        closed()
        listening.close()
    }
}
