// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

/// Conditions as the API sends and takes them.
enum RuleConditionWire {
    /// The members of one condition.
    static func write(_ condition: RuleCondition) -> JSONValue {
        switch condition {
        case .host(let values): item("Host", ["Values": list(values)])
        case .path(let values): item("Path", ["Values": list(values)])
        case .method(let values): item("Method", ["Values": list(values)])
        case .sourceIP(let values): item("SourceIp", ["Values": list(values)])
        case .header(let key, let values): item("Header", ["Key": .string(key), "Values": list(values)])
        case .queryString(let values): item("QueryString", ["Values": pairs(values)])
        case .cookie(let values): item("Cookie", ["Values": pairs(values)])
        case .responseHeader(let key, let values):
            item("ResponseHeader", ["Key": .string(key), "Values": list(values)])
        case .responseStatusCode(let values): item("ResponseStatusCode", ["Values": list(values)])
        }
    }

    /// Reads one condition; nil for a type that is not known.
    static func read(_ json: JSONValue) -> RuleCondition? {
        let type = json["Type"]?.stringValue ?? ""
        let config = json["\(type)Config"]
        let values = config?["Values"]?.texts ?? []
        let key = config?["Key"]?.stringValue ?? ""
        switch type {
        case "Host": return .host(values)
        case "Path": return .path(values)
        case "Method": return .method(values)
        case "SourceIp": return .sourceIP(values)
        case "Header": return .header(key: key, values: values)
        case "QueryString": return .queryString(keyValues(config))
        case "Cookie": return .cookie(keyValues(config))
        case "ResponseHeader": return .responseHeader(key: key, values: values)
        case "ResponseStatusCode": return .responseStatusCode(values)
        default: return nil
        }
    }

    private static func item(_ type: String, _ config: JSONObject) -> JSONValue {
        .object(JSONObject([("Type", .string(type)), ("\(type)Config", .object(config))]))
    }

    private static func list(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

    private static func pairs(_ values: [KeyValue]) -> JSONValue {
        .array(values.map { ["Key": .string($0.key), "Value": .string($0.value)] })
    }

    private static func keyValues(_ config: JSONValue?) -> [KeyValue] {
        (config?["Values"]?.arrayValue ?? []).map {
            KeyValue(key: $0["Key"]?.plainText ?? "", value: $0["Value"]?.plainText ?? "")
        }
    }
}
