// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

extension ServerGroupConfiguration {
    /// Reads a group as the data plane needs it: members that are still being added are not in it.
    init(_ group: Resource, servers: [Resource]) {
        let document = group.document
        let drain = document.object("ConnectionDrainConfig")
        let slowStart = document.object("SlowStartConfig")
        self.init(
            id: group.id,
            name: document.text("ServerGroupName"),
            backendProtocol: document.optionalText("Protocol") ?? "HTTP",
            scheduler: Scheduler(document),
            servers: servers.filter { $0.status != "Adding" }.compactMap(BackendServer.init(resource:)),
            healthCheck: HealthCheckConfiguration(document.object("HealthCheckConfig")),
            stickiness: Stickiness(document.object("StickySessionConfig")),
            drainTimeout: drain.flag("ConnectionDrainEnabled")
                ? .seconds(drain.number("ConnectionDrainTimeout") ?? 300) : nil,
            slowStart: slowStart.flag("SlowStartEnabled")
                ? .seconds(slowStart.number("SlowStartDuration") ?? 30) : nil,
            isKeepaliveOn: document.flag("UpstreamKeepaliveEnabled"),
            isCrossZone: document["CrossZoneEnabled"]?.boolValue ?? true
        )
    }
}

extension ServerGroupConfiguration.Scheduler {
    fileprivate init(_ document: JSONObject) {
        self =
            switch document.text("Scheduler") {
            case "Wlc": .weightedLeastConnections
            case "Sch": .sourceHash
            case "Uch": .queryHash(parameter: document.object("UchConfig").text("Value"))
            default: .weightedRoundRobin
            }
    }
}

extension ServerGroupConfiguration.Stickiness {
    fileprivate init?(_ config: JSONObject) {
        guard config.flag("StickySessionEnabled") else { return nil }
        self =
            config.text("StickySessionType") == "Server"
            ? .server(cookie: config.text("Cookie"))
            : .insert(seconds: config.number("CookieTimeout") ?? 1000)
    }
}

extension BackendServer {
    /// nil for a member without an address, as a function has none.
    fileprivate init?(resource: Resource) {
        let document = resource.document
        let address = document.optionalText("ServerIp") ?? resource.hidden.text("Address")
        guard !address.isEmpty, let port = document.number("Port") else { return nil }
        self.init(
            serverID: document.text("ServerId"),
            address: SocketAddress(ip: address, port: port),
            weight: document.number("Weight") ?? 100,
            zone: resource.hidden.text("Zone")
        )
    }
}

extension HealthCheckConfiguration {
    fileprivate init?(_ config: JSONObject) {
        guard config.flag("HealthCheckEnabled") else { return nil }
        let codes = config.texts("HealthCheckCodes")
        let usual = HealthCheckConfiguration()
        self.init(
            checkProtocol: config.optionalText("HealthCheckProtocol") ?? usual.checkProtocol,
            port: config.number("HealthCheckConnectPort") ?? usual.port,
            host: config.optionalText("HealthCheckHost") ?? usual.host,
            path: config.optionalText("HealthCheckPath") ?? usual.path,
            method: config.optionalText("HealthCheckMethod") ?? usual.method,
            httpVersion: config.optionalText("HealthCheckHttpVersion") ?? usual.httpVersion,
            codes: codes.isEmpty ? usual.codes : codes,
            timeout: config.number("HealthCheckTimeout").map { .seconds($0) } ?? usual.timeout,
            interval: config.number("HealthCheckInterval").map { .seconds($0) } ?? usual.interval,
            healthyThreshold: config.number("HealthyThreshold") ?? usual.healthyThreshold,
            unhealthyThreshold: config.number("UnhealthyThreshold") ?? usual.unhealthyThreshold
        )
    }
}
