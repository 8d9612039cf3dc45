// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    /// A POST to a subresource.
    func createSubresource(_ call: Call) throws(KubernetesStatus) -> Answer {
        switch call.subresource {
        case .binding?: return try bind(call)
        case .eviction?: return try evict(call)
        case .token?: return try issueToken(call)
        default: throw Refusal.methodNotAllowed()
        }
    }

    private static let done: JSONValue = [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
    ]

    private func bind(_ call: Call) throws(KubernetesStatus) -> Answer {
        let binding = try json(call)
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        if (binding["target"]?["name"]?.stringValue ?? "").isEmpty {
            var errors = FieldErrors()
            errors.required(FieldPath("target")["name"])
            throw errors.status(kind: "Binding", group: "", name: call.name)
        }
        let old = try object(present)
        var new = old
        if let why = PodRules.bind(&new, binding: binding, now: now) {
            throw KubernetesStatus(
                code: 409,
                reason: "Conflict",
                message: "Operation cannot be fulfilled on pods/binding \"\(call.name)\": \(why)",
                name: call.name,
                kind: "pods/binding"
            )
        }
        takeTopology(&new)
        if !call.isDryRun { try commit(call.resource, .update, old: present, new) }
        return Answer(status: 201, body: .json(Self.done))
    }

    private func evict(_ call: Call) throws(KubernetesStatus) -> Answer {
        let eviction = try json(call)
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        var options = try DeleteOptions(eviction["deleteOptions"], call.target)
        options.isDryRun = options.isDryRun || call.isDryRun
        try meetBudget(of: present, isDryRun: options.isDryRun)
        try delete(call.resource, present, options)
        return Answer(status: 201, body: .json(Self.done))
    }

    // MARK: Scale

    private func scalePaths(_ resource: ServedResource) -> ScalePaths {
        if case .custom(let shape) = resource.shape, let paths = shape.scale { return paths }
        return .builtIn
    }

    /// The `Scale` of an object.
    func scale(_ resource: ServedResource, _ stored: StoredObject) throws(KubernetesStatus) -> JSONValue {
        scale(resource, try object(stored), stored.revision)
    }

    private func scale(_ resource: ServedResource, _ object: ResourceObject, _ revision: Int64) -> JSONValue {
        let paths = scalePaths(resource)
        let content = JSONValue.object(object.content)
        var metadata: JSONObject = ["name": .string(object.metadata.name)]
        if !object.metadata.namespace.isEmpty { metadata["namespace"] = .string(object.metadata.namespace) }
        metadata["uid"] = .string(object.metadata.uid)
        metadata["resourceVersion"] = .string(String(revision))
        metadata["creationTimestamp"] = .string(object.metadata.creationTimestamp)
        var spec: JSONObject = [:]
        if let replicas = content[path: paths.replicas], replicas != 0 { spec["replicas"] = replicas }
        var status: JSONObject = ["replicas": content[path: paths.statusReplicas] ?? 0]
        if let path = paths.selector, let selector = content[path: path] {
            status["selector"] = paths.isSelectorObject ? .string(SelectorText.describe(selector)) : selector
        }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata),
            "spec": .object(spec),
            "status": .object(status),
        ]
    }

    /// Applies a `Scale`: its number of replicas, as part of the object.
    func applyScale(_ call: Call) throws(KubernetesStatus) -> Answer {
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        var config: JSONValue = [:]
        if let replicas = call.appliedConfiguration["spec"]?["replicas"] {
            config.set(scalePaths(call.resource).replicas, replicas)
        }
        let old = try object(present)
        let owners: [ManagedFieldsEntry]
        do {
            owners = try fieldManager(call.resource, .scale).apply(
                .init(config: config, writer: call.writer, force: call.target.truth("force") ?? false),
                to: ownable(old, call.resource),
                old.metadata.managedFields
            ).managed
        } catch {
            switch error {
            case .conflicts(let conflicts): throw Refusal.applyConflict(conflicts)
            case .mistake(let mistake):
                throw Refusal.internalError("failed to create typed patch object: \(mistake.description)")
            }
        }
        let scale = MergePatch.apply(call.appliedConfiguration, to: try self.scale(call.resource, present))
        return try setScale(call, present, scale, owners: owners)
    }

    func updateScale(_ call: Call) throws(KubernetesStatus) -> Answer {
        let body = try json(call)
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        return try setScale(call, present, body)
    }

    func patchScale(_ call: Call, _ present: StoredObject) throws(KubernetesStatus) -> Answer {
        let before = try scale(call.resource, present)
        if call.body.mediaType == "application/strategic-merge-patch+json",
            case .json(let patch, _, _) = call.body
        {
            // A Scale has no lists: the strategic patch is a merge patch.
            return try setScale(call, present, MergePatch.apply(patch, to: before))
        }
        return try setScale(call, present, try patched(before, call))
    }

    private func setScale(
        _ call: Call,
        _ present: StoredObject,
        _ scale: JSONValue,
        owners: [ManagedFieldsEntry]? = nil
    ) throws(KubernetesStatus) -> Answer {
        let replicas = scale["spec"]?["replicas"] ?? 0
        guard let count = replicas.intValue else {
            throw Refusal.badRequest(
                "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal into Go struct field "
                    + "ScaleSpec.spec.replicas of type int32"
            )
        }
        if count < 0 {
            var errors = FieldErrors()
            errors.invalid(
                FieldPath("spec")["replicas"],
                .integer(Int64(count)),
                "must be greater than or equal to 0"
            )
            throw errors.status(kind: "Scale", group: "autoscaling", name: call.name)
        }
        var new = try object(present)
        new.metadata.resourceVersion = scale["metadata"]?["resourceVersion"]?.stringValue ?? ""
        if new.metadata.resourceVersion.isEmpty { new.metadata.resourceVersion = String(present.revision) }
        new.set(scalePaths(call.resource).replicas, .integer(Int64(count)))
        let (stored, shown) = try store(
            call.resource,
            present,
            new,
            by: call.writer,
            owners: owners,
            subresource: .scale,
            isDryRun: call.isDryRun
        )
        let answer = self.scale(call.resource, shown, stored?.revision ?? present.revision)
        return Answer(body: .json(answer))
    }
}

/// Label selectors as text, as `Scale` shows them.
enum SelectorText {
    /// `app=web,tier in (a,b)`.
    static func describe(_ selector: JSONValue) -> String {
        var parts: [String] = []
        for label in selector["matchLabels"]?.objectValue ?? [:] {
            parts.append("\(label.key)=\(label.value.stringValue ?? "")")
        }
        for expression in selector["matchExpressions"]?.arrayValue ?? [] {
            let key = expression["key"]?.stringValue ?? ""
            let values = (expression["values"]?.arrayValue ?? []).compactMap(\.stringValue).sorted()
            switch expression["operator"]?.stringValue {
            case "In": parts.append("\(key) in (\(values.joined(separator: ",")))")
            case "NotIn": parts.append("\(key) notin (\(values.joined(separator: ",")))")
            case "Exists": parts.append(key)
            default: parts.append("!\(key)")
            }
        }
        return parts.sorted().joined(separator: ",")
    }
}
