// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import DataPlane
import Ports
import Synchronization

/// Hands configurations on to the data plane until its life is over.
final class LiveZones: ConfigurationSink {
    private struct Place: Hashable {
        let loadBalancer: String
        let zone: String
    }

    private struct State {
        var served: Set<Place> = []
        var isOver = false
    }

    private let dataPlane: DataPlane
    private let state = Mutex(State())

    init(_ dataPlane: DataPlane) {
        self.dataPlane = dataPlane
    }

    func apply(_ configuration: LoadBalancerConfiguration, zone: String, cause: TraceID) {
        let isWanted = state.withLock { state in
            if !state.isOver { state.served.insert(Place(loadBalancer: configuration.id, zone: zone)) }
            return !state.isOver
        }
        if isWanted { dataPlane.apply(configuration, zone: zone, cause: cause) }
    }

    func remove(loadBalancer: String, zone: String, cause: TraceID) {
        let wasServed = state.withLock { state in
            state.served.remove(Place(loadBalancer: loadBalancer, zone: zone)) != nil
        }
        if wasServed { dataPlane.remove(loadBalancer: loadBalancer, zone: zone, cause: cause) }
    }

    /// Serves nothing from now on.
    func end() {
        let served = state.withLock { state in
            state.isOver = true
            defer { state.served = [] }
            return state.served
        }
        for place in served {
            dataPlane.remove(loadBalancer: place.loadBalancer, zone: place.zone, cause: .none)
        }
    }
}
