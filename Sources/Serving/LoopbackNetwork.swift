// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// Sockets on which the addresses of nodes and pods stand for loopback ones.
///
/// The API server, as the real one, takes no loopback address for an endpoint, and load balancers expect servers
/// inside the VPC. So nodes and pods have addresses of the VPC everywhere, and only sockets know better: 10.0.a.b is
/// 127.2.a.b and 10.64.a.b is 127.3.a.b in the first block.
struct LoopbackNetwork: Network {
    let network: any Network

    let block: LoopbackBlock

    /// Programs of the machine that answer at addresses of pods; the same for all networks of an environment.
    let programs: LocalPrograms

    /// The loopback address that an address stands for; the address itself when it is none of ours.
    func loopback(of ip: String) -> String {
        if ip.hasPrefix("10.0.") { return block.nodes + ip.dropFirst(4) }
        if ip.hasPrefix("10.64.") { return block.pods + ip.dropFirst(5) }
        return ip
    }

    private func real(_ address: SocketAddress) -> SocketAddress {
        SocketAddress(ip: loopback(of: address.ip), port: address.port)
    }

    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        try network.listen(on: real(address), options: options, accept: accept)
    }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {
        network.connect(to: programs[address] ?? real(address), options: options, handler: handler)
    }

    func redirect(_ address: SocketAddress, to program: SocketAddress?) -> Bool {
        programs[address] = program
        return true
    }

    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {
        network.resolve(name, completion)
    }

    var serverExecutor: (any TaskExecutor)? { network.serverExecutor }

    var runsHandlersInPlace: Bool { network.runsHandlersInPlace }

    func afterPresentEvents(_ action: @escaping @Sendable () -> Void) { network.afterPresentEvents(action) }

    func claim(ip: String) { network.claim(ip: ip) }

    func release(ip: String) { network.release(ip: ip) }
}

/// Which programs of the machine answer in place of pods.
final class LocalPrograms: Sendable {
    private let programs = Mutex<[SocketAddress: SocketAddress]>([:])

    subscript(address: SocketAddress) -> SocketAddress? {
        get { programs.withLock { $0.isEmpty ? nil : $0[address] } }
        set { programs.withLock { $0[address] = newValue } }
    }
}
