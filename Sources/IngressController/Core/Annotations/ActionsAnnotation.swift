// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Reads `actions.<service>`: a JSON list of `{"type": T, "<T>Config": {...}}`.
///
/// - Source: the product's page on custom actions and the open-source reader; documented.
struct ActionsAnnotation {
    /// A Service that a forward action names; its server group belongs to the Ingress.
    struct ServiceReference: Sendable, Hashable {
        var service: String
        var port: String
    }

    private let key: String
    private let text: String
    private let profile: Profile
    /// Gives the server group's name for a Service.
    private let group: (ServiceReference) -> String

    /// The actions in the order in which they are written.
    ///
    /// - Parameters:
    ///   - key: The annotation's key, for messages.
    ///   - text: Its value.
    ///   - profile: Who reads.
    ///   - group: Called for every Service that is named; gives the server group's name.
    /// - Returns: The actions in the annotation's order.
    /// - Throws: `BuildError` that says what was expected.
    static func parse(
        key: String,
        _ text: String,
        profile: Profile,
        group: (ServiceReference) -> String
    ) throws(BuildError) -> [RuleAction] {
        try withoutActuallyEscaping(group) { group throws(BuildError) in
            let reader = ActionsAnnotation(key: key, text: text, profile: profile, group: group)
            guard let items = (try? JSONValue(parsing: text))?.arrayValue, !items.isEmpty else {
                throw reader.wrong("a JSON list of actions")
            }
            var actions: [RuleAction] = []
            for item in items { actions.append(try reader.action(item)) }
            return actions
        }
    }

    private func action(_ item: JSONValue) throws(BuildError) -> RuleAction {
        guard let type = item.member("type")?.stringValue else { throw wrong("a type in each action") }
        let configKey = type.lowercased() == "forwardgroup" ? "ForwardConfig" : type + "Config"
        guard let config = item.member(configKey) ?? item.member(type + "Config"), config.objectValue != nil
        else {
            throw wrong("an object \(configKey) beside the type \(type)")
        }
        switch type.lowercased() {
        case "fixedresponse": return try fixedResponse(config)
        case "redirect": return try redirect(config)
        case "insertheader":
            return .insertHeader(
                key: try name(config, "key", type),
                value: try name(config, "value", type),
                valueType: config.member("valueType")?.stringValue ?? "UserDefined"
            )
        case "removeheader": return .removeHeader(key: try name(config, "key", type))
        case "trafficlimit": return try trafficLimit(config)
        case "trafficmirror": return .mirror(try mirrored(config))
        case "rewrite":
            return .rewrite(
                host: try optional(config, "host") ?? "${host}",
                path: try optional(config, "path") ?? "${path}",
                query: try optional(config, "query") ?? "${query}"
            )
        case "forwardgroup": return try forward(config)
        case "cors": return try cors(config)
        default:
            throw wrong(
                "a type FixedResponse, Redirect, InsertHeader, RemoveHeader, TrafficLimit, TrafficMirror, Rewrite,"
                    + " Cors or ForwardGroup, not \(type)"
            )
        }
    }

    private func fixedResponse(_ config: JSONValue) throws(BuildError) -> RuleAction {
        guard let status = config.member("httpCode")?.wholeNumber, (200...599).contains(status) else {
            throw wrong("an httpCode of three digits for FixedResponse")
        }
        return .fixedResponse(
            status: status,
            contentType: try optional(config, "contentType") ?? "text/plain",
            content: config.member("content")?.plainText ?? ""
        )
    }

    private func redirect(_ config: JSONValue) throws(BuildError) -> RuleAction {
        var target = RedirectTarget()
        target.scheme = try optional(config, "protocol") ?? target.scheme
        target.host = try optional(config, "host") ?? target.host
        target.port = try optional(config, "port") ?? target.port
        target.path = try optional(config, "path") ?? target.path
        target.query = try optional(config, "query") ?? target.query
        if let code = config.member("httpCode") {
            guard let status = code.wholeNumber, [301, 302, 303, 307, 308].contains(status) else {
                throw wrong("an httpCode 301, 302, 303, 307 or 308 for Redirect")
            }
            target.status = status
        }
        if target.scheme.lowercased() == "http" || target.scheme.lowercased() == "https" {
            target.scheme = target.scheme.uppercased()
        }
        if profile.kind == .managed, target == RedirectTarget(status: target.status) {
            throw wrong("a Redirect that differs from the request in some part")
        }
        return .redirect(target)
    }

    private func trafficLimit(_ config: JSONValue) throws(BuildError) -> RuleAction {
        let qps = config.member("QPS"), perIP = config.member("QPSPerIp") ?? config.member("PerIpQps")
        for value in [qps, perIP] {
            if let value, (value.wholeNumber ?? 0) < 1 { throw wrong("a QPS and QPSPerIp of at least 1") }
        }
        guard qps != nil || perIP != nil else { throw wrong("a QPS or QPSPerIp for TrafficLimit") }
        return .trafficLimit(qps: qps?.wholeNumber, perIPQPS: perIP?.wholeNumber)
    }

    private func mirrored(_ config: JSONValue) throws(BuildError) -> [WeightedGroup] {
        let tuples = config.member("mirrorGroupConfig")?.member("serverGroupTuples")?.arrayValue ?? []
        guard !tuples.isEmpty else { throw wrong("serverGroupTuples for TrafficMirror") }
        var groups: [WeightedGroup] = []
        for tuple in tuples {
            groups.append(
                WeightedGroup(
                    serverGroup: try name(tuple, "serverGroupID", "TrafficMirror"),
                    weight: tuple.member("weight")?.wholeNumber ?? 100
                )
            )
        }
        return groups
    }

    private func forward(_ config: JSONValue) throws(BuildError) -> RuleAction {
        guard let entries = config.member("ServerGroups")?.arrayValue, !entries.isEmpty else {
            throw wrong("ServerGroups for ForwardGroup")
        }
        if profile.kind == .managed, entries.count > 5 { throw wrong("at most 5 ServerGroups") }
        var groups: [WeightedGroup] = []
        for entry in entries {
            let weight = entry.member("Weight")?.wholeNumber ?? 100
            guard (0...100).contains(weight) || profile.kind == .oss else {
                throw wrong("a Weight from 0 to 100")
            }
            groups.append(WeightedGroup(serverGroup: try serverGroup(entry), weight: weight))
        }
        let sticky = config.member("ServerGroupStickySession")
        let isSticky = profile.kind == .managed && sticky?.member("enabled")?.truth ?? false
        return .forward(
            groups,
            stickySeconds: isSticky ? sticky?.member("timeout")?.wholeNumber ?? 1000 : nil
        )
    }

    private func serverGroup(_ entry: JSONValue) throws(BuildError) -> String {
        if let id = entry.member("ServerGroupID")?.stringValue, !id.isEmpty {
            guard ConditionsAnnotation.isPlain(id) else { throw wrong("a server group's id") }
            return id
        }
        let service = try name(entry, "ServiceName", "ForwardGroup")
        guard let port = entry.member("ServicePort")?.plainText, !port.isEmpty else {
            throw wrong("a ServicePort beside the ServiceName \(service)")
        }
        return group(ServiceReference(service: service, port: port))
    }

    private func cors(_ config: JSONValue) throws(BuildError) -> RuleAction {
        func list(_ name: String) -> [String]? {
            guard let value = config.member(name) else { return nil }
            return value.texts ?? value.stringValue.map(AnnotationForm.parts)
        }
        let cors = CORSSettings.defaults
        let credentials = config.member("allowCredentials")?.plainText
        return .cors(
            CORSConfiguration(
                allowOrigin: list("allowOrigin") ?? cors.allowOrigin,
                allowMethods: list("allowMethods") ?? cors.allowMethods,
                allowHeaders: list("allowHeaders") ?? cors.allowHeaders,
                exposeHeaders: list("exposeHeaders") ?? [],
                allowCredentials: credentials != "off" && credentials != "false",
                maxAge: config.member("maxAge")?.wholeNumber ?? cors.maxAge
            )
        )
    }

    private func name(_ config: JSONValue, _ member: String, _ type: String) throws(BuildError) -> String {
        guard let text = try optional(config, member) else { throw wrong("\(member) for \(type)") }
        return text
    }

    private func optional(_ config: JSONValue, _ member: String) throws(BuildError) -> String? {
        guard let text = config.member(member)?.plainText, !text.isEmpty else { return nil }
        guard ConditionsAnnotation.isPlain(text) else { throw wrong("\(member) without control characters") }
        return text
    }

    private func wrong(_ expected: String) -> BuildError {
        BuildError(Annotations.sentence(key: key, value: text, expected: expected))
    }
}
