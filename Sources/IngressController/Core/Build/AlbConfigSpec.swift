// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// An AlbConfig, read.
///
/// - Source: the product's page on AlbConfig fields; documented.
struct AlbConfigSpec: Sendable {
    let name: String
    /// nil when the object has no `spec.config`.
    let loadBalancer: LoadBalancer?
    /// By port; of two entries for one port the last counts.
    let listeners: [ListenerSpec]
    let problems: [Problem]
    /// What its status said last.
    let status: Status

    /// The ids that an earlier pass wrote down.
    struct Status: Sendable, Hashable {
        var id = ""
        var dnsName = ""
        var certificates: [String] = []
    }

    init(_ object: KubernetesObject, context: BuildContext) {
        name = object.name
        let spec = object["spec"] ?? [:]
        status = Self.status(object)
        guard let config = spec["config"], config.objectValue != nil else {
            loadBalancer = nil
            listeners = []
            problems = [Problem(.albConfig(object.name), .listenerFails, "spec.config is missing")]
            return
        }
        var problems: [Problem] = []
        let loadBalancer = Self.loadBalancer(config, name: object.name, context: context, &problems)
        self.loadBalancer = loadBalancer
        var byPort: [ListenerPort: ListenerSpec] = [:]
        for entry in spec["listeners"]?.arrayValue ?? [] where entry.objectValue != nil {
            do throws(BuildError) {
                let listener = try ListenerSpecReader.read(
                    entry,
                    loadBalancerName: loadBalancer.name,
                    profile: context.profile
                )
                if let other = byPort.keys.sorted().first(where: { $0.collides(with: listener.port) }) {
                    throw BuildError("listeners \(other) and \(listener.port) cannot share a port")
                }
                byPort[listener.port] = listener
            } catch {
                problems.append(Problem(.albConfig(object.name), .listenerFails, error.message))
            }
        }
        listeners = byPort.values.sorted { $0.port < $1.port }
        if context.profile.kind == .managed {
            problems += AlbConfigForm.mistakes(in: spec).map { Problem(.albConfig(object.name), .none, $0) }
        }
        self.problems = problems
    }

    private static func status(_ object: KubernetesObject) -> Status {
        let json = object[path: "status", "loadBalancer"]
        let certificates = (json?["listeners"]?.arrayValue ?? []).flatMap {
            $0["certificates"]?.arrayValue ?? []
        }
        return Status(
            id: json?["id"]?.stringValue ?? "",
            dnsName: json?["dnsname"]?.stringValue ?? "",
            certificates: certificates.compactMap { $0["certificateId"]?.stringValue }
        )
    }

    private static func loadBalancer(
        _ config: JSONValue,
        name: String,
        context: BuildContext,
        _ problems: inout [Problem]
    ) -> LoadBalancer {
        let reader = ConfigReader(config: config, isCaseInsensitive: context.profile.kind == .managed)
        for (field, allowed) in reader.mistakes {
            problems.append(Problem(.albConfig(name), .none, "spec.config.\(field) must be \(allowed)"))
        }
        let written = reader.text("name", "")
        return LoadBalancer(
            id: reader.text("id", ""),
            name: written.isEmpty
                ? ResourceNames.loadBalancer(cluster: context.cluster, albConfig: name) : written,
            addressType: reader.word("addressType", ["Internet", "Intranet"]),
            addressAllocatedMode: reader.word("addressAllocatedMode", ["Dynamic", "Fixed"]),
            addressIPVersion: reader.word("addressIpVersion", ["IPv4", "DualStack"]),
            ipv6AddressType: reader.word("ipv6AddressType", ["Intranet", "Internet"]),
            edition: reader.word("edition", ["Standard", "Basic", "StandardWithWaf"]),
            resourceGroup: reader.text("resourceGroupId", ""),
            bandwidthPackage: reader.bandwidthPackage,
            zones: reader.zones(context.profile),
            accessLog: reader.accessLog,
            tags: reader.tags,
            overridesAttributes: reader.value("forceOverride")?.truth ?? false,
            overridesListeners: reader.value("listenerForceOverride")?.truth ?? false
        )
    }
}

/// Reads the fields of `spec.config`.
private struct ConfigReader {
    let config: JSONValue
    let isCaseInsensitive: Bool

    /// The fields that take one of some words; the first word is the default.
    private static let words: [(field: String, words: [String])] = [
        ("addressType", ["Internet", "Intranet"]), ("addressAllocatedMode", ["Dynamic", "Fixed"]),
        ("addressIpVersion", ["IPv4", "DualStack"]), ("ipv6AddressType", ["Intranet", "Internet"]),
        ("edition", ["Standard", "Basic", "StandardWithWaf"]),
    ]

    var mistakes: [(field: String, allowed: String)] {
        Self.words.compactMap { field, words in
            let text = text(field, "")
            let isKnown = text.isEmpty || words.contains { $0.lowercased() == text.lowercased() }
            return isKnown ? nil : (field, "\(words.joined(separator: ", ")), found \(text)")
        }
    }

    func value(_ field: String, in object: JSONValue? = nil) -> JSONValue? {
        let object = object ?? config
        let found = isCaseInsensitive ? object.member(field) : object[field]
        // Not by a closure: there `nil` would be the value null.
        guard let found, !found.isNull else { return Optional.none }
        return found
    }

    func text(_ field: String, _ otherwise: String, in object: JSONValue? = nil) -> String {
        let text = value(field, in: object)?.plainText ?? ""
        return text.isEmpty ? otherwise : text
    }

    func word(_ field: String, _ words: [String]) -> String {
        let text = text(field, words[0])
        return words.first { $0.lowercased() == text.lowercased() } ?? words[0]
    }

    var bandwidthPackage: String {
        guard let billing = value("billingConfig") else { return "" }
        return text("bandWidthPackageId", "", in: billing)
    }

    func zones(_ profile: Profile) -> [LoadBalancer.Zone] {
        (value("zoneMappings")?.arrayValue ?? []).map { entry in
            LoadBalancer.Zone(
                vSwitch: text("vSwitchId", "", in: entry),
                zone: text("zoneId", "", in: entry),
                allocation: profile.kind == .managed ? text("allocationId", "", in: entry) : "",
                eipType: profile.kind == .managed ? text("eipType", "", in: entry) : ""
            )
        }
    }

    var accessLog: LoadBalancer.AccessLog? {
        guard let log = value("accessLogConfig") else { return nil }
        let project = text("logProject", "", in: log), store = text("logStore", "", in: log)
        return project.isEmpty || store.isEmpty ? nil : LoadBalancer.AccessLog(project: project, store: store)
    }

    var tags: [Tag] {
        (value("tags")?.arrayValue ?? []).map { entry in
            Tag(key: text("key", "", in: entry), value: text("value", "", in: entry))
        }.filter { !$0.key.isEmpty }
    }
}
