// SPDX-License-Identifier: Apache-2.0
import JSON

/// How values of a type are merged and whose parts can have owners of their own.
///
/// Nodes name each other by their places, since types contain themselves.
///
/// - Source: structured merge in the Kubernetes documentation on server-side apply (documented).
struct MergeSchema: Sendable {
    /// A type.
    enum Node: Sendable {
        /// One value without parts.
        case scalar
        /// A list or map that has one owner as a whole.
        case atomic
        /// Whatever comes: maps by their members, everything else as one value.
        case deduced
        /// A list whose items are their own keys.
        case set
        /// A list of objects that are told apart by these members; their values when they are missing.
        case keyed([Key], element: Int)
        /// A map from texts.
        case map(element: Int)
        /// An object with known members.
        case structure(Structure)
    }

    /// A member that tells items of a list apart.
    struct Key: Sendable {
        let name: String
        let defaultValue: JSONValue?
    }

    /// An object with known members.
    struct Structure: Sendable {
        /// The places of members in the two lists that follow.
        let places: [String: Int]
        /// How sets of fields write the members, `f:name`.
        let labels: [String]
        let nodes: [Int]
        /// The type of members that are not known; nil when there may be none.
        let others: Int?
    }

    private(set) var nodes: [Node]

    static let scalarPlace = 0
    static let atomicPlace = 1
    static let deducedPlace = 2
    static let setPlace = 3

    private init() {
        nodes = [.scalar, .atomic, .deduced, .set]
    }

    private mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    private static func structure(
        _ members: [(name: String, node: Int)],
        others: Int? = nil
    ) -> Structure {
        var places: [String: Int] = [:]
        for (place, member) in members.enumerated() { places[member.name] = place }
        return Structure(
            places: places,
            labels: members.map { "f:\($0.name)" },
            nodes: members.map(\.node),
            others: others
        )
    }

    // MARK: Built-in types

    /// The built-in types; type number n of the schema is node number `builtInStart + n`.
    static let builtIn: MergeSchema = {
        var merge = MergeSchema()
        let schema = Schema.builtIn
        let first = merge.nodes.count
        merge.nodes += Array(repeating: .scalar, count: schema.structures.count)
        let exceptions = MergeExceptions.read(schema)
        for (place, structure) in schema.structures.enumerated() {
            if exceptions.atomicTypes.contains(place) {
                merge.nodes[first + place] = .atomic
                continue
            }
            let members = structure.fields.map { field in
                let words = exceptions.fields["\(structure.name).\(field.name)"]
                return (field.name, merge.node(field, words, schema, first))
            }
            merge.nodes[first + place] = .structure(Self.structure(members))
        }
        return merge
    }()

    /// The node of a built-in type.
    static func builtIn(_ place: Int) -> Int { setPlace + 1 + place }

    private mutating func node(
        _ field: SchemaField,
        _ exception: [String]?,
        _ schema: Schema,
        _ first: Int
    ) -> Int {
        if let exception, exception == ["atomic"] { return Self.atomicPlace }
        guard case .list(let inner) = field.value else { return node(field.value, first) }
        if let exception {
            return exception == ["set"] ? Self.setPlace : keyed(exception, inner, schema, first)
        }
        switch field.merge {
        case .replace: return Self.atomicPlace
        case .set: return Self.setPlace
        case .byKey(let key): return keyed([key], inner, schema, first)
        }
    }

    private mutating func keyed(
        _ keys: [String],
        _ inner: SchemaValue,
        _ schema: Schema,
        _ first: Int
    ) -> Int {
        guard case .structure(let place) = inner else { return Self.setPlace }
        let all = keys.sorted().map { key in
            Key(name: key, defaultValue: schema.structures[place].field(key)?.defaultValue)
        }
        return add(.keyed(all, element: first + place))
    }

    private mutating func node(_ value: SchemaValue, _ first: Int) -> Int {
        switch value {
        case .structure(let place): first + place
        case .map(let inner): add(.map(element: node(inner, first)))
        case .list: Self.atomicPlace
        case .any: Self.deducedPlace
        default: Self.scalarPlace
        }
    }

    // MARK: Custom resources

    /// The type of objects of a custom resource.
    ///
    /// - Returns: The schema, and the node of whole objects.
    static func custom(_ schema: StructuralSchema) -> (MergeSchema, root: Int) {
        var merge = MergeSchema()
        let root = merge.node(schema, isRoot: true)
        return (merge, root)
    }

    private mutating func node(_ schema: StructuralSchema, isRoot: Bool = false) -> Int {
        if schema.isIntOrString { return Self.scalarPlace }
        switch schema.type {
        case "array":
            switch schema.listType {
            case "set": return Self.setPlace
            case "map":
                guard let item = schema.items.first else { return Self.atomicPlace }
                let keys = schema.mapKeys.sorted().map { key in
                    Key(name: key, defaultValue: item.properties[key]?.defaultValue)
                }
                return add(.keyed(keys, element: node(item)))
            default: return Self.atomicPlace
            }
        case "object", "":
            if schema.mapType == "atomic" { return Self.atomicPlace }
            if schema.type.isEmpty, schema.properties.isEmpty, !isRoot { return Self.deducedPlace }
            var members = schema.names.compactMap { name in
                schema.properties[name].map { (name, node($0)) }
            }
            if isRoot || schema.isEmbedded {
                members.removeAll { ["apiVersion", "kind", "metadata"].contains($0.0) }
                members += [("apiVersion", Self.scalarPlace), ("kind", Self.scalarPlace)]
                members.append(("metadata", isRoot ? objectMeta() : Self.deducedPlace))
            }
            let others =
                schema.additional.first.map { node($0) } ?? (schema.keepsUnknown ? Self.deducedPlace : nil)
            if members.isEmpty, let others, !isRoot {
                return schema.keepsUnknown && schema.additional.isEmpty
                    ? Self.deducedPlace : add(.map(element: others))
            }
            return add(.structure(Self.structure(members, others: others)))
        default: return Self.scalarPlace
        }
    }

    /// The metadata of objects: labels and annotations by key, finalizers as a set, owners by uid.
    private mutating func objectMeta() -> Int {
        let texts = add(.map(element: Self.scalarPlace))
        let owners = add(.keyed([Key(name: "uid", defaultValue: nil)], element: Self.atomicPlace))
        let names = [
            "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generateName",
            "generation", "name", "namespace", "resourceVersion", "selfLink", "uid",
        ]
        var members = names.map { ($0, Self.scalarPlace) }
        members += [("annotations", texts), ("finalizers", Self.setPlace), ("labels", texts)]
        members += [("managedFields", Self.atomicPlace), ("ownerReferences", owners)]
        return add(.structure(Self.structure(members)))
    }
}
