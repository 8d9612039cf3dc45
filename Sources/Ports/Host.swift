// SPDX-License-Identifier: Apache-2.0

/// What a component may ask of the world that it runs in.
///
/// Live these are the system clock, sockets and the system's randomness; in simulation a virtual clock, an
/// in-process network with latency and faults, and streams split from the seed. Nothing else differs.
public struct Host: Sendable {
    /// The host's name, as traces and faults spell it: `kubernetes`, `cloud`, `controller`, `node-1`.
    public let name: String
    /// The host's time.
    public let clock: any HostClock
    /// The host's way to others.
    public let network: any Network
    /// The host's randomness.
    public let random: RandomSource
    /// The only output.
    public let trace: any TraceSink
    /// Who waits for what here: shown when nothing can ever go on.
    public let waits: WaitRegistry

    /// Makes a host from its ports.
    public init(
        name: String,
        clock: any HostClock,
        network: any Network,
        random: RandomSource,
        trace: any TraceSink,
        waits: WaitRegistry = WaitRegistry()
    ) {
        self.name = name
        self.clock = clock
        self.network = network
        self.random = random
        self.trace = trace
        self.waits = waits
    }
}
