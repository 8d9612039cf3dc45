// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// How to delete, from a body and a query.
struct DeleteOptions {
    var gracePeriodSeconds: Int64?
    var uid: String?
    var resourceVersion: String?
    var propagationPolicy: String?
    var orphans: Bool?
    var isDryRun = false

    init() {}

    init(_ body: JSONValue?, _ target: RequestTarget) throws(KubernetesStatus) {
        gracePeriodSeconds =
            (body?["gracePeriodSeconds"]?.intValue ?? target["gracePeriodSeconds"].flatMap(Int.init))
            .map(Int64.init)
        uid = body?["preconditions"]?["uid"]?.stringValue
        resourceVersion = body?["preconditions"]?["resourceVersion"]?.stringValue
        propagationPolicy = body?["propagationPolicy"]?.stringValue ?? target["propagationPolicy"]
        orphans = body?["orphanDependents"]?.boolValue ?? target.truth("orphanDependents")
        let dry = (body?["dryRun"]?.arrayValue ?? []).compactMap(\.stringValue) + target.all("dryRun")
        isDryRun = dry.contains("All")
        var errors = FieldErrors()
        if propagationPolicy != nil, orphans != nil {
            errors.invalid(
                FieldPath("propagationPolicy"),
                .string(propagationPolicy ?? ""),
                "orphanDependents and deletionPropagation cannot be both set"
            )
        }
        let policies = ["Foreground", "Background", "Orphan"]
        if let policy = propagationPolicy, !policies.contains(policy) {
            errors.unsupported(FieldPath("propagationPolicy"), .string(policy), policies + ["nil"])
        }
        for value in dry where value != "All" {
            errors.unsupported(FieldPath("dryRun"), .array(dry.map { .string($0) }), ["All"])
            _ = value
        }
        if !errors.isEmpty { throw errors.status(kind: "DeleteOptions", group: "meta.k8s.io", name: "") }
    }
}

extension Registry {
    func delete(_ call: Call) throws(KubernetesStatus) -> Answer {
        let options = try deleteOptions(call)
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        try checkPreconditions(options, present, call.resource)
        let result = try delete(call.resource, present, options)
        var answer = deleteAnswer(call, present, result)
        if case .marked = result, options.orphans == false { answer.status = 202 }
        return answer
    }

    private func deleteOptions(_ call: Call) throws(KubernetesStatus) -> DeleteOptions {
        switch call.body {
        case .none: try DeleteOptions(nil, call.target)
        case .json(let body, _, _): try DeleteOptions(body, call.target)
        case .broken(let error, _):
            throw Refusal.badRequest("couldn't get version/kind; json parse error: \(error)")
        case .unread: throw Refusal.unsupportedMedia(["application/json"])
        }
    }

    private func checkPreconditions(
        _ options: DeleteOptions,
        _ present: StoredObject,
        _ resource: ServedResource
    ) throws(KubernetesStatus) {
        if let uid = options.uid, uid != present.uid {
            throw Refusal.conflict(
                resource.type,
                present.name,
                "the UID in the precondition (\(uid)) does not match the UID in record (\(present.uid)). The object "
                    + "might have been deleted and then recreated"
            )
        }
        if let version = options.resourceVersion, version != String(present.revision) {
            throw Refusal.conflict(
                resource.type,
                present.name,
                "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in record "
                    + "(\(present.revision)). The object might have been modified"
            )
        }
    }

    /// What came of a deletion.
    enum Deletion {
        /// The object is gone; its last state, and the revision of its end.
        case gone(ResourceObject, revision: Int64)
        /// The object is marked, and waits.
        case marked(StoredObject)
        /// It was only asked what would be.
        case dry(ResourceObject)
    }

    /// Deletes an object, or marks it when something has to be waited for.
    @discardableResult
    func delete(
        _ resource: ServedResource,
        _ present: StoredObject,
        _ options: DeleteOptions
    ) throws(KubernetesStatus) -> Deletion {
        let old = try object(present)
        var new = old
        if resource.type == .namespaces { return try deleteNamespace(resource, present, options) }
        if resource.type == .customResourceDefinitions {
            return try deleteDefinition(resource, present, options)
        }
        if resource.rules.isDeletedGracefully {
            return try deleteGracefully(resource, present, options)
        }
        setFinalizers(&new, options)
        if new.metadata.finalizers.isEmpty {
            if options.isDryRun { return .dry(old) }
            return .gone(old, revision: try end(resource, present))
        }
        if new.metadata.deletionTimestamp == nil { mark(&new, grace: 0) }
        if options.isDryRun { return .dry(new) }
        if new == old { return .marked(present) }
        return .marked(try commit(resource, .update, old: present, new))
    }

    private func mark(_ object: inout ResourceObject, grace: Int64) {
        object.metadata.deletionTimestamp = Self.time(host.clock.now, after: grace)
        object.metadata.deletionGracePeriodSeconds = grace
        if object.metadata.generation > 0 { object.metadata.generation += 1 }
    }

    /// A time some seconds later; grace periods of more than a few decades do not move it further.
    private static func time(_ instant: Instant, after seconds: Int64) -> String {
        instant.advanced(by: .seconds(min(max(seconds, -1_000_000_000), 1_000_000_000))).rfc3339
    }

    /// The finalizers that a propagation policy stands for.
    private func setFinalizers(_ object: inout ResourceObject, _ options: DeleteOptions) {
        let policy = options.propagationPolicy ?? options.orphans.map { $0 ? "Orphan" : "Background" }
        guard let policy else { return }
        let wanted = policy == "Orphan" ? "orphan" : policy == "Foreground" ? "foregroundDeletion" : nil
        object.metadata.finalizers.removeAll {
            ["orphan", "foregroundDeletion"].contains($0) && $0 != wanted
        }
        if let wanted, !object.metadata.finalizers.contains(wanted) {
            object.metadata.finalizers.append(wanted)
        }
    }

    /// Deletes a pod: its node ends it, unless nobody runs it.
    private func deleteGracefully(
        _ resource: ServedResource,
        _ present: StoredObject,
        _ options: DeleteOptions
    ) throws(KubernetesStatus) -> Deletion {
        let old = try object(present)
        var new = old
        setFinalizers(&new, options)
        if old.metadata.deletionTimestamp != nil {
            let present = old.metadata.deletionGracePeriodSeconds ?? 0
            if let asked = options.gracePeriodSeconds.map({ $0 < 0 ? 1 : $0 }), asked < present {
                new.metadata.deletionGracePeriodSeconds = asked
                if let before = Instant(rfc3339: old.metadata.deletionTimestamp ?? "") {
                    new.metadata.deletionTimestamp = Self.time(before, after: asked - present)
                }
            }
        } else {
            mark(&new, grace: PodRules.gracePeriod(old, asked: options.gracePeriodSeconds))
        }
        if options.isDryRun { return .dry(new) }
        let marked = new == old ? present : try commit(resource, .update, old: present, new)
        if !new.metadata.finalizers.isEmpty || (new.metadata.deletionGracePeriodSeconds ?? 0) > 0 {
            return .marked(marked)
        }
        return .gone(new, revision: try end(resource, marked))
    }

    /// Takes an object away for good.
    ///
    /// - Returns: The revision of its end.
    @discardableResult
    func end(_ resource: ServedResource, _ present: StoredObject) throws(KubernetesStatus) -> Int64 {
        let object = try object(present)
        let revision = try commit(resource, .delete, old: present, object).revision
        if resource.isCustom { instanceWasDeleted(resource) }
        if resource.type == .customResourceDefinitions { definitionIsGone(object) }
        return revision
    }

    private func deleteNamespace(
        _ resource: ServedResource,
        _ present: StoredObject,
        _ options: DeleteOptions
    ) throws(KubernetesStatus) -> Deletion {
        let old = try object(present)
        if old.metadata.deletionTimestamp != nil {
            if (old["spec", "finalizers"]?.arrayValue ?? []).isEmpty, old.metadata.finalizers.isEmpty {
                return .gone(old, revision: try end(resource, present))
            }
            return .marked(present)
        }
        if ["default", "kube-system", "kube-public"].contains(present.name) {
            throw KubernetesStatus(
                code: 403,
                reason: "Forbidden",
                message: "namespaces \"\(present.name)\" is forbidden: this namespace may not be deleted",
                name: present.name,
                kind: "namespaces"
            )
        }
        var new = old
        new.metadata.deletionTimestamp = now
        new.set(["status", "phase"], "Terminating")
        if options.isDryRun { return .dry(new) }
        return .marked(try commit(resource, .update, old: present, new))
    }

    private func deleteAnswer(_ call: Call, _ present: StoredObject, _ result: Deletion) -> Answer {
        switch result {
        case .marked(let stored):
            return Answer(
                body: .bytes(Views.object(call.resource, call.form, stored, revision: stored.revision))
            )
        case .gone(let object, let revision) where call.resource.rules.returnsDeleted:
            return Answer(body: .json(shown(call.resource, object, revision)))
        case .dry(let object)
        where call.resource.rules.returnsDeleted || object.metadata.deletionTimestamp != nil:
            return Answer(body: .json(shown(call.resource, object, present.revision)))
        case .gone, .dry:
            let type = call.resource.type
            var details: JSONObject = ["name": .string(present.name)]
            if !type.group.isEmpty { details["group"] = .string(type.group) }
            details["kind"] = .string(type.plural)
            details["uid"] = .string(present.uid)
            return Answer(
                body: .json([
                    "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
                    "details": .object(details),
                ])
            )
        }
    }

    func deleteCollection(_ call: Call) throws(KubernetesStatus) -> Answer {
        let options = try deleteOptions(call)
        let selection = try selection(call)
        let items = store(call.resource).list(namespace: selection.namespace).filter(selection.matches)
        let answer = Answer(
            body: .list(
                ListBody(
                    call.resource,
                    items.map { ($0.revision, Views.tail(call.resource, $0)) },
                    revision: revision,
                    continuation: nil,
                    remaining: nil
                )
            )
        )
        for item in items {
            // One deletion may have taken another object with it.
            guard let present = find(call.resource, item.namespace, item.name) else { continue }
            try delete(call.resource, present, options)
        }
        return answer
    }
}
