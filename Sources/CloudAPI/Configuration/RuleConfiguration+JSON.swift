// SPDX-License-Identifier: Apache-2.0
import JSON

extension RuleConfiguration {
    var json: JSONValue {
        [
            "id": .string(id), "name": .string(name), "priority": .number(priority),
            "conditions": .array(conditions.map(\.json)), "actions": .array(actions.map(\.json)),
        ]
    }

    init(_ rule: ConfigurationReader) throws(ConfigurationError) {
        self.init(
            id: try rule.text("id"),
            name: try rule.text("name"),
            priority: try rule.number("priority"),
            conditions: try rule.list("conditions") { item throws(ConfigurationError) in
                try RuleCondition(item)
            },
            actions: try rule.list("actions") { item throws(ConfigurationError) in try RuleAction(item) }
        )
    }
}

extension RuleCondition {
    fileprivate var json: JSONValue {
        switch self {
        case .host(let values): ["type": "Host", "values": .texts(values)]
        case .path(let values): ["type": "Path", "values": .texts(values)]
        case .header(let key, let values): ["type": "Header", "key": .string(key), "values": .texts(values)]
        case .queryString(let pairs): ["type": "QueryString", "pairs": .pairs(pairs)]
        case .method(let values): ["type": "Method", "values": .texts(values)]
        case .cookie(let pairs): ["type": "Cookie", "pairs": .pairs(pairs)]
        case .sourceIP(let values): ["type": "SourceIp", "values": .texts(values)]
        case .responseHeader(let key, let values):
            ["type": "ResponseHeader", "key": .string(key), "values": .texts(values)]
        case .responseStatusCode(let values): ["type": "ResponseStatusCode", "values": .texts(values)]
        }
    }

    fileprivate init(_ item: ConfigurationReader) throws(ConfigurationError) {
        switch try item.text("type") {
        case "Host": self = .host(try item.texts("values"))
        case "Path": self = .path(try item.texts("values"))
        case "Header": self = .header(key: try item.text("key"), values: try item.texts("values"))
        case "QueryString": self = .queryString(try item.pairs("pairs"))
        case "Method": self = .method(try item.texts("values"))
        case "Cookie": self = .cookie(try item.pairs("pairs"))
        case "SourceIp": self = .sourceIP(try item.texts("values"))
        case "ResponseHeader":
            self = .responseHeader(key: try item.text("key"), values: try item.texts("values"))
        case "ResponseStatusCode": self = .responseStatusCode(try item.texts("values"))
        case let other: throw ConfigurationError(description: "a saved rule has the condition \(other)")
        }
    }
}

extension RuleAction {
    var json: JSONValue {
        switch self {
        case .forward(let groups, let sticky):
            ["type": "ForwardGroup", "groups": .groups(groups), "stickySeconds": .optional(sticky)]
        case .redirect(let target):
            [
                "type": "Redirect", "scheme": .string(target.scheme), "host": .string(target.host),
                "port": .string(target.port), "path": .string(target.path), "query": .string(target.query),
                "status": .number(target.status),
            ]
        case .fixedResponse(let status, let contentType, let content):
            [
                "type": "FixedResponse", "status": .number(status), "contentType": .string(contentType),
                "content": .string(content),
            ]
        case .rewrite(let host, let path, let query):
            ["type": "Rewrite", "host": .optional(host), "path": .optional(path), "query": .optional(query)]
        case .insertHeader(let key, let value, let valueType, let covers):
            [
                "type": "InsertHeader", "key": .string(key), "value": .string(value),
                "valueType": .string(valueType), "covers": covers ? nil : false,
            ]
        case .removeHeader(let key): ["type": "RemoveHeader", "key": .string(key)]
        case .trafficLimit(let qps, let perIPQPS):
            ["type": "TrafficLimit", "qps": .optional(qps), "perIPQPS": .optional(perIPQPS)]
        case .mirror(let groups): ["type": "TrafficMirror", "groups": .groups(groups)]
        case .cors(let cors):
            [
                "type": "Cors", "allowOrigin": .texts(cors.allowOrigin),
                "allowMethods": .texts(cors.allowMethods), "allowHeaders": .texts(cors.allowHeaders),
                "exposeHeaders": .texts(cors.exposeHeaders),
                "allowCredentials": .bool(cors.allowCredentials), "maxAge": .number(cors.maxAge),
            ]
        }
    }

    init(_ item: ConfigurationReader) throws(ConfigurationError) {
        func text(_ key: String) -> String? { item.json[key]?.stringValue }
        func number(_ key: String) -> Int? { item.json[key]?.intValue }
        switch try item.text("type") {
        case "ForwardGroup":
            self = .forward(try item.groups("groups"), stickySeconds: number("stickySeconds"))
        case "Redirect":
            self = .redirect(
                RedirectTarget(
                    scheme: try item.text("scheme"),
                    host: try item.text("host"),
                    port: try item.text("port"),
                    path: try item.text("path"),
                    query: try item.text("query"),
                    status: try item.number("status")
                )
            )
        case "FixedResponse":
            self = .fixedResponse(
                status: try item.number("status"),
                contentType: try item.text("contentType"),
                content: try item.text("content")
            )
        case "Rewrite": self = .rewrite(host: text("host"), path: text("path"), query: text("query"))
        case "InsertHeader":
            self = .insertHeader(
                key: try item.text("key"),
                value: try item.text("value"),
                valueType: try item.text("valueType"),
                // Said only where it is not so.
                covers: item.json["covers"]?.boolValue ?? true
            )
        case "RemoveHeader": self = .removeHeader(key: try item.text("key"))
        case "TrafficLimit": self = .trafficLimit(qps: number("qps"), perIPQPS: number("perIPQPS"))
        case "TrafficMirror": self = .mirror(try item.groups("groups"))
        case "Cors":
            self = .cors(
                CORSConfiguration(
                    allowOrigin: try item.texts("allowOrigin"),
                    allowMethods: try item.texts("allowMethods"),
                    allowHeaders: try item.texts("allowHeaders"),
                    exposeHeaders: try item.texts("exposeHeaders"),
                    allowCredentials: try item.flag("allowCredentials"),
                    maxAge: try item.number("maxAge")
                )
            )
        case let other: throw ConfigurationError(description: "a saved rule has the action \(other)")
        }
    }
}
