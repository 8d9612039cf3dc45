// SPDX-License-Identifier: Apache-2.0
public import JSON
import Ports

/// A configuration as run files keep it: all that decides about a request, and no private key.
extension LoadBalancerConfiguration {
    /// Everything but the listeners and the server groups.
    public var headJSON: JSONValue {
        [
            "id": .string(id), "version": .integer(version), "cause": .string(cause),
            "dnsName": .string(dnsName), "edition": .string(edition), "addressType": .string(addressType),
            "accessLog": accessLog.map { ["project": .string($0.project), "store": .string($0.store)] }
                ?? .null,
            "zones": .array(
                zones.map {
                    [
                        "zone": .string($0.zone), "address": .string($0.address),
                        "isActive": .bool($0.isActive),
                    ]
                }
            ),
        ]
    }

    /// Reads what `headJSON` wrote, and puts listeners and server groups into it.
    ///
    /// - Throws: `ConfigurationError` when a member is missing or of another type.
    public init(
        headJSON json: JSONValue,
        listeners: [ListenerConfiguration],
        serverGroups: [ServerGroupConfiguration]
    ) throws(ConfigurationError) {
        let head = ConfigurationReader(json, "load balancer")
        self.init(
            id: try head.text("id"),
            version: Int64(try head.number("version")),
            cause: try head.text("cause"),
            dnsName: try head.text("dnsName"),
            zones: try head.list("zones") { zone throws(ConfigurationError) in
                ZoneAddress(
                    zone: try zone.text("zone"),
                    address: try zone.text("address"),
                    isActive: try zone.flag("isActive")
                )
            },
            edition: try head.text("edition"),
            addressType: try head.text("addressType"),
            listeners: listeners,
            serverGroups: Dictionary(serverGroups.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last }),
            accessLog: try head.optional("accessLog") { log throws(ConfigurationError) in
                AccessLogTarget(project: try log.text("project"), store: try log.text("store"))
            }
        )
    }
}

/// A saved configuration that cannot be read.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with it.
    public let description: String
}

/// Reads the members of a saved configuration.
struct ConfigurationReader {
    let json: JSONValue
    private let subject: String

    init(_ json: JSONValue, _ subject: String) {
        self.json = json
        self.subject = subject
    }

    private func wrong(_ key: String, _ wanted: String) -> ConfigurationError {
        ConfigurationError(description: "the saved \(subject) has no \(wanted) \"\(key)\"")
    }

    func text(_ key: String) throws(ConfigurationError) -> String {
        guard let text = json[key]?.stringValue else { throw wrong(key, "text") }
        return text
    }

    func number(_ key: String) throws(ConfigurationError) -> Int {
        guard let number = json[key]?.intValue else { throw wrong(key, "number") }
        return number
    }

    func flag(_ key: String) throws(ConfigurationError) -> Bool {
        guard let flag = json[key]?.boolValue else { throw wrong(key, "truth value") }
        return flag
    }

    func duration(_ key: String) throws(ConfigurationError) -> Duration {
        .nanoseconds(Int64(try number(key)))
    }

    func texts(_ key: String) throws(ConfigurationError) -> [String] {
        guard let items = json[key]?.arrayValue else { throw wrong(key, "list") }
        return items.compactMap(\.stringValue)
    }

    func list<Item>(
        _ key: String,
        _ read: (ConfigurationReader) throws(ConfigurationError) -> Item
    ) throws(ConfigurationError) -> [Item] {
        guard let items = json[key]?.arrayValue else { throw wrong(key, "list") }
        var found: [Item] = []
        for item in items { found.append(try read(ConfigurationReader(item, "\(subject)'s \(key)"))) }
        return found
    }

    func optional<Item>(
        _ key: String,
        _ read: (ConfigurationReader) throws(ConfigurationError) -> Item
    ) throws(ConfigurationError) -> Item? {
        guard let value = json[key], !value.isNull else { return nil }
        return try read(ConfigurationReader(value, "\(subject)'s \(key)"))
    }

    func pairs(_ key: String) throws(ConfigurationError) -> [KeyValue] {
        try list(key) { pair throws(ConfigurationError) in
            KeyValue(key: try pair.text("key"), value: try pair.text("value"))
        }
    }

    func groups(_ key: String) throws(ConfigurationError) -> [WeightedGroup] {
        try list(key) { group throws(ConfigurationError) in
            WeightedGroup(serverGroup: try group.text("id"), weight: try group.number("weight"))
        }
    }
}

extension JSONValue {
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
    static func number(_ number: Int) -> JSONValue { .integer(Int64(number)) }
    static func duration(_ duration: Duration) -> JSONValue { .integer(duration.nanoseconds) }
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    static func optional(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }
    static func pairs(_ pairs: [KeyValue]) -> JSONValue {
        .array(pairs.map { ["key": .string($0.key), "value": .string($0.value)] })
    }
    static func groups(_ groups: [WeightedGroup]) -> JSONValue {
        .array(groups.map { ["id": .string($0.serverGroup), "weight": .number($0.weight)] })
    }
}
