// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// What the load balancers of an account should serve: listeners with their rules and server groups, each
/// translated once when work on it is done, so that one change among a thousand rules costs little.
///
/// A change that is accepted and still under way is not in it.
struct ServedConfigurations {
    private(set) var listeners: [String: ListenerConfiguration] = [:]
    private(set) var groups: [String: ServerGroupConfiguration] = [:]
    /// The listeners of each load balancer.
    private var listenersOf: [String: [String]] = [:]

    /// Takes a listener's own settings; its rules stay.
    mutating func set(_ listener: ListenerConfiguration, loadBalancer: String) {
        var listener = listener
        if let present = listeners[listener.id] {
            listener.rules = present.rules
            listener.responseRules = present.responseRules
        } else {
            listenersOf[loadBalancer, default: []].append(listener.id)
        }
        listeners[listener.id] = listener
    }

    /// Drops a listener with its rules.
    mutating func dropListener(_ id: String, loadBalancer: String) {
        listeners[id] = nil
        listenersOf[loadBalancer]?.removeAll { $0 == id }
    }

    /// Drops a load balancer with its listeners.
    mutating func forget(_ loadBalancer: String) {
        for id in listenersOf.removeValue(forKey: loadBalancer) ?? [] { listeners[id] = nil }
    }

    /// Takes rules of a listener in place of those with the same ids; nil takes a rule out.
    mutating func set(
        _ rules: [(id: String, rule: RuleConfiguration?, isForResponses: Bool)],
        listener: String
    ) {
        guard var request = listeners[listener]?.rules, var response = listeners[listener]?.responseRules
        else {
            return
        }
        // So that the lists are not shared while they change.
        listeners[listener]?.rules = []
        listeners[listener]?.responseRules = []
        for (id, _, _) in rules {
            request.removeAll { $0.id == id }
            response.removeAll { $0.id == id }
        }
        for case (_, let rule?, let isForResponses) in rules {
            if isForResponses { response.insert(rule) } else { request.insert(rule) }
        }
        listeners[listener]?.rules = request
        listeners[listener]?.responseRules = response
    }

    mutating func set(_ group: ServerGroupConfiguration) { groups[group.id] = group }

    mutating func dropGroup(_ id: String) { groups[id] = nil }

    /// The listeners of a load balancer by port, and the groups that they use.
    func content(
        of loadBalancer: String
    ) -> (listeners: [ListenerConfiguration], groups: [String: ServerGroupConfiguration]) {
        let running = (listenersOf[loadBalancer] ?? []).compactMap { listeners[$0] }
            .sorted { ($0.port, $0.listenerProtocol.rawValue) < ($1.port, $1.listenerProtocol.rawValue) }
        var used: [String: ServerGroupConfiguration] = [:]
        func use(_ action: RuleAction) {
            switch action {
            case .forward(let targets, _), .mirror(let targets):
                for target in targets where used[target.serverGroup] == nil {
                    used[target.serverGroup] = groups[target.serverGroup]
                }
            default: break
            }
        }
        for listener in running {
            use(listener.defaultAction)
            for rule in listener.rules { for action in rule.actions { use(action) } }
            for rule in listener.responseRules { for action in rule.actions { use(action) } }
        }
        return (running, used)
    }
}

extension [RuleConfiguration] {
    /// Puts a rule at the place of its priority.
    fileprivate mutating func insert(_ rule: RuleConfiguration) {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].priority < rule.priority { low = middle + 1 } else { high = middle }
        }
        insert(rule, at: low)
    }
}
