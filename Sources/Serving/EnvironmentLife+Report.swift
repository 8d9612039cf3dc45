// SPDX-License-Identifier: Apache-2.0
import CloudServer
import DataPlane
import JSON
import Ports

extension EnvironmentLife {
    /// The load balancers with the addresses and ports that can be called.
    func loadBalancers() -> JSONValue {
        let served = dataPlane.status()
        return .array(
            cloud.loadBalancers().map { report in
                let zones = report.zones.map { zone in
                    zoneReport(zone, served.first { $0.loadBalancer == report.id && $0.zone == zone.zone })
                }
                let address = report.zones.first { $0.status == "Active" } ?? report.zones.first
                let listeners = report.listeners.map { listener -> JSONValue in
                    [
                        "id": .string(listener.id), "protocol": .string(listener.listenerProtocol),
                        "port": .integer(Int64(listener.port)), "status": .string(listener.status),
                        "boundPort": boundPort(address?.address, listener.port, listener.listenerProtocol),
                    ]
                }
                return [
                    "id": .string(report.id), "name": .string(report.name),
                    "dnsName": .string(report.dnsName),
                    "status": .string(report.status), "address": .string(address?.address ?? ""),
                    "version": .integer(report.version), "listeners": .array(listeners),
                    "zones": .array(zones),
                    "tags": .object(
                        JSONObject(report.tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                    ),
                ]
            }
        )
    }

    private func boundPort(_ address: String?, _ port: Int, _ listenerProtocol: String) -> JSONValue {
        let place = SocketAddress(ip: address ?? "", port: port)
        let bound = boundPorts.bound(place, listenerProtocol == "QUIC" ? .quic : .tcp)
        return bound.map { .integer(Int64($0)) } ?? .null
    }

    private func zoneReport(_ zone: LoadBalancerReport.Zone, _ served: LoadBalancerStatus?) -> JSONValue {
        let listeners = (served?.listeners ?? []).map { listener -> JSONValue in
            var members: JSONObject = [
                "id": .string(listener.id), "protocol": .string(listener.listenerProtocol),
                "port": .integer(Int64(listener.port)),
                "boundPort": boundPort(zone.address, listener.port, listener.listenerProtocol),
            ]
            if let failure = listener.failure { members["failure"] = .string(failure.description) }
            return .object(members)
        }
        return [
            "zone": .string(zone.zone), "address": .string(zone.address), "status": .string(zone.status),
            "servedVersion": zone.servedVersion.map { .integer($0) } ?? .null, "listeners": .array(listeners),
        ]
    }
}
