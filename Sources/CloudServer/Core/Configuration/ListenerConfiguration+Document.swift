// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

extension ListenerConfiguration {
    /// Reads a listener as the data plane needs it, without its rules.
    ///
    /// - Returns: nil for a listener that has no forwarding action, which the API does not let happen.
    init?(
        _ listener: Resource,
        certificates: [ListenerCertificate],
        clientAuthority: CertificateChain?,
        securityPolicy: SecurityPolicy?,
        accessControl: AccessControl?,
        quicUpgradePort: Int?
    ) {
        let document = listener.document
        guard let listenerProtocol = ListenerProtocol(rawValue: document.text("ListenerProtocol")),
            let defaultAction = document.objects("DefaultActions").first.flatMap(RuleAction.init(document:))
        else { return nil }
        self.init(
            id: listener.id,
            listenerProtocol: listenerProtocol,
            port: document.number("ListenerPort") ?? 0,
            certificates: certificates,
            clientAuthority: clientAuthority,
            securityPolicy: securityPolicy,
            isHTTP2Enabled: document["Http2Enabled"]?.boolValue ?? (listenerProtocol == .https),
            isGzipEnabled: document["GzipEnabled"]?.boolValue ?? true,
            idleTimeout: .seconds(document.number("IdleTimeout") ?? 15),
            requestTimeout: .seconds(document.number("RequestTimeout") ?? 60),
            defaultAction: defaultAction,
            forwardedHeaders: ForwardedHeaders(document.object("XForwardedForConfig")),
            accessControl: accessControl,
            quicUpgradePort: quicUpgradePort
        )
    }
}

extension ForwardedHeaders {
    private static let prefix = "XForwardedFor"

    fileprivate init(_ config: JSONObject) {
        var flags: Set<String> = []
        var aliases: [String: String] = [:]
        for member in config.members where member.key.hasPrefix(Self.prefix) {
            let name = member.key.dropFirst(Self.prefix.count)
            if name.hasSuffix("Enabled"), name != "Enabled", member.value.boolValue == true {
                flags.insert(String(name.dropLast("Enabled".count)))
            } else if name.hasSuffix("Alias"), let alias = member.value.stringValue {
                aliases[String(name.dropLast("Alias".count))] = alias
            }
        }
        let isOn = config["XForwardedForEnabled"]?.boolValue ?? true
        self.init(
            forwardedFor: isOn ? config.optionalText("XForwardedForProcessingMode") ?? "append" : nil,
            flags: flags,
            aliases: aliases,
            trustedSources: config.text("XForwardedForClientSourceIpsTrusted")
                .split { $0 == ";" || $0 == "," || $0 == " " }.map(String.init)
        )
    }
}
