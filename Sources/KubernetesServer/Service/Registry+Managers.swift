// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    /// The server itself, where it changes objects.
    static let ownName = "kube-apiserver"

    /// The field manager for writes to a resource.
    func fieldManager(_ resource: ServedResource, _ subresource: ServedResource.Subresource?) -> FieldManager
    {
        let isStatus = subresource == .status
        let hasStatus = resource.rules.hasStatus
        let keepsMetadata = resource.rules.statusMetadata == .fixed
        let (schema, root) = resource.merging
        return FieldManager(
            schema: schema,
            root: root,
            apiVersion: resource.type.apiVersion,
            now: now,
            ignores: { step in
                guard isStatus else { return hasStatus && step == "f:status" }
                return step != "f:status" && (step != "f:metadata" || keepsMetadata)
            }
        )
    }

    /// An object as the field manager looks at it.
    func ownable(_ object: ResourceObject, _ resource: ServedResource) -> JSONValue {
        let content = resource.isNewEvents ? EventRules.asNew(object.content) : object.content
        var members: [JSONObject.Member] = []
        members.reserveCapacity(content.count + 1)
        members.append(.init(key: "metadata", value: .object(object.metadata.ownable)))
        return .object(JSONObject(distinct: members + content.members))
    }

    /// The owners of a new object.
    func managers(
        ofNew object: ResourceObject,
        _ resource: ServedResource,
        _ writer: FieldWriter
    ) -> [ManagedFieldsEntry] {
        var empty: JSONValue = ["metadata": [:]]
        if case .builtIn(let place) = resource.shape, var members = Schema.builtIn.empty[place].objectValue {
            members["metadata"] = [:]
            empty = .object(members)
        }
        let new = ownable(object, resource)
        let manager = fieldManager(resource, nil)
        return manager.update(empty, new, object.metadata.managedFields, by: writer)
    }

    /// The owners after an update.
    func managers(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ resource: ServedResource,
        _ subresource: ServedResource.Subresource?,
        _ writer: FieldWriter
    ) -> [ManagedFieldsEntry] {
        var given = old.metadata.managedFields
        if subresource == nil {
            if new.metadata.forgetsManagers { return [] }
            if !new.metadata.managedFields.isEmpty { given = new.metadata.managedFields }
        }
        // Without owners nobody has begun to keep them.
        if given.isEmpty { return [] }
        let manager = fieldManager(resource, subresource)
        return manager.update(ownable(old, resource), ownable(new, resource), given, by: writer)
    }

    // MARK: Server-side apply

    func apply(_ call: Call) throws(KubernetesStatus) -> Answer {
        let config = try configuration(call)
        let force = call.target.truth("force") ?? false
        let application = FieldManager.Application(config: config, writer: call.writer, force: force)
        let manager = fieldManager(call.resource, call.subresource)
        try check(config, manager, call)
        let given = call.appliedConfiguration
        guard let present = find(call.resource, call.namespace, call.name) else {
            return try applyNew(call, application, manager, given)
        }
        let old = try object(present)
        var managed = old.metadata.managedFields
        if managed.isEmpty {
            managed = managers(ofNew: old, call.resource, FieldWriter(manager: "before-first-apply"))
        }
        let live = ownable(old, call.resource)
        let (merged, owners) = try result(application, manager, call, live, managed)
        var decoded = try decodeApplied(merged ?? live, old.metadata, given, call)
        decoded.object.metadata.managedFields = owners
        if decoded.object.metadata.resourceVersion.isEmpty {
            decoded.object.metadata.resourceVersion = String(present.revision)
        }
        return try replace(call, present, decoded, owners: owners)
    }

    private func result(
        _ application: FieldManager.Application,
        _ manager: FieldManager,
        _ call: Call,
        _ live: JSONValue,
        _ managed: [ManagedFieldsEntry]
    ) throws(KubernetesStatus) -> (JSONValue?, [ManagedFieldsEntry]) {
        let isKubectl = application.writer.manager == "kubectl" && application.writer.subresource.isEmpty
        do {
            let (object, owners) = try manager.apply(application, to: live, managed)
            let updated = isKubectl ? LastApplied.update(object ?? live, call.appliedConfiguration) : nil
            return (updated ?? object, owners)
        } catch {
            switch error {
            case .mistake(let mistake): throw unfit(mistake, call)
            case .conflicts(let found):
                // What kubectl applied in the old way it may take over.
                let left = isKubectl ? LastApplied.unexplained(found, live, manager) : found
                if !left.isEmpty { throw Refusal.applyConflict(left) }
                let forced = FieldManager.Application(
                    config: application.config,
                    writer: application.writer,
                    force: true
                )
                return try result(forced, manager, call, live, managed)
            }
        }
    }

    private func applyNew(
        _ call: Call,
        _ application: FieldManager.Application,
        _ manager: FieldManager,
        _ given: JSONValue
    ) throws(KubernetesStatus) -> Answer {
        if call.subresource != nil { throw Refusal.notFound(call.resource.type, call.name) }
        if let uid = given["metadata"]?["uid"]?.stringValue, !uid.isEmpty {
            throw Refusal.conflict(
                call.resource.type,
                call.name,
                "uid mismatch: the provided object specified uid \(uid), and no existing object was found"
            )
        }
        let (merged, owners) = try result(application, manager, call, ["metadata": [:]], [])
        let metadata = ObjectMetadata(given["metadata"]?.objectValue ?? [:])
        var decoded = try decodeApplied(merged ?? ["metadata": [:]], metadata, given, call)
        decoded.object.metadata.managedFields = owners
        return try create(call, decoded, isApplied: true)
    }

    /// What is applied, as the field manager looks at it.
    private func configuration(_ call: Call) throws(KubernetesStatus) -> JSONValue {
        let type = call.resource.type
        switch call.body {
        case .json: break
        case .broken(let error, _): throw Refusal.badRequest("error decoding YAML: \(error)")
        default: throw Refusal.badRequest("error decoding YAML: the body is empty")
        }
        guard var config = call.appliedConfiguration.objectValue else {
            throw Refusal.badRequest("error decoding YAML: an object is expected")
        }
        let version = config["apiVersion"]?.stringValue ?? ""
        let kind = config["kind"]?.stringValue ?? ""
        if version != type.apiVersion || kind != type.kind {
            let group = version.split(separator: "/", omittingEmptySubsequences: false)
            let full = group.count > 1 ? version : "/\(version)"
            throw Refusal.internalError("invalid object type: \(full), Kind=\(kind)")
        }
        if config["metadata"]?["managedFields"]?.arrayValue?.isEmpty == false {
            throw Refusal.badRequest("metadata.managedFields must be nil")
        }
        var metadata = config["metadata"]?.objectValue ?? [:]
        let kept = ["annotations", "finalizers", "generateName", "labels", "ownerReferences"]
        metadata.filter { kept.contains($0.key) }
        for name in ["kind", "apiVersion", "metadata"] { config[name] = nil }
        if !metadata.isEmpty { config["metadata"] = .object(metadata) }
        return .object(config)
    }

    private func check(_ config: JSONValue, _ manager: FieldManager, _ call: Call) throws(KubernetesStatus) {
        do {
            try ValueMerge(schema: manager.schema).check(call.appliedConfiguration, manager.root)
        } catch {
            throw unfit(error, call)
        }
    }

    private func unfit(_ mistake: MergeMistake, _ call: Call) -> KubernetesStatus {
        let metadata = call.appliedConfiguration["metadata"]
        let namespace = metadata?["namespace"]?.stringValue ?? ""
        let name = metadata?["name"]?.stringValue ?? ""
        let type = call.resource.type
        let version = type.group.isEmpty ? "/\(type.version)" : type.apiVersion
        return Refusal.internalError(
            "failed to create typed patch object (\(namespace)/\(name); \(version), Kind=\(type.kind)): "
                + mistake.description
        )
    }

    /// Brings what came of an apply into form.
    private func decodeApplied(
        _ merged: JSONValue,
        _ metadata: ObjectMetadata,
        _ given: JSONValue,
        _ call: Call
    ) throws(KubernetesStatus) -> DecodedObject {
        var metadata = metadata
        metadata.managedFields = []
        var members = metadata.json
        for name in ["annotations", "finalizers", "labels", "ownerReferences"] {
            members[name] = merged["metadata"]?[name]
        }
        for name in ["name", "namespace", "uid", "resourceVersion"] {
            if let value = given["metadata"]?[name] { members[name] = value }
        }
        var whole = merged
        whole["metadata"] = .object(members)
        do {
            var (object, unknown) = try decode(whole, call.resource)
            if object.metadata.namespace.isEmpty { object.metadata.namespace = call.namespace }
            let warnings = unknown.map { "unknown field \"\($0)\"" }
            var decoded = DecodedObject(object: object, warnings: warnings)
            try checkNames(&decoded.object, call)
            return decoded
        } catch let mistake as DecodingMistake {
            let type = call.resource.type
            throw Refusal.badRequest(
                "\(type.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): \(mistake.message)"
            )
        } catch let status as KubernetesStatus {
            throw status
        } catch {
            throw Refusal.internalError("\(error)")
        }
    }
}

extension Call {
    /// The body of an apply.
    var appliedConfiguration: JSONValue {
        if case .json(let value, _, _) = body { value } else { .null }
    }

    /// Who writes.
    var writer: FieldWriter {
        FieldWriter(manager: manager, subresource: subresource?.rawValue ?? "")
    }

    private var manager: String {
        if let given = target["fieldManager"], !given.isEmpty { return given }
        let beginning = userAgent.prefix { $0 != "/" }
        if beginning.utf8.count <= 128, beginning.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) {
            return String(beginning)
        }
        var name = ""
        for scalar in beginning.unicodeScalars {
            let isPlain = scalar == " " || !(scalar.properties.isWhitespace || scalar.value < 32)
            guard isPlain, scalar.value != 127 else { continue }
            if name.utf8.count + UTF8.width(scalar) > 128 { break }
            name.unicodeScalars.append(scalar)
        }
        return name
    }

    /// Checks the parameters that say who writes.
    ///
    /// - Throws: `KubernetesStatus` for a name that is too long or missing, or a misplaced `force`.
    func checkWriter() throws(KubernetesStatus) {
        let isApply = verb == .patch && body.mediaType.hasPrefix("application/apply-patch")
        let name = target["fieldManager"] ?? ""
        var errors = FieldErrors()
        let path = FieldPath("fieldManager")
        if isApply, name.isEmpty { errors.required(path, "is required for apply patch") }
        if verb == .patch, !isApply, target["force"] != nil {
            errors.forbidden(FieldPath("force"), "may not be specified for non-apply patch")
        }
        if name.unicodeScalars.count > 128 { errors.tooLong(path, limit: 128) }
        let hasControls = name.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
        if hasControls { errors.invalid(path, .string(name), "should only contain printable characters") }
        if errors.isEmpty { return }
        let kind = verb == .create ? "CreateOptions" : verb == .update ? "UpdateOptions" : "PatchOptions"
        throw errors.status(kind: kind, group: "meta.k8s.io", name: "")
    }
}
