// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

/// The settings that the annotations of an Ingress give to all its server groups.
///
/// - Source: the product's annotation pages; documented. Defaults are those of the API.
struct ServerGroupSettings: Sendable, Hashable {
    /// What the group has for life and what is kept equal.
    let attributes: JSONObject
    /// What only a new group is given.
    let initial: JSONObject

    /// The settings of a listener's empty default group.
    static let listenerDefault = ServerGroupSettings(
        attributes: [
            "Protocol": "HTTP", "ServerGroupType": "instance", "Scheduler": "Wrr",
            "HealthCheckConfig": ["HealthCheckEnabled": false],
            "StickySessionConfig": ["StickySessionEnabled": false],
        ],
        initial: [:]
    )

    /// The settings of groups that are taken over: whatever they are.
    static let asTheyAre = ServerGroupSettings(attributes: [:], initial: [:])

    private init(attributes: JSONObject, initial: JSONObject) {
        self.attributes = attributes
        self.initial = initial
    }

    init(_ ingress: IngressSpec, listens: ListenerChoice) throws(BuildError) {
        let annotations = ingress.annotations
        let isManaged = annotations.profile.kind == .managed
        let scheduler = (annotations.text(.backendScheduler) ?? "wrr").lowercased()
        var attributes: JSONObject = [
            "Protocol": .string(try Self.backendProtocol(ingress, listens)),
            "ServerGroupType": .string(
                isManaged && annotations.text(.serverGroupType)?.lowercased() == "ip" ? "Ip" : "instance"
            ),
            "Scheduler": .string(scheduler.prefix(1).uppercased() + scheduler.dropFirst()),
        ]
        var initial: JSONObject = [:]
        if scheduler == "uch" { attributes["UchConfig"] = try Self.uch(annotations) }
        if annotations.text(.backendKeepalive) != nil || !isManaged {
            attributes["UpstreamKeepaliveEnabled"] = .bool(annotations.isTrue(.backendKeepalive))
        } else {
            initial["UpstreamKeepaliveEnabled"] = true
        }
        attributes["HealthCheckConfig"] = try Self.healthCheck(annotations)
        attributes["StickySessionConfig"] = try Self.stickiness(annotations)
        if isManaged {
            attributes["ConnectionDrainConfig"] = Self.draining(annotations)
            attributes["SlowStartConfig"] = try Self.slowStart(annotations, scheduler: scheduler)
            attributes["CrossZoneEnabled"] = .bool(annotations.isNotFalse(.crossZoneEnabled))
            if let group = annotations.text(.serverGroupResourceGroup) {
                initial["ResourceGroupId"] = .string(group)
            }
        }
        self.attributes = attributes
        self.initial = initial
    }

    private static func backendProtocol(
        _ ingress: IngressSpec,
        _ listens: ListenerChoice
    ) throws(BuildError) -> String {
        let text = ingress.annotations.text(.backendProtocol) ?? "http"
        switch ingress.annotations.profile.has(.valuesReadTooLiterally) ? text : text.lowercased() {
        case "https": return "HTTPS"
        case "grpc":
            if ingress.tls.isEmpty {
                throw BuildError("a backend-protocol of grpc needs tls hosts, found none")
            }
            for port in listens.ports where port.listenerProtocol != .https {
                if port == ListenerPort(80, .http), listens.redirectsToTLS { continue }
                throw BuildError("a backend-protocol of grpc needs HTTPS listeners, found \(port)")
            }
            return "GRPC"
        default: return "HTTP"
        }
    }

    private static func uch(_ annotations: Annotations) throws(BuildError) -> JSONValue {
        guard let value = annotations.text(.backendSchedulerUchValue) else {
            throw BuildError(
                "the scheduler uch needs \(AnnotationName.backendSchedulerUchValue.key), found none"
            )
        }
        return ["Type": "QueryString", "Value": .string(value)]
    }

    private static func healthCheck(_ annotations: Annotations) throws(BuildError) -> JSONValue {
        guard annotations.isTrue(.healthCheckEnabled) else { return ["HealthCheckEnabled": false] }
        let isManaged = annotations.profile.kind == .managed
        func number(_ name: AnnotationName, _ fallback: Int) -> JSONValue {
            .integer(Int64(annotations.integer(name) ?? fallback))
        }
        func word(_ name: AnnotationName, _ fallback: String) -> String {
            annotations.text(name)?.uppercased() ?? fallback
        }
        let checkProtocol = word(.healthCheckProtocol, "HTTP")
        let codes =
            (isManaged ? annotations.list(.healthCheckCode) : nil) ?? annotations.list(.healthCheckHTTPCode)
            ?? [checkProtocol == "GRPC" ? "0" : "http_2xx"]
        var config: JSONObject = [
            "HealthCheckEnabled": true, "HealthCheckProtocol": .string(checkProtocol),
            "HealthCheckConnectPort": number(.healthCheckConnectPort, 0),
            "HealthCheckInterval": number(.healthCheckInterval, 2),
            "HealthCheckTimeout": number(.healthCheckTimeout, 5),
            "HealthyThreshold": number(.healthyThreshold, 3),
            "UnhealthyThreshold": number(.unhealthyThreshold, 3),
        ]
        if checkProtocol != "TCP" {
            config["HealthCheckHost"] = "$SERVER_IP"
            config["HealthCheckPath"] = .string(annotations.text(.healthCheckPath) ?? "/")
            config["HealthCheckMethod"] = .string(
                word(.healthCheckMethod, checkProtocol == "GRPC" ? "POST" : "HEAD")
            )
            config["HealthCheckCodes"] = .array(codes.map { .string($0) })
            config["HealthCheckHttpVersion"] = .string(
                isManaged ? word(.healthCheckHTTPVersion, "HTTP1.1") : "HTTP1.1"
            )
        }
        return .object(config)
    }

    private static func stickiness(_ annotations: Annotations) throws(BuildError) -> JSONValue {
        guard annotations.isTrue(.stickySession) else { return ["StickySessionEnabled": false] }
        if annotations.text(.stickySessionType)?.lowercased() == "server" {
            guard !annotations.profile.has(.serverStickinessFails), let cookie = annotations.text(.cookie)
            else {
                throw BuildError(
                    "a sticky-session-type of Server needs \(AnnotationName.cookie.key), found none"
                )
            }
            return ["StickySessionEnabled": true, "StickySessionType": "Server", "Cookie": .string(cookie)]
        }
        return [
            "StickySessionEnabled": true, "StickySessionType": "Insert",
            "CookieTimeout": .integer(Int64(annotations.integer(.cookieTimeout) ?? 1000)),
        ]
    }

    private static func draining(_ annotations: Annotations) -> JSONValue {
        guard annotations.isTrue(.connectionDrainEnabled) else { return ["ConnectionDrainEnabled": false] }
        let timeout = annotations.integer(.connectionDrainTimeout) ?? 300
        return ["ConnectionDrainEnabled": true, "ConnectionDrainTimeout": .integer(Int64(timeout))]
    }

    private static func slowStart(
        _ annotations: Annotations,
        scheduler: String
    ) throws(BuildError) -> JSONValue {
        guard annotations.isTrue(.slowStartEnabled) else { return ["SlowStartEnabled": false] }
        if scheduler != "wrr" { throw BuildError("slow start needs the scheduler wrr, found \(scheduler)") }
        let duration = annotations.integer(.slowStartDuration) ?? 30
        return ["SlowStartEnabled": true, "SlowStartDuration": .integer(Int64(duration))]
    }
}
