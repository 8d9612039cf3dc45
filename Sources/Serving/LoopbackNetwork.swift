// SPDX-License-Identifier: Apache-2.0
import Ports

/// Sockets on which the addresses of nodes and pods stand for loopback ones.
///
/// The API server, as the real one, takes no loopback address for an endpoint, and load balancers expect servers
/// inside the VPC. So nodes and pods have addresses of the VPC everywhere, and only sockets know better:
/// 10.0.a.b is 127.63.a.b, and 10.64.a.b is 127.64.a.b.
struct LoopbackNetwork: Network {
    let network: any Network

    private static let stands: [(range: String, loopback: String)] = [
        ("10.0.", "127.63."), ("10.64.", "127.64."),
    ]

    /// The loopback address that an address stands for; the address itself when it is none of ours.
    static func loopback(of ip: String) -> String {
        guard let stand = stands.first(where: { ip.hasPrefix($0.range) }) else { return ip }
        return stand.loopback + ip.dropFirst(stand.range.count)
    }

    private func real(_ address: SocketAddress) -> SocketAddress {
        SocketAddress(ip: Self.loopback(of: address.ip), port: address.port)
    }

    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        try network.listen(on: real(address), options: options, accept: accept)
    }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {
        network.connect(to: real(address), options: options, handler: handler)
    }

    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {
        network.resolve(name, completion)
    }

    func claim(ip: String) { network.claim(ip: ip) }

    func release(ip: String) { network.release(ip: ip) }
}
