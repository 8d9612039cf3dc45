// SPDX-License-Identifier: Apache-2.0
public import JSON
import Ports

extension ServerGroupConfiguration {
    /// The group as run files keep it.
    public var json: JSONValue {
        [
            "id": .string(id), "name": .string(name), "protocol": .string(backendProtocol),
            "scheduler": scheduler.json,
            "servers": .array(
                servers.map {
                    [
                        "id": .string($0.serverID), "ip": .string($0.address.ip),
                        "port": .number($0.address.port), "weight": .number($0.weight),
                        "zone": .string($0.zone),
                    ]
                }
            ),
            "healthCheck": healthCheck?.json ?? .null, "stickiness": stickiness?.json ?? .null,
            "drainTimeout": drainTimeout.map { .duration($0) } ?? .null,
            "slowStart": slowStart.map { .duration($0) } ?? .null,
            "isKeepaliveOn": .bool(isKeepaliveOn), "isCrossZone": .bool(isCrossZone),
        ]
    }

    /// Reads what `json` wrote.
    ///
    /// - Throws: `ConfigurationError` when a member is missing or of another type.
    public init(json: JSONValue) throws(ConfigurationError) {
        let group = ConfigurationReader(json, "server group")
        func duration(_ key: String) -> Duration? { json[key]?.intValue.map { .nanoseconds(Int64($0)) } }
        self.init(
            id: try group.text("id"),
            name: try group.text("name"),
            backendProtocol: try group.text("protocol"),
            scheduler: try Scheduler(
                ConfigurationReader(json["scheduler"] ?? .null, "server group's scheduler")
            ),
            servers: try group.list("servers") { server throws(ConfigurationError) in
                BackendServer(
                    serverID: try server.text("id"),
                    address: SocketAddress(ip: try server.text("ip"), port: try server.number("port")),
                    weight: try server.number("weight"),
                    zone: try server.text("zone")
                )
            },
            healthCheck: try group.optional("healthCheck") { check throws(ConfigurationError) in
                try HealthCheckConfiguration(check)
            },
            stickiness: try group.optional("stickiness") { item throws(ConfigurationError) in
                try Stickiness(item)
            },
            drainTimeout: duration("drainTimeout"),
            slowStart: duration("slowStart"),
            isKeepaliveOn: try group.flag("isKeepaliveOn"),
            isCrossZone: try group.flag("isCrossZone")
        )
    }
}

extension ServerGroupConfiguration.Scheduler {
    fileprivate var json: JSONValue {
        switch self {
        case .weightedRoundRobin: ["type": "Wrr"]
        case .weightedLeastConnections: ["type": "Wlc"]
        case .sourceHash: ["type": "Sch"]
        case .queryHash(let parameter): ["type": "Uch", "parameter": .string(parameter)]
        }
    }

    fileprivate init(_ item: ConfigurationReader) throws(ConfigurationError) {
        switch try item.text("type") {
        case "Wrr": self = .weightedRoundRobin
        case "Wlc": self = .weightedLeastConnections
        case "Sch": self = .sourceHash
        case "Uch": self = .queryHash(parameter: try item.text("parameter"))
        case let other: throw ConfigurationError(description: "a saved group has the scheduler \(other)")
        }
    }
}

extension ServerGroupConfiguration.Stickiness {
    fileprivate var json: JSONValue {
        switch self {
        case .insert(let seconds): ["type": "Insert", "seconds": .number(seconds)]
        case .server(let cookie): ["type": "Server", "cookie": .string(cookie)]
        }
    }

    fileprivate init(_ item: ConfigurationReader) throws(ConfigurationError) {
        switch try item.text("type") {
        case "Insert": self = .insert(seconds: try item.number("seconds"))
        default: self = .server(cookie: try item.text("cookie"))
        }
    }
}

extension HealthCheckConfiguration {
    fileprivate var json: JSONValue {
        [
            "protocol": .string(checkProtocol), "port": .number(port), "host": .string(host),
            "path": .string(path), "method": .string(method), "httpVersion": .string(httpVersion),
            "codes": .texts(codes), "timeout": .duration(timeout), "interval": .duration(interval),
            "healthyThreshold": .number(healthyThreshold), "unhealthyThreshold": .number(unhealthyThreshold),
        ]
    }

    fileprivate init(_ check: ConfigurationReader) throws(ConfigurationError) {
        self.init(
            checkProtocol: try check.text("protocol"),
            port: try check.number("port"),
            host: try check.text("host"),
            path: try check.text("path"),
            method: try check.text("method"),
            httpVersion: try check.text("httpVersion"),
            codes: try check.texts("codes"),
            timeout: try check.duration("timeout"),
            interval: try check.duration("interval"),
            healthyThreshold: try check.number("healthyThreshold"),
            unhealthyThreshold: try check.number("unhealthyThreshold")
        )
    }
}
