// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

/// Reads `conditions.<service>`: a JSON list of `{"type": T, "<T>Config": {...}}`.
///
/// - Source: the product's page on custom conditions and the open-source reader; documented.
struct ConditionsAnnotation {
    private let key: String
    private let text: String

    /// The conditions in the order in which they are written.
    static func parse(key: String, _ text: String) throws(BuildError) -> [RuleCondition] {
        let reader = ConditionsAnnotation(key: key, text: text)
        guard let items = (try? JSONValue(parsing: text))?.arrayValue else {
            throw reader.wrong("a JSON list of conditions")
        }
        var conditions: [RuleCondition] = []
        for item in items { conditions.append(try reader.condition(item)) }
        return conditions
    }

    private func condition(_ item: JSONValue) throws(BuildError) -> RuleCondition {
        guard let type = item.member("type")?.stringValue else { throw wrong("a type in each condition") }
        let configKey = type + "Config"
        guard let config = item.member(configKey), config.objectValue != nil else {
            throw wrong("an object \(configKey) beside the type \(type)")
        }
        switch type.lowercased() {
        case "host": return .host(try values(config, type))
        case "path": return .path(try values(config, type))
        case "method": return .method(try values(config, type))
        case "sourceip": return .sourceIP(try values(config, type))
        case "header": return .header(key: try headerKey(config, type), values: try values(config, type))
        case "querystring": return .queryString(try pairs(config, type))
        case "cookie": return .cookie(try pairs(config, type))
        case "responseheader":
            return .responseHeader(key: try headerKey(config, type), values: try values(config, type))
        case "responsestatuscode": return .responseStatusCode(try values(config, type))
        default:
            throw wrong(
                "a type Host, Path, Method, SourceIp, Header, QueryString, Cookie, ResponseHeader or"
                    + " ResponseStatusCode, not \(type)"
            )
        }
    }

    private func values(_ config: JSONValue, _ type: String) throws(BuildError) -> [String] {
        guard let values = config.member("values")?.texts, !values.isEmpty, values.allSatisfy(Self.isPlain)
        else {
            throw wrong("a list of values for \(type)")
        }
        return values
    }

    private func headerKey(_ config: JSONValue, _ type: String) throws(BuildError) -> String {
        guard let key = config.member("key")?.plainText, !key.isEmpty, Self.isPlain(key) else {
            throw wrong("a key for \(type)")
        }
        return key
    }

    private func pairs(_ config: JSONValue, _ type: String) throws(BuildError) -> [KeyValue] {
        let expected = "a list of keys and values for \(type)"
        guard let items = config.member("values")?.arrayValue, !items.isEmpty else { throw wrong(expected) }
        var pairs: [KeyValue] = []
        for item in items {
            guard let key = item.member("key")?.plainText, !key.isEmpty else { throw wrong(expected) }
            let value = item.member("value")?.plainText ?? ""
            guard Self.isPlain(key), Self.isPlain(value) else { throw wrong(expected) }
            pairs.append(KeyValue(key: key, value: value))
        }
        return pairs
    }

    private func wrong(_ expected: String) -> BuildError {
        BuildError(Annotations.sentence(key: key, value: text, expected: expected))
    }

    /// True for a text without control characters: none of the cloud's fields takes them.
    static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }
}
