// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    func createAcl(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try resourceGroup(call)
        let tags = try tags(call.parameters)
        guard store.count(.acl) < account.quotas.acls else {
            throw CloudRefusal("QuotaExceeded.AclsNum", "The region has too many access control lists.")
        }
        let id = newID(.acl)
        mainResource = id
        add(
            .acl,
            id,
            tags: tags,
            [
                "AclId": .string(id), "AclName": call.parameters["AclName"] ?? .string(id),
                "AddressIPVersion": call.parameters["AddressIpVersion"] ?? "IPv4",
                "CreateTime": .string(call.now.rfc3339), "ResourceGroupId": .string(group),
            ]
        )
        var answer = begin(call, [Step(.create, .acl, id)])
        answer["AclId"] = .string(id)
        return answer
    }

    private func changeableList(
        _ call: Call,
        for operation: StageOperation = .change
    ) throws(CloudRefusal) -> Resource {
        let acl = try require(.acl, call.text("AclId"))
        try check(acl, allows: operation)
        return acl
    }

    /// Names are not unique, but a list may not be renamed to another's name.
    func updateAclAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let acl = try changeableList(call)
        let name = call.text("AclName")
        if store.all(.acl).contains(where: { $0.id != acl.id && $0.document.text("AclName") == name }) {
            throw CloudRefusal("Conflict.Acl", "Another access control list has that name.")
        }
        store.update(.acl, acl.id) { $0.document["AclName"] = .string(name) }
        return [:]
    }

    func deleteAcl(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let acl = try require(.acl, call.text("AclId"))
        if !store.referrers(of: acl.id).isEmpty { throw .inUse(.acl) }
        try check(acl, allows: .delete)
        return begin(call, [Step(.delete, .acl, acl.id)])
    }

    func addEntriesToAcl(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let acl = try changeableList(call)
        let entries = call.parameters.objects("AclEntries")
        var seen: Set<String> = []
        for entry in entries {
            let text = entry.text("Entry")
            if store[.aclEntry, "\(acl.id)/\(text)"] != nil || !seen.insert(text).inserted {
                throw CloudRefusal("ResourceAlreadyExist.AclEntry", "The entry is in the list already.")
            }
        }
        guard store.childCount(.aclEntry, of: acl.id) + entries.count <= account.quotas.entriesPerACL else {
            throw CloudRefusal("ResourceQuotaExceeded.AclEntriesNum", "The list would have too many entries.")
        }
        try checkEntries(added: entries.count, listeners: listeners(using: acl.id))
        let steps = entries.map { entry in
            let id = "\(acl.id)/\(entry.text("Entry"))"
            add(.aclEntry, id, parent: acl.id, entry)
            return Step(.create, .aclEntry, id)
        }
        return begin(call, steps + [Step(.change, .acl, acl.id)])
    }

    /// The listeners that a list is on.
    private func listeners(using acl: String) -> [String] {
        store.referrers(of: acl).compactMap { store[$0]?.parent }
    }

    private func entryCount(ofListener id: String) -> Int {
        store.children(.aclRelation, of: id).reduce(0) {
            $0 + store.childCount(.aclEntry, of: $1.document.text("AclId"))
        }
    }

    /// Refuses entries that would be too many for a listener or a load balancer.
    private func checkEntries(added: Int, listeners: [String]) throws(CloudRefusal) {
        var owners = OrderedNames()
        for id in listeners {
            guard entryCount(ofListener: id) + added <= account.quotas.aclEntriesPerListener else {
                throw CloudRefusal(
                    "ResourceQuotaExceeded.ListenerAclEntriesNum",
                    "A listener would have too many entries."
                )
            }
            owners.add(store[.listener, id]?.parent ?? "")
        }
        for owner in owners.names {
            let all = store.children(.listener, of: owner)
            let present = all.reduce(0) { $0 + entryCount(ofListener: $1.id) }
            let coming = all.count { listeners.contains($0.id) } * added
            guard present + coming <= account.quotas.aclEntriesPerLoadBalancer else {
                throw CloudRefusal(
                    "ResourceQuotaExceeded.LoadBalancerAclEntriesNum",
                    "A load balancer would have too many entries."
                )
            }
        }
    }

    func removeEntriesFromAcl(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let acl = try changeableList(call)
        var steps: [Step] = []
        for entry in OrderedNames(call.parameters.texts("Entries")).names {
            guard let found = store[.aclEntry, "\(acl.id)/\(entry)"] else { throw .notFound(.aclEntry) }
            steps.append(Step(.delete, .aclEntry, found.id))
        }
        return begin(call, steps + [Step(.change, .acl, acl.id)])
    }

    /// - Source: what is refused is documented; that a second association of a list is `ResourceInUse.Acl`
    ///   is assumed.
    func associateAcls(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, loadBalancer) = try requireListener(call.text("ListenerId"))
        if listener.document.text("ListenerProtocol") == "QUIC" {
            throw .denied("AclNotSupport", "The listener's protocol has no access control.")
        }
        if loadBalancer.document["SecurityGroupIds"] != nil {
            throw .denied(
                "LoadBalancerJoinedSecurityGroupNotSupportAcl",
                "The load balancer is in a security group."
            )
        }
        let present = store.children(.aclRelation, of: listener.id)
        if let first = present.first, first.document.text("AclType") != call.text("AclType") {
            throw .denied("AclNotSupport", "The listener has lists of the other type.")
        }
        let ids = OrderedNames(call.parameters.texts("AclIds")).names
        for id in ids {
            guard let acl = store[.acl, id] else { throw .notFound(.acl) }
            try check(acl, allows: .change)
            if store[.aclRelation, "\(listener.id)/\(id)"] != nil { throw .inUse(.acl) }
        }
        guard present.count + ids.count <= account.quotas.aclsPerListener else {
            throw CloudRefusal("QuotaExceeded.AclsNum", "The listener would have too many lists.")
        }
        for id in ids where store.referrers(of: id).count >= account.quotas.listenersPerACL {
            throw CloudRefusal("ResourceQuotaExceeded.AclAttachedNum", "The list is on too many listeners.")
        }
        let added = ids.reduce(0) { $0 + store.childCount(.aclEntry, of: $1) }
        try checkEntries(added: added, listeners: [listener.id])
        let steps = ids.map { id in
            let relation = "\(listener.id)/\(id)"
            add(
                .aclRelation,
                relation,
                parent: listener.id,
                ["AclId": .string(id), "AclType": .string(call.text("AclType"))]
            )
            return Step(.create, .aclRelation, relation)
        }
        return begin(call, steps + [Step(.change, .listener, listener.id)])
    }

    func dissociateAcls(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, _) = try requireListener(call.text("ListenerId"))
        var steps: [Step] = []
        for id in OrderedNames(call.parameters.texts("AclIds")).names {
            guard let relation = store[.aclRelation, "\(listener.id)/\(id)"] else {
                throw CloudRefusal("ResourceNotAssociated.Acl", "The list is not on the listener.")
            }
            steps.append(Step(.delete, .aclRelation, relation.id))
        }
        return begin(call, steps + [Step(.change, .listener, listener.id)])
    }

    func listAcls(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        let rows = candidates(.acl, call, ids: "AclIds").filter { row in
            row.matches(tags) && call.passes("AclNames", row.document.text("AclName"))
                && call.equals("ResourceGroupId", row.document.text("ResourceGroupId"))
                && call.equals("AddressIPVersion", row.document.text("AddressIPVersion"))
        }
        return try page(call, rows, "Acls")
    }

    func listAclEntries(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let acl = try require(.acl, call.text("AclId"))
        shown.append(acl.key)
        return try page(call, store.children(.aclEntry, of: acl.id), "AclEntries", show: \.row)
    }

    /// One row for each list asked for, also for one without relations: the ingress controller reads the first.
    func listAclRelations(_ call: Call) throws(CloudRefusal) -> JSONObject {
        var rows: [JSONValue] = []
        for id in call.parameters.texts("AclIds") {
            let acl = try require(.acl, id)
            let listeners = store.referrers(of: acl.id).compactMap { relation -> JSONValue? in
                guard let row = store[relation], let listener = store[.listener, row.parent] else {
                    return nil
                }
                var shown = listener.document.keeping([
                    "ListenerId", "ListenerPort", "ListenerProtocol", "LoadBalancerId",
                ])
                shown["Status"] = .string(row.status)
                return .object(shown)
            }
            rows.append(["AclId": .string(id), "RelatedListeners": .array(listeners)])
        }
        return ["AclRelations": .array(rows)]
    }
}
