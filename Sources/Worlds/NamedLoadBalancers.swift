// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import CloudServer
import DataPlane
import Ports
import Simulation
import Synchronization

/// Hands configurations on to the data plane, and keeps the names of load balancers pointing at their zones.
///
/// Besides its DNS name, a load balancer of the controller answers to `<AlbConfig>.albconfig`, so that traffic
/// can be told where to go before the DNS name is known.
final class NamedLoadBalancers: ConfigurationSink {
    private let dataPlane: DataPlane
    private let fabric: NetworkFabric
    private let cloud = Mutex<CloudServer?>(nil)
    /// The zones that serve each load balancer, with their addresses.
    private let serving = Mutex<[String: [String: ZoneAddress]]>([:])
    private let names = Mutex<[String: [String]]>([:])
    private let kept: Mutex<KeptConfigurations>?

    init(dataPlane: DataPlane, fabric: NetworkFabric, keepsConfigurations: Bool) {
        self.dataPlane = dataPlane
        self.fabric = fabric
        kept = keepsConfigurations ? Mutex(KeptConfigurations()) : nil
    }

    /// Every version that a zone began to serve, in order; empty when they are not kept.
    var configurations: [LoadBalancerConfiguration] { kept?.withLock { $0.versions } ?? [] }

    func attach(_ cloud: CloudServer) {
        self.cloud.withLock { $0 = cloud }
    }

    /// The name by which traffic finds the load balancer of an AlbConfig.
    static func alias(albConfig: String) -> String { "\(albConfig).albconfig" }

    func apply(_ configuration: LoadBalancerConfiguration, zone: String, cause: TraceID) {
        kept?.withLock { $0.keep(configuration) }
        dataPlane.apply(configuration, zone: zone, cause: cause)
        let addresses = serving.withLock { serving in
            for address in configuration.zones where address.zone == zone {
                serving[configuration.id, default: [:]][zone] = address
            }
            let zones = serving[configuration.id, default: [:]]
            return configuration.zones.compactMap { zones[$0.zone] }.filter(\.isActive).map(\.address)
        }
        var known = names.withLock { $0[configuration.id] ?? [] }
        if known.isEmpty {
            known = [configuration.dnsName]
            names.withLock { $0[configuration.id] = known }
        }
        if known.count == 1, let alias = alias(of: configuration.id) {
            known.append(alias)
            names.withLock { $0[configuration.id] = known }
        }
        for name in known { fabric.setName(name, addresses: addresses) }
    }

    func remove(loadBalancer: String, zone: String, cause: TraceID) {
        dataPlane.remove(loadBalancer: loadBalancer, zone: zone, cause: cause)
        let addresses = serving.withLock { serving in
            serving[loadBalancer]?[zone] = nil
            return (serving[loadBalancer] ?? [:]).sorted { $0.key < $1.key }.map(\.value.address)
        }
        for name in names.withLock({ $0[loadBalancer] ?? [] }) { fabric.setName(name, addresses: addresses) }
    }

    /// The AlbConfig that a load balancer belongs to, by the tag that the controller puts on it.
    private func alias(of loadBalancer: String) -> String? {
        let report = cloud.withLock { $0 }?.loadBalancers().first { $0.id == loadBalancer }
        guard let tag = report?.tags["ingress.k8s.alibaba/albconfig"] else { return nil }
        return Self.alias(albConfig: String(tag.split(separator: "/").last ?? Substring(tag)))
    }
}

/// The configuration versions of a run, each once; what stays the same from one to the next shares its memory.
struct KeptConfigurations {
    private(set) var versions: [LoadBalancerConfiguration] = []
    /// The place of each load balancer's last version.
    private var last: [String: Int] = [:]

    mutating func keep(_ configuration: LoadBalancerConfiguration) {
        var fresh = configuration
        if let place = last[configuration.id] {
            let before = versions[place]
            if before.version >= configuration.version { return }
            for index in fresh.listeners.indices {
                guard let same = before.listeners.first(where: { $0.id == fresh.listeners[index].id })
                else { continue }
                if same == fresh.listeners[index] {
                    fresh.listeners[index] = same
                } else if same.rules == fresh.listeners[index].rules {
                    fresh.listeners[index].rules = same.rules
                }
            }
            for id in fresh.serverGroups.keys.sorted() {
                if let same = before.serverGroups[id], same == fresh.serverGroups[id] {
                    fresh.serverGroups[id] = same
                }
            }
        }
        last[configuration.id] = versions.count
        versions.append(fresh)
    }
}

extension World {
    /// The name by which traffic finds the load balancer of an AlbConfig, once there is one.
    public static func alias(albConfig: String) -> String {
        NamedLoadBalancers.alias(albConfig: albConfig)
    }
}
