// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// A listener of an AlbConfig.
struct ListenerSpec: Sendable, Hashable {
    var port: ListenerPort
    /// Members of CreateListener.
    var attributes: JSONObject
    /// Certificates that the AlbConfig lists, the default first.
    var certificates: [String]
    /// How many certificates count as default ones: the first, and others with the mark where that is believed.
    var defaultMarks = 1
    /// The certificate that must be the default.
    var defaultCertificate: DefaultCertificate?
    var accessList: AccessList?
    var logging: JSONObject?

    /// An explicit default certificate.
    enum DefaultCertificate: Sendable, Hashable {
        case existing(String)
        case secret(ObjectKey)
    }
}

/// Reads one entry of `spec.listeners`.
struct ListenerSpecReader {
    private let json: JSONValue
    private let loadBalancerName: String
    private let profile: Profile

    /// The listener.
    ///
    /// - Throws: What is wrong with the entry.
    static func read(
        _ json: JSONValue,
        loadBalancerName: String,
        profile: Profile
    ) throws(BuildError) -> ListenerSpec {
        let reader = ListenerSpecReader(json: json, loadBalancerName: loadBalancerName, profile: profile)
        return try reader.read()
    }

    private func read() throws(BuildError) -> ListenerSpec {
        let port = try readPort()
        var attributes: JSONObject = [:]
        for row in ListenerField.table where !row.isHTTPSOnly || port.listenerProtocol == .https {
            attributes[row.member] = try value(row, port)
        }
        let description = field(json, "description")?.stringValue ?? ""
        attributes["ListenerDescription"] =
            .string(description.isEmpty ? "\(ResourceNames.listenerDescription)-\(port.port)" : description)
        attributes["XForwardedForConfig"] = .object(forwarded())
        if port.listenerProtocol == .https {
            attributes["QuicConfig"] = quic()
            readMutualTLS(into: &attributes)
        }
        return ListenerSpec(
            port: port,
            attributes: attributes,
            certificates: try certificates(),
            defaultMarks: defaultMarks(),
            defaultCertificate: defaultCertificate(),
            accessList: try accessList(port),
            logging: logging()
        )
    }

    private func field(_ json: JSONValue, _ name: String) -> JSONValue? {
        let found = profile.kind == .managed ? json.member(name) : json[name]
        // Not by a closure: there `nil` would be the value null.
        guard let found, !found.isNull else { return Optional.none }
        return found
    }

    private func readPort() throws(BuildError) -> ListenerPort {
        let written = field(json, "port")
        var number = 80
        if let written {
            guard let found = written.wholeNumber, (0...65_535).contains(found) else {
                throw BuildError("a listener's port must be from 1 to 65535, found \(written.text)")
            }
            number = found == 0 ? 80 : found
        }
        let text = field(json, "protocol").map { $0.stringValue ?? $0.text } ?? "HTTP"
        let word = profile.kind == .managed ? text.uppercased() : text
        guard let listenerProtocol = ListenerProtocol(rawValue: word.isEmpty ? "HTTP" : word) else {
            throw BuildError("the protocol of listener \(number) must be HTTP, HTTPS or QUIC, found \(text)")
        }
        return ListenerPort(number, listenerProtocol)
    }

    private func value(_ row: ListenerField, _ port: ListenerPort) throws(BuildError) -> JSONValue {
        let written = field(json, row.field)
        switch row.form {
        case .seconds(let managed, let oss, let otherwise):
            let range = profile.kind == .managed ? managed : oss
            guard let written, written != 0 else { return .integer(Int64(otherwise)) }
            guard let number = written.wholeNumber, range.contains(number) else {
                throw BuildError(
                    "\(row.field) of listener \(port) must be from \(range.lowerBound) to \(range.upperBound)"
                        + " seconds, found \(written.text)"
                )
            }
            return .integer(Int64(number))
        case .flag(let otherwise):
            if row.field == "http2Enabled", written != nil, profile.has(.http2TrueDisables) { return false }
            return .bool(written?.truth ?? otherwise)
        case .text(let otherwise):
            let text = written?.stringValue ?? ""
            return .string(text.isEmpty ? otherwise : text)
        }
    }

    private func forwarded() -> JSONObject {
        let config = field(json, "xForwardedForConfig") ?? [:]
        let isManaged = profile.kind == .managed
        var members: JSONObject = [:]
        let flags = ListenerField.forwardedFlags + (isManaged ? ListenerField.forwardedManagedFlags : [])
        for name in flags { members[name] = .bool(field(config, name)?.truth ?? false) }
        let texts = ListenerField.forwardedAliases + (isManaged ? ListenerField.forwardedManagedTexts : [])
        for name in texts {
            let isSubject = name == "XForwardedForClientCertSubjectDNAlias"
            let source =
                isSubject && profile.has(.subjectAliasIsIssuerAlias)
                ? "XForwardedForClientCertIssuerDNAlias" : name
            if let text = field(config, source)?.stringValue, !text.isEmpty { members[name] = .string(text) }
        }
        return members
    }

    private func quic() -> JSONValue {
        let config = field(json, "quicConfig") ?? [:]
        var quic: JSONObject = [
            "QuicUpgradeEnabled": .bool(field(config, "quicUpgradeEnabled")?.truth ?? false)
        ]
        if let id = field(config, "quicListenerId")?.stringValue, !id.isEmpty {
            quic["QuicListenerId"] = .string(id)
        }
        return .object(quic)
    }

    private func readMutualTLS(into attributes: inout JSONObject) {
        let ids = (field(json, "caCertificates")?.arrayValue ?? []).compactMap(certificateID)
        if profile.kind == .managed {
            attributes["CaEnabled"] = .bool(field(json, "caEnabled")?.truth ?? false)
        }
        if !ids.isEmpty { attributes["CaCertificates"] = .array(ids.map { ["CertificateId": .string($0)] }) }
    }

    private func certificateID(_ entry: JSONValue) -> String? {
        entry.member("CertificateId")?.plainText.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func certificates() throws(BuildError) -> [String] {
        let entries = field(json, "certificates")?.arrayValue ?? []
        let isDefault = { (entry: JSONValue) in entry.member("IsDefault")?.truth ?? false }
        let sorted =
            profile.has(.twoDefaultCertificates)
            ? entries : entries.filter(isDefault) + entries.filter { !isDefault($0) }
        var ids: [String] = []
        for id in sorted.compactMap(certificateID) where !ids.contains(id) { ids.append(id) }
        return ids
    }

    /// Upstream makes the first one the default, and leaves the marks of others as they are.
    private func defaultMarks() -> Int {
        guard profile.has(.twoDefaultCertificates) else { return 1 }
        let entries = field(json, "certificates")?.arrayValue ?? []
        return 1 + entries.dropFirst().count { $0.member("IsDefault")?.truth ?? false }
    }

    private func defaultCertificate() -> ListenerSpec.DefaultCertificate? {
        guard profile.kind == .managed, let entry = field(json, "defaultCertificate") else { return nil }
        if field(entry, "kind")?.stringValue?.lowercased() == "secret" {
            guard let name = field(entry, "name")?.stringValue, !name.isEmpty else { return nil }
            return .secret(
                ObjectKey(namespace: field(entry, "namespace")?.stringValue ?? "default", name: name)
            )
        }
        return certificateID(entry).map { .existing($0) }
    }

    private func accessList(_ port: ListenerPort) throws(BuildError) -> AccessList? {
        guard let config = field(json, "aclConfig"), let type = field(config, "aclType")?.stringValue,
            type == "White" || type == "Black"
        else { return nil }
        let entries = field(config, "aclEntries")?.texts ?? [], ids = field(config, "aclIds")?.texts ?? []
        if !entries.isEmpty, !ids.isEmpty {
            throw BuildError("aclConfig of listener \(port) takes aclEntries or aclIds, found both")
        }
        let written = field(config, "aclName")?.stringValue ?? ""
        if !entries.isEmpty {
            let name = written.isEmpty ? "acl-\(loadBalancerName)-\(port.port)" : written
            return AccessList(type: type, source: .entries(name: name, entries))
        }
        return AccessList(type: type, source: .ids(ids))
    }

    private func logging() -> JSONObject? {
        guard profile.kind == .managed, let config = field(json, "logConfig") else { return nil }
        var members: JSONObject = [
            "AccessLogRecordCustomizedHeadersEnabled":
                .bool(field(config, "accessLogRecordCustomizedHeadersEnabled")?.truth ?? false)
        ]
        if let tracing = field(config, "accessLogTracingConfig") {
            var fields: JSONObject = [
                "TracingEnabled": .bool(field(tracing, "tracingEnabled")?.truth ?? false)
            ]
            if let sample = field(tracing, "tracingSample")?.wholeNumber, sample > 0 {
                fields["TracingSample"] = .integer(Int64(sample))
            }
            if let type = field(tracing, "tracingType")?.stringValue, !type.isEmpty {
                fields["TracingType"] = .string(type)
            }
            members["AccessLogTracingConfig"] = .object(fields)
        }
        return members
    }
}
