// SPDX-License-Identifier: Apache-2.0
import JSON
import Synchronization

/// A load balancer as reports show it.
public struct LoadBalancerReport: Sendable, Hashable {
    /// A zone of it.
    public struct Zone: Sendable, Hashable {
        /// The zone's id.
        public let zone: String
        /// What the DNS name resolves to there.
        public let address: String
        /// `Active` or `Shifted`.
        public let status: String
        /// The configuration version that the zone serves; nil while it has none.
        public let servedVersion: Int64?
    }

    /// A listener of it.
    public struct Listener: Sendable, Hashable {
        /// `lsn-…`.
        public let id: String
        /// HTTP, HTTPS or QUIC.
        public let listenerProtocol: String
        /// The port.
        public let port: Int
        /// `Running` and the like.
        public let status: String
    }

    /// `alb-…`.
    public let id: String
    /// Its name.
    public let name: String
    /// `Active` and the like.
    public let status: String
    /// The name that clients resolve.
    public let dnsName: String
    /// Its zones.
    public let zones: [Zone]
    /// Its listeners, the oldest first.
    public let listeners: [Listener]
    /// Its tags by key.
    public let tags: [String: String]
    /// The newest configuration version; zones may serve older ones.
    public let version: Int64
}

extension CloudServer {
    /// The load balancers of the account, the oldest first.
    public func loadBalancers() -> [LoadBalancerReport] {
        state.withLock { state in
            state.account.store.all(.loadBalancer).map { resource in
                let document = resource.document
                let zones = document.objects("ZoneMappings").map { zone in
                    LoadBalancerReport.Zone(
                        zone: zone.text("ZoneId"),
                        address: resource.servedAddress(in: zone),
                        status: zone.text("Status"),
                        servedVersion: state.queue.servedVersions[
                            DeliveryQueue.Place(loadBalancer: resource.id, zone: zone.text("ZoneId"))
                        ]
                    )
                }
                let listeners = state.account.store.children(.listener, of: resource.id).map { listener in
                    LoadBalancerReport.Listener(
                        id: listener.id,
                        listenerProtocol: listener.document.text("ListenerProtocol"),
                        port: listener.document.number("ListenerPort") ?? 0,
                        status: listener.status
                    )
                }
                return LoadBalancerReport(
                    id: resource.id,
                    name: document.text("LoadBalancerName"),
                    status: resource.status,
                    dnsName: document.text("DNSName"),
                    zones: zones,
                    listeners: listeners,
                    tags: Dictionary(resource.tags.map { ($0.key, $0.value) }) { first, _ in first },
                    version: Int64(resource.hidden.number("Version") ?? 0)
                )
            }
        }
    }
}
