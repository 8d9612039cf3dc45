// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// A resource as the server serves it: an entry of the one table that every verb looks into.
final class ServedResource: Sendable {
    /// How objects are read.
    enum Shape: Sendable {
        /// By a type of the built-in schema, given by its place.
        case builtIn(Int)
        /// By a definition of a custom resource.
        case custom(CustomShape)
    }

    /// A part of an object with a path of its own.
    enum Subresource: String, Sendable, CaseIterable {
        case attach, binding, ephemeralcontainers, eviction, exec, finalize, log, portforward, resize, scale
        case status, token

        /// True for what the node of a pod answers.
        var isOfNode: Bool { [.attach, .exec, .log, .portforward].contains(self) }

        /// True for what writes a part of a pod's spec.
        var isPartOfPod: Bool { self == .ephemeralcontainers || self == .resize }
    }

    /// A field that selectors may name.
    struct SelectableField: Sendable {
        let name: String
        let path: [String]
        /// What it is when it is missing.
        var missing = ""
    }

    let type: ResourceType
    /// Under which name objects are stored: one store may have two views.
    let storage: String
    let shape: Shape
    let rules: KindRules
    let verbs: [String]
    let subresources: [Subresource]
    let fields: [SelectableField]
    /// What every answer warns of.
    let warning: String?
    /// True for the view of events in `events.k8s.io`.
    let isNewEvents: Bool
    /// True for what is answered and not kept.
    let isReview: Bool
    /// How the table of resources names it.
    let key: String
    /// The beginning of an object, up to its resourceVersion.
    let head: String
    /// How objects are merged, and the type of whole ones.
    let merging: (schema: MergeSchema, root: Int)

    static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    init(
        _ type: ResourceType,
        storage: String? = nil,
        shape: Shape,
        rules: KindRules,
        verbs: [String] = ServedResource.allVerbs,
        subresources: [Subresource] = [],
        fields: [SelectableField] = [],
        warning: String? = nil,
        isNewEvents: Bool = false,
        isReview: Bool = false
    ) {
        self.type = type
        key = ResourcePath.key(type.group, type.version, type.plural)
        head =
            "{\"kind\":\"\(type.kind)\",\"apiVersion\":\"\(type.apiVersion)\",\"metadata\":{\"resourceVersion\":\""
        self.storage = storage ?? type.qualifiedName
        self.shape = shape
        self.rules = rules
        self.verbs = verbs
        self.subresources = subresources
        var all = [SelectableField(name: "metadata.name", path: [])]
        if type.isNamespaced { all.append(SelectableField(name: "metadata.namespace", path: [])) }
        self.fields = all + fields
        self.warning = warning
        self.isNewEvents = isNewEvents
        self.isReview = isReview
        switch shape {
        case .builtIn(let place): merging = (.builtIn, MergeSchema.builtIn(place))
        case .custom(let shape): merging = MergeSchema.custom(shape.schema)
        }
    }

    /// The columns that a definition names.
    var printerColumns: [JSONValue] {
        if case .custom(let shape) = shape { shape.printerColumns } else { [] }
    }

    var isCustom: Bool {
        if case .custom = shape { true } else { false }
    }

    /// The values of the selectable fields of an object.
    func fieldValues(_ object: ResourceObject) -> [String] {
        fields.map { field in
            if field.name == "metadata.name" { return object.metadata.name }
            if field.name == "metadata.namespace" { return object.metadata.namespace }
            guard let first = field.path.first, var value = object.content[first] else {
                return field.missing
            }
            for key in field.path.dropFirst() {
                guard let next = value[key] else { return field.missing }
                value = next
            }
            return value.stringValue ?? (value.isNull ? field.missing : value.text)
        }
    }

    /// Reads the field selector of a query.
    ///
    /// - Throws: `KubernetesStatus` for a field that can not be selected by.
    func fieldSelector(_ text: String?) throws(KubernetesStatus) -> FieldSelector {
        guard let text, !text.isEmpty else { return FieldSelector() }
        let names = fields.map(\.name)
        let isOpen = fields.count > (type.isNamespaced ? 2 : 1) || isCustom
        return try FieldSelector(text, fields: names) { name in
            isOpen
                ? "field label not supported: \(name)"
                : "\"\(name)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        }
    }
}

/// What a definition says of one version of its resource.
struct CustomShape: Sendable {
    let schema: StructuralSchema
    /// True when `status` is written by its own subresource only.
    let hasStatus: Bool
    /// Where `scale` finds its numbers; nil without the subresource.
    let scale: ScalePaths?
    /// The schema as the definition gives it.
    var document: JSONValue = [:]
    /// The columns that tables show.
    var printerColumns: [JSONValue] = []
}

/// Where `scale` finds its numbers.
struct ScalePaths: Sendable {
    let replicas: [String]
    let statusReplicas: [String]
    let selector: [String]?
    /// True when the selector is a label selector object, as built-in kinds have.
    let isSelectorObject: Bool

    static let builtIn = ScalePaths(
        replicas: ["spec", "replicas"],
        statusReplicas: ["status", "replicas"],
        selector: ["spec", "selector"],
        isSelectorObject: true
    )
}
