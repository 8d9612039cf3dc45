// SPDX-License-Identifier: Apache-2.0
import Live

/// The event loops of one life of the environment.
///
/// Their threads are made before anything else of a start is under way: on two cores that are busy each of them would
/// wait for its turn, and whoever makes it too.
struct LifeNetworks: Sendable {
    /// The cloud's, the cluster's and the controller's.
    let general: LiveNetwork
    /// The load balancers': servers behind them show certificates of their own, which are not checked.
    let servers: LiveNetwork
    /// The API server's: a request, its answer and the store stay on one thread.
    let front: LiveNetwork

    init(workerCount: Int, authorityPEM: String) {
        general = LiveNetwork(trust: .roots(pem: authorityPEM))
        servers = LiveNetwork(threads: workerCount, trust: .anybody)
        front = LiveNetwork(trust: .roots(pem: authorityPEM), answersInPlace: true)
    }

    /// Ends the event loops; a second time is harmless.
    func shutdown() async {
        await servers.shutdown()
        await front.shutdown()
        await general.shutdown()
    }
}
