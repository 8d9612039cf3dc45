// SPDX-License-Identifier: Apache-2.0
import Ports

/// The network as one life of a host sees it.
struct SimulatedNetwork: Network {
    let fabric: NetworkFabric
    let host: SimulatedHost

    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        fabric.executor.assertOwnThread()
        guard host.isAlive else { throw .stopped }
        var address = address
        if address.port == 0 {
            address.port = host.state.nextPort
            host.state.nextPort += 1
        }
        let key = ListenerKey(transport: options.transport, address: address)
        guard fabric.listeners[key] == nil else { throw .refused }
        if fabric.owner(of: address.ip) == nil { fabric.claim(address.ip, host) }
        let listener = SimulatedListener(
            fabric: fabric,
            host: host,
            key: key,
            options: options,
            accept: accept
        )
        fabric.listeners[key] = listener
        host.state.listeners[key] = listener
        return listener
    }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {
        fabric.executor.assertOwnThread()
        guard host.isAlive else {
            return fabric.executor.enqueue { handler.failed(.stopped) }
        }
        Dialing(fabric: fabric, host: host, address: address, options: options, handler: handler).begin()
    }

    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {
        fabric.executor.assertOwnThread()
        let answer = fabric.addresses(of: name)
        fabric.executor.enqueue { [host] in
            guard host.isAlive else { return completion(.failure(.stopped)) }
            completion(answer.map { .success($0) } ?? .failure(.unresolved(name)))
        }
    }

    func claim(ip: String) {
        fabric.claim(ip, host)
    }

    func release(ip: String) {
        fabric.release(ip, host)
    }

    /// True for text that can only be an IP address.
    static func isAddress(_ name: String) -> Bool {
        if name.contains(":") { return true }
        return name.utf8.allSatisfy { $0 == 0x2e || (0x30...0x39).contains($0) }
    }
}

/// An open listener of a simulated host.
final class SimulatedListener: Listening, @unchecked Sendable {
    let key: ListenerKey
    let host: SimulatedHost
    let options: ListenOptions
    let accept: @Sendable (ConnectionFacts) -> any ConnectionHandler
    private let fabric: NetworkFabric

    init(
        fabric: NetworkFabric,
        host: SimulatedHost,
        key: ListenerKey,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) {
        self.fabric = fabric
        self.host = host
        self.key = key
        self.options = options
        self.accept = accept
    }

    var address: SocketAddress { key.address }

    func close() {
        fabric.executor.assertOwnThread()
        guard fabric.listeners[key] === self else { return }
        fabric.listeners[key] = nil
        host.state.listeners[key] = nil
    }
}
