// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// How a step names an object: `deployment: tea`, or `kind: Deployment` and `name: tea`; and its namespace.
struct ObjectTarget: Sendable {
    private let types: [ResourceType]
    private let takesKind: Bool

    /// Takes objects of these types by their singular, and of any type by its kind.
    init(_ types: [ResourceType] = KindTable.keys, takesKind: Bool = true) {
        self.types = types
        self.takesKind = takesKind
    }

    static let namespace = Field(
        "namespace",
        .text("a namespace", example: "default"),
        "The object's namespace; `default` without it."
    )
    private static let kind = Field("kind", .text("a kind", example: "Ingress"), "The object's kind.")
    private static let name = Field(
        "name",
        .text("a name", example: "cafe"),
        "The object's name, beside its kind."
    )

    private func field(_ type: ResourceType) -> Field<String> {
        Field(type.singular, .text("a name", example: "cafe"), "The \(type.kind)'s name.")
    }

    var fields: [AnyField] {
        types.map { AnyField(field($0)) } + (takesKind ? [AnyField(Self.kind), AnyField(Self.name)] : [])
            + [AnyField(Self.namespace)]
    }

    /// The object that the members name; reports when it is none, or one that is nowhere in the manifests.
    func read(_ members: Members, in word: String) -> ObjectReference? {
        let keys = types.map(\.singular)
        guard let key = members.one(of: keys + (takesKind ? ["kind"] : []), in: word) else { return nil }
        var type = types.first { $0.singular == key }
        var name = type.flatMap { members[field($0)] }
        if type == nil, let kind = members[Self.kind] {
            type = members.decoding.type(named: kind, at: members.valueMark("kind"))
            name = members[Self.name]
            if name == nil, !members.has("name") {
                members.mistake("kind", "\(word) needs the \(kind)'s name", "add `name: …`")
            }
        } else if members.has("name") {
            members.misplaced("name", "\"name\" belongs to \"kind\"", "the name stands after `\(key):`")
        }
        guard let type, let name else { return nil }
        let reference = ObjectReference(
            type: type,
            namespace: members[Self.namespace] ?? "default",
            name: name
        )
        members.decoding.checkExists(reference, at: members.valueMark(key == "kind" ? "name" : key))
        return reference
    }
}

extension Decoding {
    /// Finds a kind; reports when there is none.
    func type(named kind: String, at mark: YAMLNode.Mark) -> ResourceType? {
        if let type = kinds.type(named: kind) { return type }
        let help = NearMiss.nearest(to: kind, in: kinds.kinds).map { "did you mean \"\($0)\"?" }
        mistake(mark, "unknown kind \"\(kind)\"", help ?? "kinds: \(kinds.kinds.joined(separator: ", "))")
        return nil
    }

    /// Reads `ingress/cafe`; nil without a report when it has not that form.
    func reference(_ text: String, namespace: String = "default") -> ObjectReference? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, let type = kinds.type(named: String(parts[0])) else {
            return nil
        }
        return ObjectReference(type: type, namespace: namespace, name: String(parts[1]))
    }

    /// The kinds that people write; all others are made by controllers, and nobody knows their names before.
    private static let written: [ResourceType] = [
        .deployments, .ingresses, .services, .configMaps, .ingressClasses, .albConfigs, .secrets,
    ]

    /// Reports an object that no manifest of the scenario has.
    func checkExists(_ reference: ObjectReference, at mark: YAMLNode.Mark) {
        guard Self.written.contains(reference.type) else { return }
        let twins = objects.map(\.object).filter { $0.kind == reference.type.kind }
        let here = twins.filter { namespace(of: $0, reference.type) == reference.namespace }
        if here.contains(where: { $0.name == reference.name }) { return }
        let place = reference.namespace.isEmpty ? "" : " in the namespace \(reference.namespace)"
        var help = NearMiss.help(for: reference.name, among: here.map(\.name)) ?? Self.nowhereHelp
        if let elsewhere = twins.first(where: { $0.name == reference.name }) {
            help = "it is in another namespace: add `namespace: \(elsewhere.namespace)`"
        }
        mistake(
            mark,
            "no manifest of the scenario has \(reference.type.kind.article) \"\(reference.name)\"\(place)",
            help
        )
    }

    /// Takes an object for one of the scenario although it stands in no manifest: a copy of one that does.
    func learnCopy(of reference: ObjectReference, named name: String) {
        guard name != reference.name, let original = manifestObject(of: reference) else { return }
        var copy = original
        copy.json.set(["metadata", "name"], .string(name))
        learn([copy])
    }

    /// Takes a Secret for one of the scenario that a step makes.
    func learnSecret(_ reference: ObjectReference, at mark: YAMLNode.Mark) {
        guard manifestObject(of: reference) == nil else { return }
        let secret = KubernetesObject(.secrets, namespace: reference.namespace, name: reference.name, [:])
        learn([ManifestObject(json: secret.json, place: place(mark), source: source, node: nil)])
    }

    /// What to do about an object that no manifest has, nor any like it.
    static let nowhereHelp = "name its manifest under `cluster:`, `manifests:`, or in a step `apply:` before"

    /// An object's namespace once it is stored.
    private func namespace(of object: KubernetesObject, _ type: ResourceType) -> String {
        guard type.isNamespaced else { return "" }
        return object.namespace.isEmpty ? "default" : object.namespace
    }

    /// The object of a reference as a manifest has it; the last one counts.
    func manifest(of reference: ObjectReference) -> KubernetesObject? {
        manifestObject(of: reference)?.object
    }

    private func manifestObject(of reference: ObjectReference) -> ManifestObject? {
        objects.last {
            let object = $0.object
            return object.kind == reference.type.kind && object.name == reference.name
                && namespace(of: object, reference.type) == reference.namespace
        }
    }
}

extension String {
    /// The word with its article: `an Ingress`, `a Service`.
    fileprivate var article: String {
        (first.map { "AEIOU".contains($0) } ?? false ? "an " : "a ") + self
    }
}
