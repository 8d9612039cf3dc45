// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    func update(_ call: Call) throws(KubernetesStatus) -> Answer {
        try call.checkWriter()
        if call.subresource == .scale { return try updateScale(call) }
        var decoded = try decodeBody(call)
        try checkNames(&decoded.object, call)
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        // The uid of an update is a precondition.
        let uid = decoded.object.metadata.uid
        if !uid.isEmpty, uid != present.uid {
            throw Refusal.conflict(call.resource.type, call.name, wrongUID(call, uid, present))
        }
        return try replace(call, present, decoded)
    }

    private func wrongUID(_ call: Call, _ uid: String, _ present: StoredObject) -> String {
        let type = call.resource.type
        let folder = type.group.isEmpty ? type.plural : "\(type.group)/\(type.plural)"
        let place = [folder, present.namespace, present.name].filter { !$0.isEmpty }.joined(separator: "/")
        return "StorageError: invalid object, Code: 4, Key: /registry/\(place), ResourceVersion: 0, "
            + "AdditionalErrorMsg: Precondition failed: UID in precondition: \(uid), UID in object meta: \(present.uid)"
    }

    /// Checks that an object is the one that the path names.
    func checkNames(_ object: inout ResourceObject, _ call: Call) throws(KubernetesStatus) {
        let name = object.metadata.name
        if name.isEmpty {
            throw Refusal.badRequest(
                "the name of the object (\(call.name) based on URL) was undeterminable: name must be provided"
            )
        }
        if name != call.name {
            throw Refusal.badRequest(
                "the name of the object (\(name)) does not match the name on the URL (\(call.name))"
            )
        }
        try checkNamespace(&object, call)
    }

    /// Puts a new state in the place of the present one.
    func replace(
        _ call: Call,
        _ present: StoredObject,
        _ decoded: DecodedObject,
        owners: [ManagedFieldsEntry]? = nil
    ) throws(KubernetesStatus) -> Answer {
        let (stored, shown) = try store(
            call.resource,
            present,
            decoded.object,
            by: call.writer,
            owners: owners,
            subresource: call.subresource,
            isDryRun: call.isDryRun
        )
        if let stored, stored !== present,
            call.resource.type == .customResourceDefinitions
        {
            definitionWasStored(stored.name)
        }
        if let stored, stored !== present, call.subresource == nil,
            call.resource.type == BuiltInResources.budgets
        {
            budgetWasStored(stored)
        }
        let warnings =
            decoded.warnings + (call.subresource == nil ? call.resource.rules.warnings(decoded.object) : [])
        if let stored {
            return Answer(
                body: .bytes(Views.object(call.resource, call.form, stored, revision: stored.revision)),
                warnings: warnings
            )
        }
        return Answer(body: .json(self.shown(call.resource, shown, present.revision)), warnings: warnings)
    }

    /// Checks and stores a new state of an object.
    ///
    /// - Returns: The stored object; nil when it was a dry run or the object is gone with the change. And the
    ///   new state.
    @discardableResult
    func store(
        _ resource: ServedResource,
        _ present: StoredObject,
        _ given: ResourceObject,
        by writer: FieldWriter,
        owners: [ManagedFieldsEntry]? = nil,
        subresource: ServedResource.Subresource? = nil,
        isDryRun: Bool = false
    ) throws(KubernetesStatus) -> (StoredObject?, ResourceObject) {
        let old = try object(present)
        var new = given
        try checkVersion(new, present, resource)
        var given = given
        if let subresource, subresource.isPartOfPod {
            given = PodPartRules.taken(given, into: old, subresource)
            new = given
        }
        let isStatus = subresource == .status
        let owners = owners ?? managers(given, old, resource, subresource, writer)
        take(&new, old, resource, isStatus: isStatus)
        if resource.type == .namespaces, subresource == .finalize {
            new.content = old.content
            new.content["spec"] = given.content["spec"] ?? [:]
        } else if !isStatus, subresource?.isPartOfPod != true {
            resource.rules.prepareForUpdate(&new, old)
            if resource.type == .pods {
                PodRules.admitUpdate(&new)
                PodRules.keepPriority(&new, old)
            } else {
                try admitPriority(&new, resource.type)
            }
        }
        if !isStatus, resource.rules.raisesGeneration(new, old) { new.metadata.generation += 1 }
        try checkChange(&new, old, resource, subresource)
        new.metadata.resourceVersion = ""
        new.metadata.forgetsManagers = false
        new.metadata.managedFields = old.metadata.managedFields
        let changesNothing = new == old
        if !changesNothing || !owners.isSame(as: old.metadata.managedFields) {
            new.metadata.managedFields = owners
        }
        if isOver(new, old, resource) {
            if isDryRun { return (nil, new) }
            try end(resource, present)
            return (nil, new)
        }
        if isDryRun { return (nil, new) }
        var tail: [UInt8]?
        if new.metadata.managedFields == old.metadata.managedFields {
            if changesNothing { return (present, new) }
            tail = new.tail
            if tail == present.tail { return (present, new) }
        }
        return (try commit(resource, .update, old: present, new, tail: tail), new)
    }

    private func checkVersion(
        _ new: ResourceObject,
        _ present: StoredObject,
        _ resource: ServedResource
    ) throws(KubernetesStatus) {
        let version = new.metadata.resourceVersion
        if version.isEmpty || version == "0" {
            if resource.rules.allowsUnconditionalUpdate { return }
            var errors = FieldErrors()
            errors.invalid(FieldPath("metadata")["resourceVersion"], 0, "must be specified for an update")
            throw errors.status(kind: resource.type.plural, group: resource.type.group, name: present.name)
        }
        if version != String(present.revision) { throw Refusal.modified(resource.type, present.name) }
    }

    /// Gives a new state what an update can not change.
    private func take(
        _ new: inout ResourceObject,
        _ old: ResourceObject,
        _ resource: ServedResource,
        isStatus: Bool
    ) {
        new.metadata.generation = old.metadata.generation
        if new.metadata.uid.isEmpty { new.metadata.uid = old.metadata.uid }
        new.metadata.creationTimestamp = old.metadata.creationTimestamp
        if old.metadata.deletionTimestamp != nil {
            new.metadata.deletionTimestamp = old.metadata.deletionTimestamp
        }
        if new.metadata.deletionGracePeriodSeconds == nil {
            new.metadata.deletionGracePeriodSeconds = old.metadata.deletionGracePeriodSeconds
        }
        let rules = resource.rules
        if isStatus {
            let status = new.content["status"]
            new.content = old.content
            new.content["status"] = status
            switch rules.statusMetadata {
            case .writable: break
            case .exceptLabels: new.metadata.labels = old.metadata.labels
            case .exceptOwners: new.metadata.ownerReferences = old.metadata.ownerReferences
            case .fixed:
                new.metadata.labels = old.metadata.labels
                new.metadata.annotations = old.metadata.annotations
                new.metadata.finalizers = old.metadata.finalizers
                new.metadata.ownerReferences = old.metadata.ownerReferences
                new.metadata.deletionTimestamp = old.metadata.deletionTimestamp
            }
        } else if rules.hasStatus {
            new.content["status"] = old.content["status"]
        }
        if resource.isCustom { new.content.sortKeys() }
    }

    private func checkChange(
        _ new: inout ResourceObject,
        _ old: ResourceObject,
        _ resource: ServedResource,
        _ subresource: ServedResource.Subresource?
    ) throws(KubernetesStatus) {
        var errors = FieldErrors()
        MetadataValidation.checkUpdate(new.metadata, old.metadata, isBuiltIn: !resource.isCustom, &errors)
        // The real server checks the metadata in general and once more for the kind.
        errors.repeatAll()
        if subresource == .status {
            resource.rules.checkStatusUpdate(new, old, &errors)
        } else if let subresource, subresource.isPartOfPod {
            resource.rules.check(new, &errors)
            PodPartRules.check(new, old, subresource, &errors)
        } else {
            let rules = resource.rules
            if rules.checksChangeFirst { rules.checkUpdate(new, old, &errors) }
            rules.check(new, &errors)
            if !rules.checksChangeFirst { rules.checkUpdate(new, old, &errors) }
            if errors.isEmpty, resource.type == .services { services.complete(&new, old: old, &errors) }
        }
        if !errors.isEmpty { throw errors.status(errorType(resource), name: old.metadata.name) }
    }

    /// True when an object that is being deleted has nothing left to wait for.
    private func isOver(_ new: ResourceObject, _ old: ResourceObject, _ resource: ServedResource) -> Bool {
        guard old.metadata.deletionTimestamp != nil, new.metadata.finalizers.isEmpty else { return false }
        if resource.type == .namespaces {
            return (new["spec", "finalizers"]?.arrayValue ?? []).isEmpty
        }
        if resource.type == .customResourceDefinitions { return true }
        return old.metadata.deletionGracePeriodSeconds ?? 0 == 0
    }

    // MARK: Patches

    func patch(_ call: Call) throws(KubernetesStatus) -> Answer {
        let type = call.body.mediaType
        if type == "application/apply-patch+cbor" { throw Refusal.notBuilt("CBOR") }
        try call.checkWriter()
        if type == "application/apply-patch+yaml" {
            return try call.subresource == .scale ? applyScale(call) : apply(call)
        }
        let accepted = ["application/json-patch+json", "application/merge-patch+json"]
        let isStrategic = type == "application/strategic-merge-patch+json"
        if isStrategic, call.resource.isCustom {
            throw Refusal.unsupportedMedia(accepted + ["application/apply-patch+yaml"])
        }
        guard accepted.contains(type) || isStrategic else { throw Refusal.unsupportedPatch() }
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        if call.subresource == .scale { return try patchScale(call, present) }
        let before = shown(call.resource, try object(present), present.revision)
        let after = try patched(before, call)
        var decoded = try decodePatched(after, call)
        try checkNames(&decoded.object, call)
        return try replace(call, present, decoded)
    }

    private func unreadable(_ error: BodyMistake, _ call: Call) -> KubernetesStatus {
        Refusal.badRequest(
            "error decoding patch: \(error.description.contains("the end") ? "unexpected end of JSON input" : error.description)"
        )
    }

    /// Applies the patch of a call.
    func patched(_ before: JSONValue, _ call: Call) throws(KubernetesStatus) -> JSONValue {
        let patch: JSONValue
        switch call.body {
        case .json(let value, _, _): patch = value
        case .broken(let error, _): throw unreadable(error, call)
        default: throw Refusal.unsupportedPatch()
        }
        switch call.body.mediaType {
        case "application/json-patch+json":
            guard let operations = patch.arrayValue else {
                throw wrongPatch(patch, "[]handlers.jsonPatchOp")
            }
            if operations.count > JSONPatch.limit {
                throw Refusal.tooLarge(limit: JSONPatch.limit)
            }
            do {
                return try JSONPatch.apply(operations, to: before)
            } catch {
                throw KubernetesStatus(
                    code: 422,
                    reason: "Invalid",
                    message: "the server rejected our request due to an error in our request"
                )
            }
        case "application/merge-patch+json":
            guard patch.objectValue != nil else { throw wrongPatch(patch, "map[string]interface {}") }
            return MergePatch.apply(patch, to: before)
        default: return try strategic(patch, before, call.resource)
        }
    }

    private func wrongPatch(_ patch: JSONValue, _ type: String) -> KubernetesStatus {
        let word =
            switch patch {
            case .array: "array"
            case .object: "object"
            case .string: "string"
            case .integer, .number: "number"
            case .bool: "bool"
            case .null: "null"
            }
        return Refusal.badRequest(
            "error decoding patch: json: cannot unmarshal \(word) into Go value of type \(type)"
        )
    }

    private func strategic(
        _ patch: JSONValue,
        _ before: JSONValue,
        _ resource: ServedResource
    ) throws(KubernetesStatus) -> JSONValue {
        guard let changes = patch.objectValue else { throw wrongPatch(patch, "map[string]interface {}") }
        guard case .builtIn(let place) = resource.shape else { throw Refusal.unsupportedPatch() }
        do {
            return .object(try StrategicMergePatch().apply(changes, to: before.objectValue ?? [:], as: place))
        } catch {
            throw Refusal.internalError(error.message)
        }
    }

    private func decodePatched(_ json: JSONValue, _ call: Call) throws(KubernetesStatus) -> DecodedObject {
        let validation = try FieldValidation(call.target)
        let isStrategic = call.body.mediaType == "application/strategic-merge-patch+json"
        // Only a refusal shows it, and writing it costs.
        func shown() -> String {
            if isStrategic, case .json(let patch, _, _) = call.body { return GoText.describe(patch) }
            return GoText.patched(json, call.body).text
        }
        let type = call.resource.type
        let kind = json["kind"]?.stringValue ?? ""
        if kind != type.kind || json["apiVersion"]?.stringValue != type.apiVersion {
            throw Refusal.badPatch(
                shown(),
                "converting (v1.\(kind)) to (\(type.group.isEmpty ? "core" : type.group).\(type.kind)): unknown "
                    + "conversion"
            )
        }
        let (object, unknown): (ResourceObject, [String])
        do {
            (object, unknown) = try decode(json, call.resource)
        } catch {
            throw Refusal.badPatch(shown(), error.message)
        }
        let warnings = unknown.map { "unknown field \"\($0)\"" }
        if validation == .strict, !warnings.isEmpty {
            throw Refusal.badPatch(shown(), "strict decoding error: \(warnings.joined(separator: ", "))")
        }
        return DecodedObject(object: object, warnings: validation == .warn ? warnings : [])
    }
}
