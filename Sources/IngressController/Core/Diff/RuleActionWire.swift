// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

/// Actions as the API sends and takes them.
enum RuleActionWire {
    /// The members of the actions of a rule, numbered from 1.
    static func write(_ actions: [RuleAction]) -> JSONValue {
        .array(
            actions.enumerated().map { place, action in
                let (name, config) = self.config(action)
                return .object(
                    JSONObject([
                        ("Type", .string(action.typeName)), ("Order", .integer(Int64(place + 1))),
                        (name, .object(config)),
                    ])
                )
            }
        )
    }

    private static func config(_ action: RuleAction) -> (String, JSONObject) {
        switch action {
        case .forward(let groups, let stickySeconds):
            var config: JSONObject = ["ServerGroupTuples": tuples(groups)]
            if let stickySeconds {
                config["ServerGroupStickySession"] = [
                    "Enabled": true, "Timeout": .integer(Int64(stickySeconds)),
                ]
            }
            return ("ForwardGroupConfig", config)
        case .redirect(let target):
            return (
                "RedirectConfig",
                [
                    "Protocol": .string(target.scheme), "Host": .string(target.host),
                    "Port": .string(target.port),
                    "Path": .string(target.path), "Query": .string(target.query),
                    "HttpCode": .string(String(target.status)),
                ]
            )
        case .fixedResponse(let status, let contentType, let content):
            return (
                "FixedResponseConfig",
                [
                    "HttpCode": .string(String(status)), "ContentType": .string(contentType),
                    "Content": .string(content),
                ]
            )
        case .rewrite(let host, let path, let query):
            return (
                "RewriteConfig",
                [
                    "Host": .string(host ?? "${host}"), "Path": .string(path ?? "${path}"),
                    "Query": .string(query ?? "${query}"),
                ]
            )
        case .insertHeader(let key, let value, let valueType, _):
            let config: JSONObject = [
                "Key": .string(key), "Value": .string(value), "ValueType": .string(valueType),
            ]
            return ("InsertHeaderConfig", config)
        case .removeHeader(let key): return ("RemoveHeaderConfig", ["Key": .string(key)])
        case .trafficLimit(let qps, let perIP):
            var config: JSONObject = [:]
            if let qps { config["QPS"] = .integer(Int64(qps)) }
            if let perIP { config["PerIpQps"] = .integer(Int64(perIP)) }
            return ("TrafficLimitConfig", config)
        case .mirror(let groups):
            return (
                "TrafficMirrorConfig",
                [
                    "TargetType": "ForwardGroupMirror",
                    "MirrorGroupConfig": ["ServerGroupTuples": tuples(groups)],
                ]
            )
        case .cors(let cors): return ("CorsConfig", self.cors(cors))
        }
    }

    private static func tuples(_ groups: [WeightedGroup]) -> JSONValue {
        .array(
            groups.map { ["ServerGroupId": .string($0.serverGroup), "Weight": .integer(Int64($0.weight))] }
        )
    }

    private static func cors(_ cors: CORSConfiguration) -> JSONObject {
        func list(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
        return [
            "AllowOrigin": list(cors.allowOrigin), "AllowMethods": list(cors.allowMethods),
            "AllowHeaders": list(cors.allowHeaders), "ExposeHeaders": list(cors.exposeHeaders),
            "AllowCredentials": cors.allowCredentials ? "on" : "off", "MaxAge": .integer(Int64(cors.maxAge)),
        ]
    }

    /// Reads one action; nil for a type that is not known.
    static func read(_ json: JSONValue) -> RuleAction? {
        switch json["Type"]?.stringValue {
        case "ForwardGroup":
            let config = json["ForwardGroupConfig"]
            let sticky = config?["ServerGroupStickySession"]
            let isSticky = sticky?["Enabled"]?.truth ?? false
            return .forward(
                readTuples(config),
                stickySeconds: isSticky ? sticky?["Timeout"]?.wholeNumber ?? 1000 : nil
            )
        case "Redirect": return .redirect(readRedirect(json["RedirectConfig"]))
        case "FixedResponse":
            let config = json["FixedResponseConfig"]
            return .fixedResponse(
                status: config?["HttpCode"]?.wholeNumber ?? 0,
                contentType: config?["ContentType"]?.stringValue ?? "text/plain",
                content: config?["Content"]?.stringValue ?? ""
            )
        case "Rewrite":
            let config = json["RewriteConfig"]
            return .rewrite(
                host: config?["Host"]?.stringValue,
                path: config?["Path"]?.stringValue,
                query: config?["Query"]?.stringValue
            )
        case "InsertHeader":
            let config = json["InsertHeaderConfig"]
            return .insertHeader(
                key: config?["Key"]?.stringValue ?? "",
                value: config?["Value"]?.stringValue ?? "",
                valueType: config?["ValueType"]?.stringValue ?? "UserDefined"
            )
        case "RemoveHeader": return .removeHeader(key: json["RemoveHeaderConfig", "Key"]?.stringValue ?? "")
        case "TrafficLimit":
            func positive(_ name: String) -> Int? {
                json["TrafficLimitConfig"]?[name]?.wholeNumber.flatMap { $0 > 0 ? $0 : nil }
            }
            return .trafficLimit(qps: positive("QPS"), perIPQPS: positive("PerIpQps"))
        case "TrafficMirror": return .mirror(readTuples(json["TrafficMirrorConfig", "MirrorGroupConfig"]))
        case "Cors": return .cors(readCORS(json["CorsConfig"]))
        default: return nil
        }
    }

    private static func readTuples(_ config: JSONValue?) -> [WeightedGroup] {
        (config?["ServerGroupTuples"]?.arrayValue ?? []).map {
            WeightedGroup(
                serverGroup: $0["ServerGroupId"]?.stringValue ?? "",
                weight: $0["Weight"]?.wholeNumber ?? 100
            )
        }
    }

    private static func readRedirect(_ config: JSONValue?) -> RedirectTarget {
        var target = RedirectTarget()
        target.scheme = config?["Protocol"]?.stringValue ?? target.scheme
        target.host = config?["Host"]?.stringValue ?? target.host
        target.port = config?["Port"]?.plainText ?? target.port
        target.path = config?["Path"]?.stringValue ?? target.path
        target.query = config?["Query"]?.stringValue ?? target.query
        target.status = config?["HttpCode"]?.wholeNumber ?? target.status
        return target
    }

    private static func readCORS(_ config: JSONValue?) -> CORSConfiguration {
        CORSConfiguration(
            allowOrigin: config?["AllowOrigin"]?.texts ?? [],
            allowMethods: config?["AllowMethods"]?.texts ?? [],
            allowHeaders: config?["AllowHeaders"]?.texts ?? [],
            exposeHeaders: config?["ExposeHeaders"]?.texts ?? [],
            allowCredentials: config?["AllowCredentials"]?.stringValue == "on",
            maxAge: config?["MaxAge"]?.wholeNumber ?? 172_800
        )
    }
}
