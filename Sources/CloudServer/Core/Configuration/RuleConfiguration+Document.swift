// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

extension RuleConfiguration {
    /// Reads a rule as the data plane needs it from its document.
    init(_ rule: Resource) {
        let document = rule.document
        self.init(
            id: rule.id,
            name: document.text("RuleName"),
            priority: document.number("Priority") ?? 0,
            conditions: document.objects("RuleConditions").compactMap(RuleCondition.init(document:)),
            actions: document.objects("RuleActions")
                .sorted { ($0.number("Order") ?? 0) < ($1.number("Order") ?? 0) }
                .compactMap(RuleAction.init(document:))
        )
    }
}

extension RuleCondition {
    init?(document: JSONObject) {
        func config(_ name: String) -> JSONObject { document.object("\(name)Config") }
        func pairs(_ name: String) -> [KeyValue] {
            config(name).objects("Values").map { KeyValue(key: $0.text("Key"), value: $0.text("Value")) }
        }
        let type = document.text("Type")
        let values = config(type).texts("Values")
        switch type {
        case "Host": self = .host(values)
        case "Path": self = .path(values)
        case "Header": self = .header(key: config(type).text("Key"), values: values)
        case "QueryString": self = .queryString(pairs(type))
        case "Method": self = .method(values)
        case "Cookie": self = .cookie(pairs(type))
        case "SourceIp": self = .sourceIP(values)
        case "ResponseHeader": self = .responseHeader(key: config(type).text("Key"), values: values)
        case "ResponseStatusCode": self = .responseStatusCode(values)
        default: return nil
        }
    }
}

extension RuleAction {
    init?(document: JSONObject) {
        switch document.text("Type") {
        case "ForwardGroup":
            let config = document.object("ForwardGroupConfig")
            let sticky = config.object("ServerGroupStickySession")
            self = .forward(
                Self.groups(config),
                stickySeconds: sticky.flag("Enabled") ? sticky.number("Timeout") ?? 1000 : nil
            )
        case "Redirect": self = .redirect(RedirectTarget(document.object("RedirectConfig")))
        case "FixedResponse":
            let config = document.object("FixedResponseConfig")
            self = .fixedResponse(
                status: Int(config.text("HttpCode")) ?? 200,
                contentType: config.optionalText("ContentType") ?? "text/plain",
                content: config.text("Content")
            )
        case "Rewrite":
            let config = document.object("RewriteConfig")
            func part(_ name: String, same: String) -> String? {
                config.optionalText(name).flatMap { $0 == same ? nil : $0 }
            }
            self = .rewrite(
                host: part("Host", same: "${host}"),
                path: part("Path", same: "${path}"),
                query: part("Query", same: "${query}")
            )
        case "InsertHeader":
            let config = document.object("InsertHeaderConfig")
            self = .insertHeader(
                key: config.text("Key"),
                value: config.text("Value"),
                valueType: config.optionalText("ValueType") ?? "UserDefined",
                covers: config["CoverEnabled"]?.boolValue ?? true
            )
        case "RemoveHeader": self = .removeHeader(key: document.object("RemoveHeaderConfig").text("Key"))
        case "TrafficLimit":
            let config = document.object("TrafficLimitConfig")
            self = .trafficLimit(qps: config.number("QPS"), perIPQPS: config.number("PerIpQps"))
        case "TrafficMirror":
            self = .mirror(Self.groups(document.object("TrafficMirrorConfig").object("MirrorGroupConfig")))
        case "Cors": self = .cors(CORSConfiguration(document.object("CorsConfig")))
        default: return nil
        }
    }

    private static func groups(_ config: JSONObject) -> [WeightedGroup] {
        config.objects("ServerGroupTuples").map {
            WeightedGroup(serverGroup: $0.text("ServerGroupId"), weight: $0.number("Weight") ?? 100)
        }
    }
}

extension RedirectTarget {
    fileprivate init(_ config: JSONObject) {
        self.init(
            scheme: config.optionalText("Protocol") ?? "${protocol}",
            host: config.optionalText("Host") ?? "${host}",
            port: config.optionalText("Port") ?? "${port}",
            path: config.optionalText("Path") ?? "${path}",
            query: config.optionalText("Query") ?? "${query}",
            status: Int(config.text("HttpCode")) ?? 301
        )
    }
}

extension CORSConfiguration {
    fileprivate init(_ config: JSONObject) {
        self.init(
            allowOrigin: config.texts("AllowOrigin"),
            allowMethods: config.texts("AllowMethods"),
            allowHeaders: config.texts("AllowHeaders"),
            exposeHeaders: config.texts("ExposeHeaders"),
            allowCredentials: config.optionalText("AllowCredentials").map { $0 == "on" } ?? true,
            maxAge: config.number("MaxAge") ?? 172_800
        )
    }
}
