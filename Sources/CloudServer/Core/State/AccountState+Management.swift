// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    /// The tag that a managed controller puts on what is its own.
    private static let ownerTag = "ack.aliyun.com"

    /// Refuses an edit at the console of something that a managed controller owns.
    ///
    /// - Source: the code is documented for rules; that it holds for all that belongs to a tagged load balancer or
    ///   is a tagged server group is assumed.
    func checkManagement(of call: Call) throws(CloudRefusal) {
        guard !call.action.isRead, owners(of: call).contains(where: isManaged) else { return }
        throw .denied("ServiceManagedResource", "The resource is managed by another service.")
    }

    private func isManaged(_ resource: Resource) -> Bool {
        resource.tags.contains { $0.key == Self.ownerTag }
    }

    /// The load balancers and server groups that a call would change.
    private func owners(of call: Call) -> [Resource] {
        let parameters = call.parameters
        var ids = ["LoadBalancerId", "ListenerId", "RuleId", "ServerGroupId", "ResourceId"].compactMap {
            parameters.optionalText($0)
        }
        ids +=
            parameters.texts("RuleIds") + parameters.objects("Rules").compactMap { $0.optionalText("RuleId") }
        return ids.compactMap { id in
            if let group = store[.serverGroup, id] { return group }
            let listener = store[.listener, store[.rule, id]?.parent ?? id]
            return store[.loadBalancer, listener?.parent ?? id]
        }
    }
}
