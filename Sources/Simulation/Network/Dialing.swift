// SPDX-License-Identifier: Apache-2.0
import Ports

/// A connection being opened: the handshake's messages cross the link one after another, each with its delay.
///
/// TCP takes one round trip, TLS over it another; QUIC does both in one.
final class Dialing: @unchecked Sendable {
    private let fabric: NetworkFabric
    private let host: SimulatedHost
    private let address: SocketAddress
    private let options: ConnectOptions
    private let handler: any ConnectionHandler
    private let number: UInt64
    private var timer: TimerID?
    private var isOver = false
    /// When the last message left that is answered at once.
    private var sentAt: Instant?
    private var roundTrip: Duration?

    init(
        fabric: NetworkFabric,
        host: SimulatedHost,
        address: SocketAddress,
        options: ConnectOptions,
        handler: any ConnectionHandler
    ) {
        self.fabric = fabric
        self.host = host
        self.address = address
        self.options = options
        self.handler = handler
        number = fabric.makeConnectionNumber()
    }

    func begin() {
        let due = fabric.executor.now.advanced(by: options.timeout)
        timer = fabric.executor.schedule(at: due) { [self] in fail(.timedOut) }
        guard let target = fabric.owner(of: address.ip) else { return }  // lost: the timer will tell
        sentAt = fabric.executor.now
        cross(to: target) { [self] in arrive(at: target) }
    }

    /// Does something after a message has crossed to the other host, unless it gets lost on a cut link.
    private func cross(to target: HostState, _ then: @escaping @Sendable () -> Void) {
        guard !fabric.isCut(host.state, target, options.transport) else { return }
        let delay = fabric.delay(from: host.state, to: target)
        _ = fabric.executor.schedule(at: fabric.executor.now.advanced(by: .nanoseconds(delay)), then)
    }

    /// The first message reaches the server's machine.
    private func arrive(at target: HostState) {
        guard fabric.owner(of: address.ip) === target, !isOver else { return }
        let key = ListenerKey(transport: options.transport, address: address)
        guard let listener = fabric.listeners[key] else {
            // A closed UDP port answers with an unreachable message, which QUIC clients do not trust: they wait.
            guard options.transport == .tcp else { return }
            return cross(to: target) { [self] in fail(.refused) }
        }
        if options.transport == .tcp, options.tls != nil {
            // The SYN's answer goes back, then the hello comes; the listener may be gone by then.
            sentAt = fabric.executor.now
            return cross(to: target) { [self] in
                cross(to: target) { [self] in
                    roundTrip = sentAt?.duration(to: fabric.executor.now)
                    listener.host.deliver { [self] in greet(listener, target) }
                }
            }
        }
        // Without a handshake of its own the way back is taken to be as long as the way here.
        if options.transport == .tcp { roundTrip = sentAt.map { $0.duration(to: fabric.executor.now) * 2 } }
        listener.host.deliver { [self] in greet(listener, target) }
    }

    /// The server sees the hello, or the first plain message.
    private func greet(_ listener: SimulatedListener, _ target: HostState) {
        guard !isOver else { return }
        guard fabric.listeners[listener.key] === listener else {
            return cross(to: target) { [self] in fail(.reset) }
        }
        if options.tls == nil, options.plainVersion == .http2, !listener.options.allowsPlainHTTP2 {
            return cross(to: target) { [self] in fail(.reset) }
        }
        var facts = ConnectionFacts(
            id: number,
            client: SocketAddress(ip: clientIP, port: clientPort()),
            server: address,
            transport: options.transport,
            version: options.plainVersion,
            tls: nil,
            roundTrip: roundTrip
        )
        if let hello = options.tls {
            guard let chooser = listener.options.tls else {
                return cross(to: target) { [self] in fail(.tlsAlert("unexpected_message")) }
            }
            switch chooser.choose(hello) {
            case .refuse(let alert):
                return cross(to: target) { [self] in fail(.tlsAlert(alert)) }
            case .accept(let chain, let applicationProtocol, let version):
                facts.version = Self.version(applicationProtocol, options)
                facts.tls = TLSFacts(
                    serverName: hello.serverName,
                    serverCertificate: chain,
                    clientCertificate: hello.certificate,
                    applicationProtocol: applicationProtocol,
                    version: version,
                    cipher: chooser.policy.cipher(offered: hello.ciphers, version: version)
                )
            }
        }
        open(listener, target, facts)
    }

    private func open(_ listener: SimulatedListener, _ target: HostState, _ facts: ConnectionFacts) {
        let client = SimulatedConnection(fabric: fabric, host: host, facts: facts)
        let server = SimulatedConnection(fabric: fabric, host: listener.host, facts: facts)
        client.join(server)
        server.attach(listener.accept(facts))
        server.reportOpened()
        cross(to: target) { [self] in
            guard !isOver, host.isAlive else { return server.breakBothEnds() }
            end()
            host.deliver { [self] in
                client.attach(handler)
                client.reportOpened()
            }
        }
    }

    private var clientIP: String { options.localIP ?? fabric.address(of: host.state) }

    private func clientPort() -> Int {
        host.state.nextPort = host.state.nextPort >= 60_999 ? 32_768 : host.state.nextPort + 1
        return host.state.nextPort
    }

    private static func version(_ applicationProtocol: String?, _ options: ConnectOptions) -> HTTPVersion {
        switch applicationProtocol {
        case "h2": .http2
        case "h3": .http3
        default:
            options.transport == .quic ? .http3 : options.plainVersion == .http10 ? .http10 : .http11
        }
    }

    private func end() {
        isOver = true
        if let timer { fabric.executor.cancel(timer) }
    }

    private func fail(_ failure: NetworkFailure) {
        guard !isOver else { return }
        end()
        let failure = host.isAlive ? failure : .stopped
        host.deliverOrDrop { [handler] in handler.failed(failure) }
    }
}
