// SPDX-License-Identifier: Apache-2.0
import JSON

/// A tag.
struct Tag: Sendable, Hashable {
    var key: String
    var value: String
}

/// Names a resource.
struct ResourceKey: Sendable, Hashable {
    let kind: ResourceKind
    let id: String
}

/// Something in the account: columns that calls look things up by, and a document as calls show it.
struct Resource: Sendable, Equatable {
    let kind: ResourceKind
    let id: String
    /// The order of creation, over all kinds.
    let serial: Int64
    /// The id of what it belongs to, or empty.
    var parent = ""
    /// One of the states of its kind, or empty.
    var status = ""
    /// What calls show, status and tags left out.
    var document: JSONObject
    /// What calls don't show: a private key, a configuration version.
    var hidden: JSONObject = [:]
    var tags: [Tag] = []

    var key: ResourceKey { ResourceKey(kind: kind, id: id) }

    /// The document with its status.
    var row: JSONObject {
        var row = document
        row[kind.statusMember] = .string(status)
        return row
    }

    /// The document with its status and its tags.
    var taggedRow: JSONObject {
        var row = row
        row["Tags"] = .array(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
        return row
    }

    /// True when it has a tag for each of the filters; a filter without a value takes any.
    func matches(_ filters: [(key: String, value: String?)]) -> Bool {
        filters.allSatisfy { filter in
            tags.contains { $0.key == filter.key && (filter.value == nil || $0.value == filter.value) }
        }
    }

    /// The ids of resources that this one names in its document, each once; see `ResourceKind.hasReferences`.
    var references: [String] {
        var found: [String] = []
        func add(_ id: String) {
            if !id.isEmpty, !found.contains(id) { found.append(id) }
        }
        func addGroups(_ actions: [JSONObject]) {
            for action in actions {
                let groups =
                    action.object("ForwardGroupConfig").objects("ServerGroupTuples")
                    + action.object("TrafficMirrorConfig").object("MirrorGroupConfig").objects(
                        "ServerGroupTuples"
                    )
                for group in groups { add(group.text("ServerGroupId")) }
            }
        }
        switch kind {
        case .listener:
            addGroups(document.objects("DefaultActions"))
            add(document.text("SecurityPolicyId"))
            add(document.object("QuicConfig").text("QuicListenerId"))
        case .rule: addGroups(document.objects("RuleActions"))
        case .aclRelation: add(document.text("AclId"))
        case .listenerCertificate: add(document.text("CertificateId"))
        case .loadBalancer:
            for zone in document.objects("ZoneMappings") { add(zone.text("VSwitchId")) }
        default: break
        }
        return found
    }
}

extension ResourceKind {
    /// True for kinds whose documents name other resources.
    var hasReferences: Bool {
        switch self {
        case .listener, .rule, .aclRelation, .listenerCertificate, .loadBalancer: true
        default: false
        }
    }
}
