// SPDX-License-Identifier: Apache-2.0
import Live
import Ports

/// The arm of a conformance suite on real sockets.
enum LiveArm {
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
