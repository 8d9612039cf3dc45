// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

/// Reads what the cloud has for one AlbConfig.
///
/// Without a memory it reads everything. With one it looks at the load balancer, its listeners and the first
/// pages of rules and server groups: what differs is read whole, so the cost of a pass does not grow with
/// the account.
struct CloudObserver: Sendable {
    let reader: CloudReader

    /// The state.
    ///
    /// - Parameters:
    ///   - stack: Whose tags to look for.
    ///   - spec: The AlbConfig.
    ///   - known: What was there after the last pass; nil to read everything.
    /// - Returns: The state as it is now.
    /// - Throws: `CloudError` when the cloud cannot be asked.
    func observe(
        _ stack: Stack,
        _ spec: AlbConfigSpec,
        known: CloudState?
    ) async throws(CloudError) -> CloudState {
        var state = CloudState()
        state.loadBalancer = try await loadBalancer(stack, spec, known: known?.loadBalancer)
        let isSame = known != nil && known?.loadBalancer?.id == state.loadBalancer?.id
        let memory = isSame ? known : nil
        if let balancer = state.loadBalancer {
            for listener in try await reader.listeners(loadBalancer: balancer.id) {
                let old = memory?.listeners.first { $0.id == listener.id }
                state.listeners.append(try await fill(listener, known: old))
            }
        }
        state.serverGroups = try await serverGroups(stack.tags, known: memory?.serverGroups)
        return state
    }

    // MARK: Load balancer

    /// The load balancer of a stack; nil when there is none.
    func loadBalancer(
        _ stack: Stack,
        _ spec: AlbConfigSpec,
        known: CloudLoadBalancer?
    ) async throws(CloudError) -> CloudLoadBalancer? {
        if let id = spec.loadBalancer?.id, !id.isEmpty { return try await reader.loadBalancer(id) }
        if let known, let found = try await reader.loadBalancer(known.id) { return found }
        let rows = try await reader.loadBalancers(tags: stack.tags)
        let ids = rows.filter { row in
            (row["Tags"]?.arrayValue ?? []).contains {
                CloudTags.key($0) == ResourceNames.resourceTag
                    && CloudTags.value($0) == ResourceNames.loadBalancerResource
            }
        }.compactMap { $0["LoadBalancerId"]?.stringValue }
        // Should there be several, the one that the AlbConfig speaks of is the one that clients know.
        guard let id = ids.first(where: { $0 == spec.status.id }) ?? ids.min() else { return nil }
        return try await reader.loadBalancer(id)
    }

    // MARK: Listeners

    private func fill(
        _ listener: CloudListener,
        known: CloudListener?
    ) async throws(CloudError) -> CloudListener {
        var listener = listener
        if listener.port.isSecure {
            listener.certificates = try await reader.certificates(listener: listener.id)
        }
        listener.rules = try await rules(listener.id, known: known?.rules)
        guard let known else {
            let details = try await reader.listener(listener.id) ?? [:]
            for member in details where member.key != "RequestId" {
                listener.attributes[member.key] = member.value
            }
            listener.accessList = try await accessList(details["AclConfig"])
            return listener
        }
        // The list shows fewer members than there are: the others are taken from memory.
        var attributes = known.attributes
        for member in listener.attributes { attributes[member.key] = member.value }
        listener.attributes = attributes
        listener.accessList = known.accessList
        return listener
    }

    /// The access lists of a listener, and their entries.
    func accessList(ofListener id: String) async throws(CloudError) -> CloudAccessList {
        try await accessList(try await reader.listener(id)?["AclConfig"])
    }

    private func accessList(_ config: JSONValue?) async throws(CloudError) -> CloudAccessList {
        let ids = (config?["AclRelations"]?.arrayValue ?? []).compactMap { $0["AclId"]?.stringValue }
        let rows = try await reader.accessLists(ids)
        var items: [CloudAccessList.Item] = []
        for id in ids {
            let name = rows.first { $0["AclId"]?.stringValue == id }?["AclName"]?.stringValue ?? ""
            items.append(
                CloudAccessList.Item(id: id, name: name, entries: try await reader.entries(accessList: id))
            )
        }
        return CloudAccessList(type: config?["AclType"]?.stringValue ?? "", items: items)
    }

    private func rules(_ listener: String, known: [CloudRule]?) async throws(CloudError) -> [CloudRule] {
        var found: [CloudRule] = []
        for direction in [Rule.Direction.request, .response] {
            let old = known?.filter { $0.direction == direction }
            // Rules about answers are rare: where there were none they are not asked for again.
            if direction == .response, let old, old.isEmpty { continue }
            let first = try await reader.rulesFirstPage(listener: listener, direction)
            if first.next.isEmpty {
                found += CloudReader.rules(first.rows, direction)
            } else if let old, old.count == first.total {
                found += old
            } else {
                found += try await reader.rules(listener: listener, direction)
            }
        }
        return found.sorted { $0.priority < $1.priority }
    }

    // MARK: Server groups

    private func serverGroups(
        _ tags: [Tag],
        known: [CloudServerGroup]?
    ) async throws(CloudError) -> [CloudServerGroup] {
        let first = try await reader.serverGroupsFirstPage(tags: tags)
        if first.next.isEmpty { return first.rows.compactMap { CloudServerGroup($0) } }
        if let known, known.count == first.total { return known }
        return try await reader.serverGroups(tags: tags)
    }
}
