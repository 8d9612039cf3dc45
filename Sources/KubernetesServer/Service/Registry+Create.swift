// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    func create(_ call: Call) throws(KubernetesStatus) -> Answer {
        try call.checkWriter()
        let decoded = try decodeBody(call)
        return try create(call, decoded)
    }

    /// Creates the object of a call; what is applied has its owners already.
    func create(
        _ call: Call,
        _ decoded: DecodedObject,
        isApplied: Bool = false
    ) throws(KubernetesStatus) -> Answer {
        var decoded = decoded
        try checkNamespace(&decoded.object, call)
        if let name = call.path.name, decoded.object.metadata.name != name {
            throw Refusal.badRequest(
                "the name of the object (\(decoded.object.metadata.name)) does not match the name on the URL (\(name))"
            )
        }
        try admit(decoded.object, call)
        let stored = try createObject(
            call.resource,
            &decoded.object,
            by: isApplied ? nil : call.writer,
            isDryRun: call.isDryRun
        )
        let warnings = decoded.warnings + call.resource.rules.warnings(decoded.object)
        if let stored {
            let bytes = Views.object(call.resource, call.form, stored, revision: stored.revision)
            if call.resource.type == .customResourceDefinitions {
                definitionWasStored(stored.name)
            }
            if call.resource.type == BuiltInResources.budgets { budgetWasStored(stored) }
            return Answer(status: 201, body: .bytes(bytes), warnings: warnings)
        }
        return Answer(status: 201, body: .json(shown(call.resource, decoded.object, nil)), warnings: warnings)
    }

    /// An object that is not stored, as it would be shown.
    func shown(_ resource: ServedResource, _ object: ResourceObject, _ revision: Int64?) -> JSONValue {
        var object = object
        if resource.isNewEvents { object.content = EventRules.asNew(object.content) }
        return object.json(
            kind: resource.type.kind,
            apiVersion: resource.type.apiVersion,
            resourceVersion: revision
        )
    }

    /// Gives an object the namespace of its path.
    func checkNamespace(_ object: inout ResourceObject, _ call: Call) throws(KubernetesStatus) {
        guard call.resource.type.isNamespaced else {
            object.metadata.namespace = ""
            return
        }
        let namespace = call.namespace
        if object.metadata.namespace.isEmpty { object.metadata.namespace = namespace }
        if object.metadata.namespace != namespace {
            throw Refusal.badRequest(
                "the namespace of the provided object does not match the namespace sent on the request"
            )
        }
    }

    /// The admission plug-in NamespaceLifecycle: nothing new where there is no namespace, or one that ends.
    private func admit(_ object: ResourceObject, _ call: Call) throws(KubernetesStatus) {
        guard call.resource.type.isNamespaced else { return }
        let name = object.metadata.namespace
        let key = StoredObject.key("", name)
        guard let namespace = stores[ResourceType.namespaces.qualifiedName]?[key] else {
            throw Refusal.notFound(.namespaces, name)
        }
        if try self.object(namespace).metadata.deletionTimestamp != nil {
            throw Refusal.terminating(call.resource.type, object.metadata.name, namespace: name)
        }
    }

    /// Prepares, checks and stores a new object.
    ///
    /// - Returns: The stored object; nil in a dry run.
    @discardableResult
    func createObject(
        _ resource: ServedResource,
        _ object: inout ResourceObject,
        by writer: FieldWriter?,
        isDryRun: Bool = false
    ) throws(KubernetesStatus) -> StoredObject? {
        if let writer {
            object.metadata.managedFields = managers(ofNew: object, resource, writer)
        }
        object.metadata.forgetsManagers = false
        let isGenerated = object.metadata.name.isEmpty && !object.metadata.generateName.isEmpty
        let beginning = object.metadata.generateName
        for _ in 0..<8 where isGenerated {
            object.metadata.name = makeName(beginning)
            if find(resource, object.metadata.namespace, object.metadata.name) == nil { break }
        }
        let givenVersion = object.metadata.resourceVersion
        try admitPriority(&object, resource.type)
        prepare(&object, resource)
        try checkNew(&object, resource)
        if !givenVersion.isEmpty {
            throw Refusal.internalError("resourceVersion should not be set on objects to be created")
        }
        if let present = find(resource, object.metadata.namespace, object.metadata.name) {
            let isTerminating = try self.object(present).metadata.deletionTimestamp != nil
            throw Refusal.alreadyExists(resource.type, object.metadata.name, isTerminating: isTerminating)
        }
        return isDryRun ? nil : try commit(resource, .create, old: nil, object)
    }

    private func prepare(_ object: inout ResourceObject, _ resource: ServedResource) {
        object.metadata.deletionTimestamp = nil
        object.metadata.deletionGracePeriodSeconds = nil
        object.metadata.creationTimestamp = now
        object.metadata.uid = makeUID()
        object.metadata.resourceVersion = ""
        let rules = resource.rules
        if rules.hasStatus, !rules.keepsStatusOnCreate, case .builtIn(let place) = resource.shape {
            object.content["status"] = emptyStatus(place)
        }
        rules.prepareForCreate(&object)
        if resource.type == .pods { takeTopology(&object) }
        if resource.type == .ingresses { chooseClass(&object) }
    }

    /// The admission plug-in PodTopologyLabels: a pod of a node has the node's zone and region.
    ///
    /// - Source: the feature PodTopologyLabelsAdmission (documented); the labels' owner is nobody (seen upstream).
    func takeTopology(_ pod: inout ResourceObject) {
        guard let name = pod["spec", "nodeName"]?.stringValue, !name.isEmpty,
            let node = stores[ResourceType.nodes.qualifiedName]?[StoredObject.key("", name)]
        else { return }
        for label in ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"] {
            if let value = node.labels[label] { pod.metadata.labels[label] = .string(value) }
        }
    }

    /// The status of a new object: what its type is when nothing is given.
    private func emptyStatus(_ place: Int) -> JSONValue? {
        guard let field = Schema.builtIn.structures[place].field("status"),
            case .structure(let inner) = field.value
        else { return nil }
        return Schema.builtIn.empty[inner]
    }

    /// The admission plug-in DefaultIngressClass: an Ingress that names none gets the class marked as default.
    private func chooseClass(_ object: inout ResourceObject) {
        guard object["spec", "ingressClassName"] == nil,
            object.metadata.annotations[IngressRules.classAnnotation] == nil,
            let classes = stores[ResourceType.ingressClasses.qualifiedName]
        else { return }
        let marked = classes.list(namespace: nil).filter { stored in
            let annotations = (try? stored.object())?.metadata.annotations
            return annotations?["ingressclass.kubernetes.io/is-default-class"] == "true"
        }
        // Of several the newest wins, and of those of one second the first by name.
        let newest = marked.max { left, right in
            let (older, newer) = (created(left), created(right))
            return older == newer ? left.name > right.name : older < newer
        }
        if let newest, var spec = object.content["spec"]?.objectValue {
            DefaultRules.insert("ingressClassName", .string(newest.name), into: &spec)
            object.content["spec"] = .object(spec)
        }
    }

    private func created(_ stored: StoredObject) -> String {
        (try? stored.object())?.metadata.creationTimestamp ?? ""
    }

    private func checkNew(_ object: inout ResourceObject, _ resource: ServedResource) throws(KubernetesStatus)
    {
        let rules = resource.rules
        var errors = FieldErrors()
        MetadataValidation.check(
            object.metadata,
            isNamespaced: resource.type.isNamespaced,
            nameRule: rules.nameRule,
            isBuiltIn: !resource.isCustom,
            &errors
        )
        rules.check(object, &errors)
        rules.checkCreate(object, &errors)
        if errors.isEmpty, resource.type == .services { services.complete(&object, old: nil, &errors) }
        if !errors.isEmpty { throw errors.status(errorType(resource), name: object.metadata.name) }
    }

    /// The type that messages of invalid objects name: events of both groups are those of the core group.
    func errorType(_ resource: ServedResource) -> ResourceType {
        resource.isNewEvents ? .events : resource.type
    }
}
