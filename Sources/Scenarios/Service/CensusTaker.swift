// SPDX-License-Identifier: Apache-2.0
import CloudServer
import Ports
import Simulation
import Synchronization
import Worlds

/// Counts what is in the cloud whenever it may have changed, for scenarios that ask.
final class CensusTaker: Sendable {
    private let state = Mutex<[CloudCount]>([])

    init(_ world: World, isWanted: Bool) {
        guard isWanted else { return }
        let cloud = world.cloud
        let clock = world.simulation.host("census").clock
        world.simulation.trace.observe { [weak self] entry in
            switch entry.event {
            case .cloudCall, .configuration, .step:
                // The cloud tells of a call while it holds its state, so the count comes right after.
                clock.schedule(at: entry.at) { self?.note(cloud.census(), at: entry.at) }
            default: break
            }
        }
    }

    private func note(_ census: CloudCensus, at instant: Instant) {
        state.withLock { counts in
            if counts.last?.numbers != census.numbers {
                counts.append(CloudCount(at: instant, numbers: census.numbers))
            }
        }
    }

    /// What was counted, in order.
    var counts: [CloudCount] { state.withLock { $0 } }
}

extension CloudCensus {
    /// The numbers by the words of scenarios.
    fileprivate var numbers: [CloudKind: Int] {
        [
            .loadBalancers: loadBalancers, .listeners: listeners, .rules: rules,
            .serverGroups: serverGroups, .servers: servers, .certificates: certificates,
            .listenerCertificates: listenerCertificates, .acls: acls,
        ]
    }
}
