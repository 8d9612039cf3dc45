// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

extension CloudListener {
    /// Reads a row of ListListeners; nil for one that no controller could have made.
    init?(_ row: JSONValue) {
        guard let object = row.objectValue, let id = row["ListenerId"]?.stringValue,
            let number = row["ListenerPort"]?.wholeNumber,
            let listenerProtocol = ListenerProtocol(
                rawValue: row["ListenerProtocol"]?.stringValue?.uppercased() ?? ""
            )
        else { return nil }
        self.init(id: id, port: ListenerPort(number, listenerProtocol), attributes: object)
    }
}

extension CloudCertificate {
    /// Reads a row of ListListenerCertificates; nil for a CA.
    init?(_ row: JSONValue) {
        guard let id = row["CertificateId"]?.plainText, row["CertificateType"]?.stringValue != "Ca",
            row["Status"]?.stringValue != "Dissociating"
        else { return nil }
        self.init(id: id, isDefault: row["IsDefault"]?.truth ?? false)
    }
}

extension CloudServerGroup {
    /// Reads a row of ListServerGroups; nil without the resource tag.
    init?(_ row: JSONValue) {
        guard let object = row.objectValue, let id = row["ServerGroupId"]?.stringValue else { return nil }
        let tags = row["Tags"]?.arrayValue ?? []
        func tag(_ key: String) -> String? { tags.first { CloudTags.key($0) == key }.map(CloudTags.value) }
        guard let resource = tag(ResourceNames.resourceTag) else { return nil }
        var key: ServerGroupKey?
        if let namespace = tag(ResourceNames.serviceNamespaceTag),
            let ingress = tag(ResourceNames.ingressNameTag),
            let service = tag(ResourceNames.serviceNameTag), let port = tag(ResourceNames.servicePortTag)
        {
            key = ServerGroupKey(
                ingress: ObjectKey(namespace: namespace, name: ingress),
                service: service,
                port: port
            )
        }
        self.init(id: id, tag: ResourceNames.normalizedResourceTag(resource), key: key, attributes: object)
    }
}

extension CloudRule {
    /// Reads a row of ListRules; nil for one that cannot be understood.
    init?(_ row: JSONValue) {
        guard let id = row["RuleId"]?.stringValue, let priority = row["Priority"]?.wholeNumber else {
            return nil
        }
        let conditions = (row["RuleConditions"]?.arrayValue ?? []).map(RuleConditionWire.read)
        let actions = (row["RuleActions"]?.arrayValue ?? [])
            .sorted { ($0["Order"]?.wholeNumber ?? 0) < ($1["Order"]?.wholeNumber ?? 0) }.map(
                RuleActionWire.read
            )
        self.init(
            id: id,
            name: row["RuleName"]?.stringValue ?? "",
            priority: priority,
            direction: Rule.Direction(rawValue: row["Direction"]?.stringValue ?? "Request") ?? .request,
            // What is not understood is no condition of ours; an empty one never equals a wanted one.
            conditions: conditions.map { $0 ?? .path([]) },
            actions: actions.map { $0 ?? .removeHeader(key: "") }
        )
    }
}
