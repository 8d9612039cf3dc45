// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    func createRule(_ call: Call) throws(CloudRefusal) -> JSONObject {
        var answer = try createRules(call, [call.parameters.without("ListenerId")])
        answer["RuleId"] = answer.objects("RuleIds").first?["RuleId"]
        return answer.without("RuleIds")
    }

    /// Makes all rules of a call or none; the answer pairs ids with priorities.
    func createRules(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try createRules(call, call.parameters.objects("Rules"))
    }

    private func createRules(_ call: Call, _ wanted: [JSONObject]) throws(CloudRefusal) -> JSONObject {
        let (listener, loadBalancer) = try requireListener(call.text("ListenerId"))
        let edition = loadBalancer.document.text("LoadBalancerEdition")
        var priorities = takenPriorities(of: listener.id, except: [])
        var made: [(document: JSONObject, tags: [Tag])] = []
        for item in wanted {
            var document = Self.shownRule(item.without("Tag"))
            if document["Direction"] == nil { document["Direction"] = "Request" }
            try RuleChecks(edition: edition, quotas: account.quotas).check(document)
            try checkGroups(of: document, listener: listener, loadBalancer: loadBalancer, rule: "")
            try Self.take(document, in: &priorities)
            made.append((document, try tags(item)))
        }
        let quota = account.quotas.rulesPerLoadBalancer.of(edition)
        let present = store.children(.listener, of: loadBalancer.id).reduce(0) {
            $0 + store.childCount(.rule, of: $1.id)
        }
        guard present + made.count <= quota else {
            throw CloudRefusal(
                "ResourceQuotaExceeded.LoadBalancerRulesNum",
                "The load balancer would have too many rules."
            )
        }
        var steps: [Step] = []
        var ids: [JSONValue] = []
        for (document, tags) in made {
            let id = newID(.rule)
            var document = document
            document["RuleId"] = .string(id)
            document["ListenerId"] = .string(listener.id)
            document["LoadBalancerId"] = .string(loadBalancer.id)
            add(.rule, id, parent: listener.id, tags: tags, document)
            steps.append(Step(.create, .rule, id))
            ids.append(["RuleId": .string(id), "Priority": document["Priority"] ?? 0])
        }
        mainResource = steps.count == 1 ? steps[0].id : listener.id
        var answer = begin(call, steps + [Step(.change, .listener, listener.id)])
        answer["RuleIds"] = .array(ids)
        return answer
    }

    /// A priority in a direction.
    private struct Priority: Hashable {
        let direction: String
        let number: Int
    }

    private func takenPriorities(of listener: String, except rules: Set<String>) -> Set<Priority> {
        var taken: Set<Priority> = []
        for rule in store.children(.rule, of: listener) where !rules.contains(rule.id) {
            taken.insert(Self.priority(rule.document))
        }
        return taken
    }

    private static func priority(_ document: JSONObject) -> Priority {
        Priority(direction: document.text("Direction"), number: document.number("Priority") ?? 0)
    }

    private static func take(_ document: JSONObject, in taken: inout Set<Priority>) throws(CloudRefusal) {
        if !taken.insert(priority(document)).inserted {
            throw CloudRefusal("Conflict.Priority", "A rule of the listener has that priority.")
        }
    }

    private func checkGroups(
        of document: JSONObject,
        listener: Resource,
        loadBalancer: Resource,
        rule: String
    ) throws(CloudRefusal) {
        var protocols: Set<String> = []
        var forwarded: Set<String> = []
        for action in document.objects("RuleActions") {
            for tuple in action.object("ForwardGroupConfig").objects("ServerGroupTuples") {
                let id = tuple.text("ServerGroupId")
                try check(group: id, for: listener.document, of: loadBalancer, user: rule)
                protocols.insert(store[.serverGroup, id]?.document.text("Protocol") ?? "")
                forwarded.insert(id)
            }
        }
        if protocols.count > 1 {
            throw .denied(
                "ProtocolMustSameForForwardGroupAction",
                "The groups of an action need one protocol."
            )
        }
        for action in document.objects("RuleActions") {
            let mirrors = action.object("TrafficMirrorConfig").object("MirrorGroupConfig").objects(
                "ServerGroupTuples"
            )
            for tuple in mirrors {
                guard let group = store[.serverGroup, tuple.text("ServerGroupId")] else {
                    throw .notFound(.serverGroup)
                }
                if group.document.text("Protocol") != "HTTP" {
                    throw .denied("MirrorActionSupportHttpGroupOnly", "A mirror takes a plain group only.")
                }
                if group.document.text("ServerGroupType") == "Ip" {
                    throw .denied("IpGroupCanNotUsedForMirrorAction", "A mirror takes no group of addresses.")
                }
                if forwarded.contains(group.id) {
                    throw .denied("SameGroupForForwardAndMirrorAction", "A mirror needs another group.")
                }
            }
        }
    }

    // MARK: Changing and deleting

    func updateRuleAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try updateRules(call, [call.parameters])
    }

    func updateRulesAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try updateRules(call, call.parameters.objects("Rules"))
    }

    /// Changes rules of one listener; a batch may swap priorities.
    private func updateRules(_ call: Call, _ wanted: [JSONObject]) throws(CloudRefusal) -> JSONObject {
        var rules: [Resource] = []
        for item in wanted { rules.append(try require(.rule, item.text("RuleId"))) }
        guard let first = rules.first else { throw .missing("Rules") }
        if rules.contains(where: { $0.parent != first.parent }) {
            throw .denied("ListenerIdInconsistent", "The rules are on several listeners.")
        }
        let (listener, loadBalancer) = try requireListener(first.parent)
        for rule in rules { try check(rule, allows: .change) }
        mainResource = first.id
        let edition = loadBalancer.document.text("LoadBalancerEdition")
        var priorities = takenPriorities(of: listener.id, except: Set(rules.map(\.id)))
        var changed: [JSONObject] = []
        for (rule, item) in zip(rules, wanted) {
            let document = rule.document.merged(with: Self.shownRule(item.without("RuleId", "Tag")))
            try RuleChecks(edition: edition, quotas: account.quotas).check(document)
            try checkGroups(of: document, listener: listener, loadBalancer: loadBalancer, rule: rule.id)
            try Self.take(document, in: &priorities)
            changed.append(document)
        }
        for (rule, document) in zip(rules, changed) {
            store.update(.rule, rule.id) { $0.document = document }
        }
        return begin(
            call,
            rules.map { Step(.change, .rule, $0.id) } + [Step(.change, .listener, listener.id)]
        )
    }

    func deleteRule(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try deleteRules(call, [call.text("RuleId")])
    }

    func deleteRules(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try deleteRules(call, OrderedNames(call.parameters.texts("RuleIds")).names)
    }

    private func deleteRules(_ call: Call, _ ids: [String]) throws(CloudRefusal) -> JSONObject {
        var rules: [Resource] = []
        for id in ids { rules.append(try require(.rule, id)) }
        var owners = OrderedNames()
        for rule in rules { owners.add(store[.listener, rule.parent]?.parent ?? "") }
        if owners.names.count > 1 {
            throw .denied("CrossLoadBalancerRules", "The rules are on several load balancers.")
        }
        let listeners = OrderedNames(rules.map(\.parent)).names
        for id in listeners { _ = try requireListener(id) }
        for rule in rules { try check(rule, allows: .delete) }
        mainResource = ids.first ?? ""
        return begin(
            call,
            ids.map { Step(.delete, .rule, $0) } + listeners.map { Step(.change, .listener, $0) }
        )
    }

    /// Lists rules; `ListenerId` is an old spelling that the ingress controller sends.
    func listRules(_ call: Call) throws(CloudRefusal) -> JSONObject {
        var listeners = call.parameters.texts("ListenerIds")
        if let one = call.optionalText("ListenerId") { listeners.append(one) }
        var candidates = candidates(.rule, call, ids: "RuleIds")
        if call.parameters["RuleIds"] == nil, !listeners.isEmpty {
            candidates = OrderedNames(listeners).names.flatMap { store.children(.rule, of: $0) }
            if listeners.count > 1 { candidates.sort { $0.serial < $1.serial } }
        }
        let tags = call.tagFilters
        let rows = candidates.filter { row in
            (listeners.isEmpty || listeners.contains(row.parent))
                && call.passes("LoadBalancerIds", row.document.text("LoadBalancerId"))
                && call.equals("Direction", row.document.text("Direction")) && row.matches(tags)
        }
        return try page(call, rows, "Rules")
    }
}
