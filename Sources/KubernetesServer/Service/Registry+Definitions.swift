// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    private static let key = ResourcePath.key("apiextensions.k8s.io", "v1", "customresourcedefinitions")

    private var definitions: ServedResource? { resources[Self.key] }

    /// A definition is new or changed: its names are accepted, at once or after the delay.
    func definitionWasStored(_ name: String) {
        if configuration.establishDelay == .zero {
            establish(name)
        } else {
            _ = schedule(after: configuration.establishDelay, .establish(name))
        }
    }

    /// Accepts a definition's names and serves its resource.
    func establish(_ name: String) {
        guard let resource = definitions, let present = find(resource, "", name),
            let old = try? object(present), old.metadata.deletionTimestamp == nil
        else { return }
        var new = old
        let wanted = AcceptedNames(old, others: namesBeside(old))
        var status = new.content["status"]?.objectValue ?? [:]
        var conditions = status["conditions"]?.arrayValue ?? []
        status["acceptedNames"] = wanted.names
        if let conflict = wanted.conflict {
            set(&conditions, "NamesAccepted", "False", conflict.reason, conflict.message)
            if !DefinitionRules.isTrue(old, "Established") {
                set(&conditions, "Established", "False", "NotAccepted", "not all names are accepted")
            }
        } else {
            set(&conditions, "NamesAccepted", "True", "NoConflicts", "no conflicts found")
            set(
                &conditions,
                "Established",
                "True",
                "InitialNamesAccepted",
                "the initial names have been accepted"
            )
        }
        status["conditions"] = .array(conditions)
        new.content["status"] = .object(status)
        // Nobody waits for an answer to this write; a store that refuses it refuses the next call too.
        let owners = managers(
            new,
            old,
            resource,
            .status,
            FieldWriter(manager: Self.ownName, subresource: "status")
        )
        if new != old {
            new.metadata.managedFields = owners
            _ = try? commit(resource, .update, old: present, new)
        }
        if DefinitionRules.isTrue(new, "Established") { serve(definition: new) }
    }

    /// The names that the other definitions of a group have.
    private func namesBeside(_ definition: ResourceObject) -> [JSONValue] {
        guard let resource = definitions else { return [] }
        return store(resource).list(namespace: nil).compactMap { stored in
            guard stored.name != definition.metadata.name, let other = try? object(stored),
                other["spec", "group"] == definition["spec", "group"]
            else { return nil }
            return other["status", "acceptedNames"]
        }
    }

    private func set(
        _ conditions: inout [JSONValue],
        _ type: String,
        _ status: String,
        _ reason: String,
        _ message: String
    ) {
        let known = conditions.firstIndex { $0["type"] == .string(type) }
        if let known, conditions[known]["status"] == .string(status) { return }
        let condition: JSONValue = [
            "lastTransitionTime": .string(now), "message": .string(message), "reason": .string(reason),
            "status": .string(status), "type": .string(type),
        ]
        if let known { conditions[known] = condition } else { conditions.append(condition) }
    }

    private func serve(definition: ResourceObject) {
        let served = ServedResource.custom(definition)
        let storage = served.first?.storage
        for resource in allResources where resource.isCustom && resource.storage == storage {
            stopServing(resource.key)
        }
        for resource in served { serve(resource) }
        listGroups(of: served)
    }

    /// Marks a definition, takes its objects away, and itself when none is left.
    func deleteDefinition(
        _ resource: ServedResource,
        _ present: StoredObject,
        _ options: DeleteOptions
    ) throws(KubernetesStatus) -> Deletion {
        let old = try object(present)
        if old.metadata.deletionTimestamp != nil { return .marked(present) }
        var new = old
        new.metadata.deletionTimestamp = now
        if !new.metadata.finalizers.contains(DefinitionRules.finalizer) {
            new.metadata.finalizers.append(DefinitionRules.finalizer)
        }
        var conditions = new["status", "conditions"]?.arrayValue ?? []
        set(
            &conditions,
            "Terminating",
            "True",
            "InstanceDeletionPending",
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
        )
        new.set(["status", "conditions"], .array(conditions))
        if options.isDryRun { return .dry(new) }
        let marked = try commit(resource, .update, old: present, new)
        try deleteInstances(of: new)
        return .marked(marked)
    }

    private func deleteInstances(of definition: ResourceObject) throws(KubernetesStatus) {
        if let custom = allResources.first(where: { $0.isCustom && $0.storage == definition.metadata.name }) {
            for instance in store(custom).list(namespace: nil).filter({ _ in true }) {
                guard let present = find(custom, instance.namespace, instance.name) else { continue }
                try delete(custom, present, DeleteOptions())
            }
        }
        try finish(definition.metadata.name)
    }

    /// Called when an object of a custom resource is gone: its definition may have waited for that.
    func instanceWasDeleted(_ resource: ServedResource) {
        // A definition that can not be finished now is finished by the deletion of the next object.
        try? finish(resource.storage)
    }

    private func finish(_ name: String) throws(KubernetesStatus) {
        guard let resource = definitions, let present = find(resource, "", name) else { return }
        let object = try object(present)
        guard object.metadata.deletionTimestamp != nil, stores[name]?.count ?? 0 == 0,
            object.metadata.finalizers.allSatisfy({ $0 == DefinitionRules.finalizer })
        else { return }
        try end(resource, present)
    }

    /// A definition is gone: its resource is no longer served.
    func definitionIsGone(_ definition: ResourceObject) {
        for resource in allResources where resource.isCustom && resource.storage == definition.metadata.name {
            for watch in hub.all where watch.resource === resource { close(watch.number) }
            stopServing(resource.key)
            unlistGroup(resource.type)
        }
    }
}
