// SPDX-License-Identifier: Apache-2.0
import Ports

/// Makes the hosts of one life: they share clock and sockets, and have names and randomness of their own.
struct LiveHosts: Sendable {
    let clock: LifeClock
    let network: any Network
    let random: RandomSource
    let trace: LiveTrace

    init(clock: LifeClock, network: any Network, random: RandomSource, trace: LiveTrace) {
        self.clock = clock
        self.network = network
        self.random = random
        self.trace = trace
    }

    /// A host; with a network of its own when one is given.
    func host(_ name: String, network own: (any Network)? = nil) -> Host {
        Host(
            name: name,
            clock: clock,
            network: own ?? network,
            random: random.source(name),
            trace: trace.sink(host: name)
        )
    }
}
