// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Synchronization

/// The last compiled versions of each listener, shared by the zones, which get the same versions one after
/// the other.
final class ListenerCache: Sendable {
    private static let kept = 4

    private let settings: DataPlaneSettings
    /// By load balancer, then by listener; the newest last.
    private let known = Mutex<[String: [String: [CompiledListener]]]>([:])

    /// What rules have let pass in this second, in all zones together.
    let limiters = LimiterBook()

    init(settings: DataPlaneSettings) {
        self.settings = settings
    }

    /// The compiled form of a listener's configuration.
    func compiled(_ configuration: ListenerConfiguration, loadBalancer: String) -> CompiledListener {
        known.withLock { known in
            var versions = known[loadBalancer, default: [:]][configuration.id, default: []]
            if let same = versions.last(where: { $0.configuration == configuration }) { return same }
            let made = CompiledListener(
                configuration,
                loadBalancer: loadBalancer,
                previous: versions.last,
                settings: settings
            )
            versions.append(made)
            known[loadBalancer, default: [:]][configuration.id] = versions.suffix(ListenerCache.kept)
            return made
        }
    }

    /// Forgets a load balancer and its listeners.
    func forget(loadBalancer: String) {
        known.withLock { $0[loadBalancer] = nil }
        limiters.forget(loadBalancer: loadBalancer)
    }
}
