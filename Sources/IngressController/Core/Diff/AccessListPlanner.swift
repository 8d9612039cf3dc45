// SPDX-License-Identifier: Apache-2.0
import JSON

/// Plans the access lists of one listener.
struct AccessListPlanner {
    /// How many entries go into one call.
    static let batchSize = 20

    let listener: String
    var profile = Profile.managed

    /// Steps, and the lists after them.
    ///
    /// - Parameters:
    ///   - wanted: The lists; nil for none.
    ///   - present: Those that are attached; nil when they were not read, then nothing is done.
    /// - Returns: The steps, and the lists after them.
    func plan(
        _ wanted: AccessList?,
        present: CloudAccessList?
    ) -> (steps: [Step], result: CloudAccessList?) {
        guard let present else { return ([], nil) }
        guard let wanted else {
            // What is not written is not looked at upstream, so a list that is taken out stays.
            if profile.has(.removedAccessListStays) { return ([], present) }
            return (detach(present.items.map(\.id)), CloudAccessList(type: "", items: []))
        }
        var steps: [Step] = []
        var items: [CloudAccessList.Item] = []
        switch wanted.source {
        case .ids(let ids): items = ids.map { id in item(id, in: present) }
        case .entries(let name, let entries):
            let (more, item) = list(name, entries, present)
            steps += more
            items = [item]
        }
        let isOtherType = present.type != wanted.type
        let old = present.items.map(\.id), new = items.map(\.id)
        if case .entries = wanted.source, profile.has(.removedAccessListStays) {
            // A list under another name or of another type comes beside the old one.
            let missing = isOtherType ? new : new.filter { !old.contains($0) }
            steps += attach(missing, wanted.type)
            return (steps, CloudAccessList(type: wanted.type, items: present.items + items))
        }
        // A listener has lists of one type only, so another type needs the old ones gone first.
        if isOtherType { steps += detach(old) }
        let missing = isOtherType ? new : new.filter { !old.contains($0) }
        steps += attach(missing, wanted.type)
        if !isOtherType { steps += detach(old.filter { !new.contains($0) }) }
        return (steps, CloudAccessList(type: wanted.type, items: items))
    }

    private func item(_ id: String, in present: CloudAccessList) -> CloudAccessList.Item {
        present.items.first { $0.id == id } ?? CloudAccessList.Item(id: id, name: "")
    }

    /// The list of our own: made if it is not there, its entries kept equal.
    private func list(
        _ name: String,
        _ entries: [String],
        _ present: CloudAccessList
    ) -> (steps: [Step], item: CloudAccessList.Item) {
        let known = present.items.first { $0.name == name }
        var steps: [Step] = []
        let id: String
        if let known {
            id = known.id
        } else {
            let reference = Reference.accessList(name)
            id = reference.text
            var step = change("CreateAcl", ["AclName": .string(name)])
            step.binding = .member("AclId", reference)
            steps.append(step)
        }
        let old = known?.entries ?? []
        for batch in Batches.of(entries.filter { !old.contains($0) }, size: Self.batchSize) {
            let parameters: JSONObject = [
                "AclId": .string(id), "AclEntries": .array(batch.map { ["Entry": .string($0)] }),
            ]
            steps.append(change("AddEntriesToAcl", parameters))
        }
        for batch in Batches.of(old.filter { !entries.contains($0) }, size: Self.batchSize) {
            let parameters: JSONObject = [
                "AclId": .string(id), "Entries": .array(batch.map { .string($0) }),
            ]
            steps.append(change("RemoveEntriesFromAcl", parameters))
        }
        return (steps, CloudAccessList.Item(id: id, name: name, entries: entries))
    }

    /// A call after which the list takes none for a while: upstream looks until it does.
    private func change(_ action: String, _ parameters: JSONObject) -> Step {
        var step = Step(action: action, parameters: parameters)
        if profile.isOpenSource { step.settling = .accessList }
        return step
    }

    private func attach(_ ids: [String], _ type: String) -> [Step] {
        guard !ids.isEmpty else { return [] }
        return [
            Step(
                action: "AssociateAclsWithListener",
                parameters: [
                    "ListenerId": .string(listener), "AclType": .string(type),
                    "AclIds": .array(ids.map { .string($0) }),
                ]
            )
        ]
    }

    private func detach(_ ids: [String]) -> [Step] {
        guard !ids.isEmpty else { return [] }
        var step = Step(
            action: "DissociateAclsFromListener",
            parameters: ["ListenerId": .string(listener), "AclIds": .array(ids.map { .string($0) })]
        )
        step.toleratesAbsence = true
        return [step]
    }
}
