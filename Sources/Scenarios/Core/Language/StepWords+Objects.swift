// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension StepWord {
    static let apply: StepWord = {
        let path = ClusterRecord.manifestPath
        let shape = ValueShape.either([path.shape, .tree, .list(.either([path.shape, .tree]))])
        let reader = Reader<StepAction>(shape) { node, decoding in
            let items = node.items ?? [node]
            if items.isEmpty {
                decoding.mistake(
                    node.mark,
                    "apply needs a path or an object, found an empty list",
                    "write a path such as manifests/cafe.yaml"
                )
            }
            let objects = items.compactMap { item in
                item.entries == nil ? path.read(item, decoding) : decoding.inlineObjects(item)
            }
            return .apply(objects.flatMap(\.self))
        }
        return StepWord(
            "apply",
            "Creates or changes objects as `kubectl apply` does: manifest paths, or the objects themselves.",
            example: "apply: ../fixtures/cafe/50-ingress.yaml",
            reader
        )
    }()

    static let delete: StepWord = {
        let target = ObjectTarget()
        let shorthand = Reader<StepAction>(
            .scalar(ScalarShape("an object or a path", example: "ingress/cafe or manifests/cafe.yaml"))
        ) { node, decoding in
            if let text = node.scalar?.text, !SourcePath.isManifest(text),
                let reference = decoding.reference(text)
            {
                decoding.checkExists(reference, at: node.mark)
                return .delete([reference])
            }
            guard let objects = decoding.manifests(at: node) else { return nil }
            return .delete(
                objects.compactMap { object in
                    let object = object.object
                    guard let type = decoding.type(named: object.kind, at: node.mark) else { return nil }
                    let namespace = object.namespace.isEmpty ? "default" : object.namespace
                    return ObjectReference(type: type, namespace: namespace, name: object.name)
                }
            )
        }
        let record = Record<StepAction>("delete", fields: target.fields, shorthand: shorthand) { members in
            target.read(members, in: "delete").map { .delete([$0]) }
        }
        return StepWord(
            "delete",
            "Deletes an object, or all objects of a manifest.",
            example: "delete: {ingress: cafe}",
            record.reader
        )
    }()

    static let export: StepWord = {
        let target = ObjectTarget()
        let record = Record<StepAction>("export", fields: target.fields) { members in
            guard let reference = target.read(members, in: "export") else { return nil }
            members.decoding.exported.append(reference)
            return .export(reference)
        }
        return StepWord(
            "export",
            "Keeps an object as `kubectl get -o yaml` writes it, with the labels and annotations that it has now.",
            example: "export: {ingress: cafe}",
            record.reader
        )
    }()

    static let restore: StepWord = {
        let target = ObjectTarget(takesKind: false)
        let newName = Field(
            "as",
            .text("a name", example: "cafe-again"),
            "Its new name; its old one without it."
        )
        let record = Record<StepAction>("restore", fields: target.fields + [AnyField(newName)]) { members in
            guard let reference = target.read(members, in: "restore") else { return nil }
            if !members.decoding.exported.contains(reference) {
                members.decoding.mistake(
                    members.mark,
                    "nothing before this step exports the \(reference.type.kind) \"\(reference.name)\"",
                    "put a step `export: {\(reference.type.kind.lowercased()): \(reference.name)}` before it"
                )
            }
            let name = members[newName] ?? reference.name
            members.decoding.learnCopy(of: reference, named: name)
            return .restore(reference, name: name)
        }
        return StepWord(
            "restore",
            "Makes an object again from what `export` kept, under the same name or another.",
            example: "restore: {ingress: cafe, as: cafe-again}",
            record.reader
        )
    }()

    static let patch: StepWord = {
        let target = ObjectTarget()
        let merge = Field("merge", .object, "A JSON merge patch: members to set, null to remove.")
        let strategic = Field("strategic", .object, "A strategic merge patch, as `kubectl patch` sends.")
        let json = Field("json", operations, "A JSON patch: a list of operations.")
        let fields = target.fields + [AnyField(merge), AnyField(strategic), AnyField(json)]
        let record = Record<StepAction>("patch", fields: fields) { members in
            let reference = target.read(members, in: "patch")
            guard let key = members.one(of: ["merge", "strategic", "json"], in: "patch"), let reference else {
                return nil
            }
            let patch: Patch? =
                switch key {
                case "merge": members[merge].map(Patch.merge)
                case "strategic": members[strategic].map(Patch.strategic)
                default: members[json].map(Patch.json)
                }
            return patch.map { .patch(reference, $0) }
        }
        return StepWord(
            "patch",
            "Changes a part of an object.",
            example: "patch: {ingress: cafe, merge: {metadata: {annotations: {a: b}}}}",
            record.reader
        )
    }()

    /// The operations of a JSON patch.
    private static let operations = Reader<JSONValue>(.list(.tree)) { node, decoding in
        guard let items = node.items else {
            decoding.mistake(
                node.mark,
                "expected a list of operations, found \(node.found)",
                "write - {op: replace, path: /spec/replicas, value: 3}"
            )
            return nil
        }
        let known = ["add", "remove", "replace", "move", "copy", "test"]
        for item in items {
            let operation = item["op"]?.scalar?.text ?? ""
            if !known.contains(operation) {
                decoding.mistake(
                    (item["op"] ?? item).mark,
                    "expected an operation, found \"\(operation)\"",
                    NearMiss.help(for: operation, among: known)
                )
            } else if item["path"]?.scalar?.text.hasPrefix("/") != true {
                decoding.mistake(
                    (item["path"] ?? item).mark,
                    "an operation needs a path that begins with '/'",
                    "write path: /spec/replicas"
                )
            }
        }
        return decoding.json(node)
    }

    static let scale: StepWord = {
        let target = ObjectTarget([.deployments, .replicaSets], takesKind: false)
        let replicas = Field("replicas", .integer(0...5000), "How many pods there should be.").required
        let record = Record<StepAction>("scale", fields: target.fields + [AnyField(replicas)]) { members in
            guard let reference = target.read(members, in: "scale"), let count = members[replicas] else {
                return nil
            }
            return .scale(reference, replicas: count)
        }
        return StepWord(
            "scale",
            "Sets the number of replicas.",
            example: "scale: {deployment: tea, replicas: 5}",
            record.reader
        )
    }()

    static let setImage: StepWord = {
        let target = ObjectTarget([.deployments], takesKind: false)
        let container = Field(
            "container",
            .text("a container's name", example: "tea"),
            "The container; may be left out when there is one."
        )
        let image = Field("image", .text("an image", example: "tea:v2"), "The new image.").required
        let fields = target.fields + [AnyField(container), AnyField(image)]
        let record = Record<StepAction>("set-image", fields: fields) { members in
            guard let reference = target.read(members, in: "set-image"), let newImage = members[image],
                let name = containerName(members, members[container], of: reference)
            else { return nil }
            return .setImage(reference, container: name, image: newImage)
        }
        return StepWord(
            "set-image",
            "Sets a container's image, which begins a rolling update.",
            example: "set-image: {deployment: tea, container: tea, image: \"tea:v2\"}",
            record.reader
        )
    }()

    /// The container that is meant; reports one that the Deployment has not.
    private static func containerName(
        _ members: Members,
        _ wanted: String?,
        of reference: ObjectReference
    ) -> String? {
        let object = members.decoding.manifest(of: reference)
        let containers = object?[path: "spec", "template", "spec", "containers"]?.arrayValue ?? []
        let names = containers.compactMap { $0["name"]?.stringValue }
        guard let wanted else {
            if names.count == 1 { return names[0] }
            // A Deployment that is nowhere has been reported already.
            if !members.has("container"), object != nil {
                members.decoding.mistake(
                    members.mark,
                    "set-image needs \"container\"",
                    names.isEmpty ? "add `container: …`" : "one of \(names.joined(separator: ", "))"
                )
            }
            return nil
        }
        if !names.isEmpty, !names.contains(wanted) {
            members.mistake(
                "container",
                "\(reference.type.kind) \"\(reference.name)\" has no container \"\(wanted)\"",
                NearMiss.help(for: wanted, among: names)
            )
        }
        return wanted
    }
}
