// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

extension AccountState {
    /// A member as a call names it.
    private struct Member {
        let serverID: String
        let type: String
        let port: Int?
        /// Empty when neither the call nor the inventory tells it.
        var address: String
        var zone = ""
        let document: JSONObject

        /// What makes it the same member: server, address and port.
        func id(in group: String) -> String { "\(group)/\(serverID)/\(address)/\(port ?? 0)" }
    }

    /// - Source: identity, kinds and codes of members; documented. That a server is accepted without an
    ///   inventory that knows it is a choice of the account.
    private func member(_ item: JSONObject, group: Resource) throws(CloudRefusal) -> Member {
        let type = item.text("ServerType")
        let allowed: [String]
        switch group.document.text("ServerGroupType") {
        case "Ip": allowed = ["Ip"]
        case "Fc": allowed = ["Fc"]
        default: allowed = ["Ecs", "Eni", "Eci"]
        }
        guard allowed.contains(type) else {
            throw CloudRefusal("Mismatch.ServerType", "The group does not take servers of that type.")
        }
        if type == "Fc", item["Port"] != nil { throw .illegal("Port", "A function has no port.") }
        if type != "Fc", item["Port"] == nil { throw .missing("Port") }
        var member = Member(
            serverID: item.text("ServerId"),
            type: type,
            port: item.number("Port"),
            address: item.text("ServerIp"),
            document: item
        )
        switch type {
        case "Ip":
            guard IPv4Block.address(member.serverID[...]) != nil || member.serverID.contains(":") else {
                throw .illegal("ServerIp")
            }
            if member.address.isEmpty { member.address = member.serverID }
            guard member.address == member.serverID else { throw .illegal("ServerIp") }
        case "Eni" where member.address.isEmpty, "Eci" where member.address.isEmpty:
            throw .missing("ServerIp")
        default: break
        }
        try locate(&member)
        return member
    }

    /// An address that belongs to nobody (RFC 5737), for servers that are instances which are not there.
    ///
    /// - Source: assumed.
    private static let nobody = "192.0.2.1"

    /// Fills in a member's address and zone as far as the inventory or the switches tell.
    private func locate(_ member: inout Member) throws(CloudRefusal) {
        switch member.type {
        case "Ecs":
            let instance = instance(member.serverID)
            if let instance {
                if member.address.isEmpty { member.address = instance.address }
                member.zone = instance.zone
            } else if account.isInventoryBinding {
                throw CloudRefusal("ResourceNotFound.Ecs", "The specified instance does not exist.")
            } else if member.address.isEmpty {
                // An instance that is gone has its share of the requests, and nobody answers them.
                member.address = Self.nobody
            }
        case "Eni", "Eci":
            let interface = networkInterface(address: member.address)
            if let interface, interface.id == member.serverID {
                member.zone = interface.zone
            } else if account.isInventoryBinding {
                throw CloudRefusal(
                    "ResourceNotFound.\(member.type)",
                    "The specified interface does not exist."
                )
            }
        default: break
        }
        if member.zone.isEmpty, let address = IPv4Block.address(member.address[...]) {
            let home = store.all(.vSwitch).first {
                IPv4Block($0.document.text("CidrBlock"))?.contains(address) ?? false
            }
            member.zone = home?.document.text("ZoneId") ?? ""
        }
    }

    /// The members that a call names, each at most once.
    private func members(_ items: [JSONObject], group: Resource) throws(CloudRefusal) -> [Member] {
        var seen: Set<String> = []
        var members: [Member] = []
        for item in items {
            let member = try member(item, group: group)
            if !seen.insert(member.id(in: group.id)).inserted {
                throw CloudRefusal("DuplicatedParam.BackendServer", "A server is given twice.")
            }
            members.append(member)
        }
        return members
    }

    /// A group whose members may be changed now.
    private func changeableGroup(_ call: Call) throws(CloudRefusal) -> Resource {
        let group = try require(.serverGroup, call.text("ServerGroupId"))
        try check(group, allows: .change)
        return group
    }

    func addServersToServerGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try changeableGroup(call)
        let new = try members(call.parameters.objects("Servers"), group: group)
        try checkNew(new, in: group, leaving: 0)
        let steps = new.map { Step(.create, .server, addServer($0, to: group.id)) }
        return begin(call, steps + [Step(.change, .serverGroup, group.id)])
    }

    private func checkNew(_ new: [Member], in group: Resource, leaving: Int) throws(CloudRefusal) {
        for member in new where store[.server, member.id(in: group.id)] != nil {
            throw CloudRefusal("Conflict.BackendServer", "The server is in the group already.")
        }
        let added = new.count - leaving
        if group.document.text("ServerGroupType") == "Fc", store.childCount(.server, of: group.id) + added > 1
        {
            throw CloudRefusal("Mismatch.ServerType", "The group takes one function only.")
        }
        guard store.childCount(.server, of: group.id) + added <= account.quotas.serversPerGroup else {
            throw CloudRefusal(
                "ResourceQuotaExceeded.ServerAddedNum",
                "The group would have too many servers."
            )
        }
        try checkUses(of: new)
        for id in loadBalancers(using: group.id) {
            let edition = store[.loadBalancer, id]?.document.text("LoadBalancerEdition") ?? ""
            guard serverCount(ofLoadBalancer: id) + added <= account.quotas.serversPerLoadBalancer.of(edition)
            else {
                throw CloudRefusal(
                    "ResourceQuotaExceeded.LoadBalancerServersNum",
                    "A load balancer would have too many servers."
                )
            }
        }
    }

    /// Refuses servers that are in too many groups already.
    private func checkUses(of new: [Member]) throws(CloudRefusal) {
        // Nothing can be above the limit while there are fewer groups than that.
        guard store.count(.serverGroup) > account.quotas.groupsPerServer else { return }
        var uses: [String: Int] = [:]
        for server in store.all(.server) { uses[server.document.text("ServerId"), default: 0] += 1 }
        for member in new where uses[member.serverID] ?? 0 >= account.quotas.groupsPerServer {
            throw CloudRefusal("ResourceQuotaExceeded.ServerAddedNum", "The server is in too many groups.")
        }
    }

    func serverCount(ofLoadBalancer id: String) -> Int {
        var groups = OrderedNames()
        for listener in store.children(.listener, of: id) {
            for group in listener.references { groups.add(group) }
            for rule in store.children(.rule, of: listener.id) {
                for group in rule.references { groups.add(group) }
            }
        }
        return groups.names.reduce(0) { $0 + store.childCount(.server, of: $1) }
    }

    private func addServer(_ member: Member, to group: String) -> String {
        let id = member.id(in: group)
        var document = member.document
        document["ServerGroupId"] = .string(group)
        if !member.address.isEmpty { document["ServerIp"] = .string(member.address) }
        if document["Weight"] == nil { document["Weight"] = 100 }
        add(.server, id, parent: group, hidden: ["Zone": .string(member.zone)], document)
        return id
    }

    func removeServersFromServerGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try changeableGroup(call)
        let steps = try removals(call.parameters.objects("Servers"), group: group)
        return begin(call, steps + [Step(.change, .serverGroup, group.id)])
    }

    private func removals(_ items: [JSONObject], group: Resource) throws(CloudRefusal) -> [Step] {
        var steps: [Step] = []
        for id in OrderedNames(
            try items.map { item throws(CloudRefusal) in try present(item, group: group).id }
        ).names {
            steps.append(Step(.delete, .server, id))
        }
        return steps
    }

    /// The member of a group that a call names; an address that is not given may be any.
    private func present(_ item: JSONObject, group: Resource) throws(CloudRefusal) -> Resource {
        let (server, address, port) = (item.text("ServerId"), item.text("ServerIp"), item.number("Port") ?? 0)
        if !address.isEmpty {
            if let found = store[.server, "\(group.id)/\(server)/\(address)/\(port)"] { return found }
        } else if let found = store.children(.server, of: group.id).first(where: {
            $0.document.text("ServerId") == server && $0.document.number("Port") ?? 0 == port
        }) {
            return found
        }
        throw .notFound(.server)
    }

    /// Takes some members out and puts others in, in one job.
    func replaceServersInServerGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try changeableGroup(call)
        let leaving = try removals(call.parameters.objects("RemovedServers"), group: group)
        let new = try members(call.parameters.objects("AddedServers"), group: group)
        if new.contains(where: { member in leaving.contains { $0.id == member.id(in: group.id) } }) {
            throw CloudRefusal("DuplicatedParam.BackendServer", "A server is both added and removed.")
        }
        try checkNew(new, in: group, leaving: leaving.count)
        let coming = new.map { Step(.create, .server, addServer($0, to: group.id)) }
        return begin(call, coming + leaving + [Step(.change, .serverGroup, group.id)])
    }

    func updateServerGroupServersAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try changeableGroup(call)
        var changed: [(id: String, document: JSONObject)] = []
        for item in call.parameters.objects("Servers") {
            let server = try present(item, group: group)
            changed.append(
                (server.id, server.document.merged(with: item.keeping(["Weight", "Description"])))
            )
        }
        for (id, document) in changed { store.update(.server, id) { $0.document = document } }
        return begin(
            call,
            changed.map { Step(.change, .server, $0.id) } + [Step(.change, .serverGroup, group.id)]
        )
    }

    func listServerGroupServers(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = call.optionalText("ServerGroupId")
        let tags = call.tagFilters
        let candidates = group.map { store.children(.server, of: $0) } ?? store.all(.server)
        let rows = candidates.filter { row in
            call.passes("ServerIds", row.document.text("ServerId"))
                && call.equals("ServerId", row.document.text("ServerId"))
                && call.equals("ServerIp", row.document.text("ServerIp"))
                && (tags.isEmpty || store[.serverGroup, row.parent]?.matches(tags) ?? false)
        }
        if let group { shown.append(ResourceKey(kind: .serverGroup, id: group)) }
        return try page(call, rows, "Servers", show: \.row)
    }
}
