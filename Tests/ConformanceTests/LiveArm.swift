// SPDX-License-Identifier: Apache-2.0
import Live
import Ports
import Synchronization
import Testing

import class Foundation.ProcessInfo

/// The arm of a conformance suite on real sockets.
enum LiveArm {
    /// Below the ports that systems give to connections, so that none of those can take one away; another run at the same
    /// time begins elsewhere.
    private static let nextPort = Mutex(20_000 + Int(ProcessInfo.processInfo.processIdentifier % 100) * 100)

    /// A port where nobody listens, and no other test will.
    static func freePort(_ network: LiveNetwork) throws -> Int {
        while true {
            let port = nextPort.withLock { next in
                defer { next += 1 }
                return next
            }
            try #require(port < 32_000, "no port is free")
            let address = SocketAddress(ip: "127.0.0.1", port: port)
            guard
                let probe = try? network.listen(
                    on: address,
                    options: ListenOptions(),
                    accept: { _ in Refusal() }
                )
            else { continue }
            // The port is free again at once.
            probe.close()
            return port
        }
    }

    /// Runs a body with a host in the real world, and shuts its network down whatever comes of it.
    static func run<Found: Sendable>(
        trust: LiveTrust = .anybody,
        _ body: (LiveNetwork, Host) async throws -> Found
    ) async throws -> Found {
        let network = LiveNetwork(threads: 2, trust: trust)
        let host = Host(
            name: "live",
            clock: SystemClock(),
            network: network,
            random: RandomSource(seed: 1),
            trace: NullTrace()
        )
        let result: Result<Found, any Error>
        do {
            result = .success(try await body(network, host))
        } catch {
            result = .failure(error)
        }
        await network.shutdown()
        return try result.get()
    }
}

private final class Refusal: ConnectionHandler {
    func opened(_ connection: any Connection) { connection.abort() }
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {}
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}
