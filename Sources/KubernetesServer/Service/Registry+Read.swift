// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Storage

extension Registry {
    /// Answers a get, with what was so at an old revision when a fault says so.
    func get(_ call: Call, at stale: Int64? = nil) throws(KubernetesStatus) -> Answer {
        try checkNotFuture(call.target["resourceVersion"])
        let found: StoredObject?
        if let stale, stale < revision {
            found = try history(call.resource, at: stale, namespace: call.namespace)
                .first { $0.namespace == call.namespace && $0.name == call.name }
        } else {
            found = find(call.resource, call.namespace, call.name)
        }
        guard let stored = found else { throw Refusal.notFound(call.resource.type, call.name) }
        if call.subresource == .scale { return Answer(body: .json(try scale(call.resource, stored))) }
        return Answer(body: .bytes(Views.object(call.resource, call.form, stored, revision: stored.revision)))
    }

    /// The resourceVersion of a query as a number; nil when it is missing or empty.
    func version(_ text: String?) throws(KubernetesStatus) -> Int64? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = Int64(text), number >= 0 else {
            throw Refusal.badRequest(
                "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax"
            )
        }
        return number
    }

    private func checkNotFuture(_ text: String?) throws(KubernetesStatus) {
        if let asked = try version(text), asked > revision {
            throw Refusal.tooLargeVersion(asked, current: revision)
        }
    }

    /// Reads selectors and namespace of a list or watch.
    func selection(_ call: Call) throws(KubernetesStatus) -> Selection {
        var selection = Selection(namespace: call.resource.type.isNamespaced ? call.path.namespace : nil)
        do {
            selection.labels = try LabelSelector(parsing: call.target["labelSelector"] ?? "")
        } catch {
            throw Refusal.badRequest("unable to parse requirement: \(error.message)")
        }
        selection.fields = try call.resource.fieldSelector(call.target["fieldSelector"])
        if let name = call.path.name {
            selection.fields.requirements.append(.init(field: 0, value: name, isEqual: true))
        }
        return selection
    }

    /// Answers a list, with what was so at an old revision when a fault says so.
    func list(_ call: Call, at stale: Int64? = nil) throws(KubernetesStatus) -> Answer {
        let options = try ListOptions(call.target, isWatch: false)
        let selection = try selection(call)
        if let stale, stale < revision, options.continuation == nil {
            return try past(call, options, selection, at: max(stale, compacted), after: nil)
        }
        if let token = options.continuation { return try page(call, options, selection, token) }
        if let asked = options.version {
            if asked > revision { throw Refusal.tooLargeVersion(asked, current: revision) }
            let isExact =
                options.match == "Exact" || (options.match == nil && options.limit != nil && asked > 0)
            if isExact, asked < revision { return try past(call, options, selection, at: asked, after: nil) }
        }
        return present(call, options, selection, after: nil)
    }

    /// Goes on with a list where a page of it ended.
    private func page(
        _ call: Call,
        _ options: ListOptions,
        _ selection: Selection,
        _ token: Continuation
    ) throws(KubernetesStatus) -> Answer {
        if token.revision < 0 || token.revision == revision {
            return present(call, options, selection, after: token.key)
        }
        return try past(call, options, selection, at: token.revision, after: token.key)
    }

    private func present(
        _ call: Call,
        _ options: ListOptions,
        _ selection: Selection,
        after start: String?
    ) -> Answer {
        let objects = store(call.resource).list(namespace: selection.namespace, after: start)
        var items: [StoredObject] = []
        var rest = 0
        for object in objects where selection.matches(object) {
            if let limit = options.limit, items.count == limit { rest += 1 } else { items.append(object) }
        }
        let token = rest > 0 ? items.last.map { Continuation(revision: revision, key: $0.key).text } : nil
        let isSelected = !selection.labels.requirements.isEmpty || !selection.fields.requirements.isEmpty
        return listAnswer(
            call,
            items,
            at: revision,
            continuation: token,
            remaining: rest > 0 && !isSelected ? rest : nil
        )
    }

    /// Lists what there was.
    private func past(
        _ call: Call,
        _ options: ListOptions,
        _ selection: Selection,
        at moment: Int64,
        after start: String?
    ) throws(KubernetesStatus) -> Answer {
        if moment < compacted {
            guard let start else {
                throw Refusal.expired("The resourceVersion for the provided list is too old.")
            }
            throw Refusal.inconsistentList(Continuation(revision: -1, key: start).text)
        }
        var items: [StoredObject] = []
        var rest = 0
        for object in try history(call.resource, at: moment, namespace: selection.namespace ?? "")
        where selection.matches(object) {
            if let start, object.key <= start { continue }
            if let limit = options.limit, items.count == limit { rest += 1 } else { items.append(object) }
        }
        let token = rest > 0 ? items.last.map { Continuation(revision: moment, key: $0.key).text } : nil
        let isSelected = !selection.labels.requirements.isEmpty || !selection.fields.requirements.isEmpty
        return listAnswer(
            call,
            items,
            at: moment,
            continuation: token,
            remaining: rest > 0 && !isSelected ? rest : nil
        )
    }

    private func history(
        _ resource: ServedResource,
        at moment: Int64,
        namespace: String
    ) throws(KubernetesStatus) -> [StoredObject] {
        do {
            try settle()
            var objects: [StoredObject] = []
            let view = storageView(resource)
            let rows = try database.read { transaction in
                try transaction.rows(
                    RevisionTable.past,
                    [.text(resource.storage), .integer(moment), .text(namespace)]
                )
            }
            for row in rows {
                let tail = Encoding.tail(Array(row.text(3).utf8), of: view, row.int64(0))
                let object = try StoredObject.parse(tail)
                objects.append(
                    StoredObject(
                        object,
                        revision: row.int64(0),
                        tail: tail,
                        fields: view.fieldValues(object)
                    )
                )
            }
            return objects.sorted { $0.key < $1.key }
        } catch {
            throw Refusal.internalError("the store could not be read: \(error)")
        }
    }

    private func listAnswer(
        _ call: Call,
        _ items: [StoredObject],
        at revision: Int64,
        continuation: String?,
        remaining: Int?
    ) -> Answer {
        if call.form == .metadata {
            let list: [JSONValue] = items.compactMap { stored in
                (try? stored.object()).map { Views.metadata($0.metadata, revision: stored.revision) }
            }
            var metadata: JSONObject = ["resourceVersion": .string(String(revision))]
            if let continuation { metadata["continue"] = .string(continuation) }
            if let remaining { metadata["remainingItemCount"] = .integer(Int64(remaining)) }
            return Answer(
                body: .json([
                    "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
                    "metadata": .object(metadata), "items": .array(list),
                ])
            )
        }
        return Answer(
            body: .list(
                ListBody(
                    call.resource,
                    items.map { ($0.revision, Views.tail(call.resource, $0)) },
                    revision: revision,
                    continuation: continuation,
                    remaining: remaining
                )
            )
        )
    }
}
