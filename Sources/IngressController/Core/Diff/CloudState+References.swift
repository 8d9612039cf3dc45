// SPDX-License-Identifier: Apache-2.0

extension CloudState {
    /// The state with the ids put in that are known now.
    func resolved(_ known: [String: String]) -> CloudState {
        if known.isEmpty { return self }
        func id(_ text: String) -> String { Reference.isReference(text) ? known[text] ?? text : text }
        var copy = self
        if let balancer = loadBalancer { copy.loadBalancer?.id = id(balancer.id) }
        copy.serverGroups = serverGroups.map { group in
            var group = group
            group.id = id(group.id)
            return group
        }
        copy.certificates = certificates?.map { record in
            var record = record
            record.id = id(record.id)
            return record
        }
        copy.listeners = listeners.map { $0.resolved(known, id) }
        return copy
    }
}

extension CloudListener {
    fileprivate func resolved(_ known: [String: String], _ id: (String) -> String) -> CloudListener {
        var copy = self
        copy.id = id(self.id)
        copy.attributes = Reference.resolve(attributes, known)
        copy.certificates = certificates?.map { CloudCertificate(id: id($0.id), isDefault: $0.isDefault) }
        copy.accessList?.items = (accessList?.items ?? []).map {
            CloudAccessList.Item(id: id($0.id), name: $0.name, entries: $0.entries)
        }
        copy.rules = rules.map { rule in
            var rule = rule
            rule.id = id(rule.id)
            rule.actions = rule.actions.map { $0.mappingGroups(id) }
            return rule
        }
        return copy
    }
}
