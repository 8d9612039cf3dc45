// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
public import JSON
import Ports

extension ListenerConfiguration {
    /// The listener as run files keep it: certificates without their private keys.
    public var json: JSONValue {
        [
            "id": .string(id), "protocol": .string(listenerProtocol.rawValue), "port": .number(port),
            "certificates": .array(
                certificates.map {
                    ["id": .string($0.id), "chain": $0.chain.json, "isDefault": .bool($0.isDefault)]
                }
            ),
            "clientAuthority": clientAuthority?.json ?? .null,
            "securityPolicy": securityPolicy.map {
                ["id": .string($0.id), "versions": .texts($0.versions), "ciphers": .texts($0.ciphers)]
            } ?? .null,
            "isHTTP2Enabled": .bool(isHTTP2Enabled), "isGzipEnabled": .bool(isGzipEnabled),
            "idleTimeout": .duration(idleTimeout), "requestTimeout": .duration(requestTimeout),
            "rules": .array(rules.map(\.json)), "responseRules": .array(responseRules.map(\.json)),
            "defaultAction": defaultAction.json, "forwardedHeaders": forwardedHeaders.json,
            "accessControl": accessControl.map {
                ["isWhiteList": .bool($0.isWhiteList), "entries": .texts($0.entries)]
            } ?? .null,
            "quicUpgradePort": .optional(quicUpgradePort),
        ]
    }

    /// Reads what `json` wrote; private keys are empty.
    ///
    /// - Throws: `ConfigurationError` when a member is missing or of another type.
    public init(json: JSONValue) throws(ConfigurationError) {
        let listener = ConfigurationReader(json, "listener")
        guard let listenerProtocol = ListenerProtocol(rawValue: try listener.text("protocol")) else {
            throw ConfigurationError(description: "the saved listener's protocol is unknown")
        }
        func rules(_ key: String) throws(ConfigurationError) -> [RuleConfiguration] {
            try listener.list(key) { rule throws(ConfigurationError) in try RuleConfiguration(rule) }
        }
        self.init(
            id: try listener.text("id"),
            listenerProtocol: listenerProtocol,
            port: try listener.number("port"),
            certificates: try listener.list("certificates") { item throws(ConfigurationError) in
                ListenerCertificate(
                    id: try item.text("id"),
                    chain: CertificateChain(json: item.json["chain"]),
                    privateKeyPEM: "",
                    isDefault: try item.flag("isDefault")
                )
            },
            clientAuthority: try listener.optional("clientAuthority") { item throws(ConfigurationError) in
                CertificateChain(json: item.json)
            },
            securityPolicy: try listener.optional("securityPolicy") { item throws(ConfigurationError) in
                SecurityPolicy(
                    id: try item.text("id"),
                    versions: try item.texts("versions"),
                    ciphers: try item.texts("ciphers")
                )
            },
            isHTTP2Enabled: try listener.flag("isHTTP2Enabled"),
            isGzipEnabled: try listener.flag("isGzipEnabled"),
            idleTimeout: try listener.duration("idleTimeout"),
            requestTimeout: try listener.duration("requestTimeout"),
            rules: try rules("rules"),
            responseRules: try rules("responseRules"),
            defaultAction: try RuleAction(
                ConfigurationReader(json["defaultAction"] ?? .null, "listener's default action")
            ),
            forwardedHeaders: try ForwardedHeaders(
                ConfigurationReader(json["forwardedHeaders"] ?? .null, "listener's forwarded headers")
            ),
            accessControl: try listener.optional("accessControl") { item throws(ConfigurationError) in
                AccessControl(
                    isWhiteList: try item.flag("isWhiteList"),
                    entries: try item.texts("entries")
                )
            },
            quicUpgradePort: json["quicUpgradePort"]?.intValue
        )
    }
}

extension ForwardedHeaders {
    fileprivate var json: JSONValue {
        [
            "forwardedFor": .optional(forwardedFor), "flags": .texts(flags.sorted()),
            "aliases": .object(
                JSONObject(aliases.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
            ),
            "trustedSources": .texts(trustedSources),
        ]
    }

    fileprivate init(_ headers: ConfigurationReader) throws(ConfigurationError) {
        var aliases: [String: String] = [:]
        for member in headers.json["aliases"]?.objectValue?.members ?? [] {
            aliases[member.key] = member.value.stringValue
        }
        self.init(
            forwardedFor: headers.json["forwardedFor"]?.stringValue,
            flags: Set(try headers.texts("flags")),
            aliases: aliases,
            trustedSources: try headers.texts("trustedSources")
        )
    }
}

extension CertificateChain {
    /// Each certificate in base64.
    fileprivate var json: JSONValue { .texts(der.map { Data($0).base64EncodedString() }) }

    fileprivate init(json: JSONValue?) {
        let texts = json?.arrayValue?.compactMap(\.stringValue) ?? []
        self.init(der: texts.compactMap { Data(base64Encoded: $0).map { Array($0) } })
    }
}
