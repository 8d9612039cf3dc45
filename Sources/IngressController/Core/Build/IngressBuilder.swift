// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Builds what one Ingress adds to its group.
struct IngressBuilder {
    private let ingress: IngressSpec
    private let objects: any ObjectSource
    private let context: BuildContext
    private var groups: [String: ServerGroupKey] = [:]
    private var warnings: [String] = []

    /// What an Ingress adds.
    ///
    /// - Throws: Why it cannot be built.
    static func contribution(
        of object: KubernetesObject,
        objects: any ObjectSource,
        context: BuildContext
    ) throws(BuildError) -> Contribution {
        var builder = IngressBuilder(IngressSpec(object, profile: context.profile), objects, context)
        return try builder.build()
    }

    private init(_ ingress: IngressSpec, _ objects: any ObjectSource, _ context: BuildContext) {
        self.ingress = ingress
        self.objects = objects
        self.context = context
    }

    private mutating func build() throws(BuildError) -> Contribution {
        let annotations = ingress.annotations
        warnings = ingress.nginx.warnings + (try annotations.check())
        let listens = try ListenerChoice(ingress)
        let canary = try CanaryRole.of(annotations)
        if case .weight = canary { try refuseForwards() }
        let settings = try ServerGroupSettings(ingress, listens: listens)
        let common = try RuleActionBuilder.common(annotations)
        var drafts: [RuleDraft] = []
        for path in ingress.paths {
            let draft = try draft(path, limit: common.limit, cors: common.cors, isCanary: canary != nil)
            drafts += NginxRules(mapping: ingress.nginx).drafts(draft)
        }
        let certificates = try certificateNeeds()
        warnAboutUnusedKeys()
        return Contribution(
            ingress: ingress.key,
            order: Self.order(annotations) ?? 10,
            hasExplicitOrder: Self.order(annotations) != nil,
            listens: listens,
            drafts: drafts,
            settings: settings,
            groups: groups,
            certificates: certificates,
            canary: canary,
            warnings: warnings
        )
    }

    /// The place of an Ingress in its group; nil when it does not say.
    static func order(_ annotations: Annotations) -> Int? {
        annotations.integer(.albConfigOrder) ?? annotations.integer(.order)
    }

    // MARK: Rules

    /// The draft of one path.
    private mutating func draft(
        _ path: IngressSpec.Path,
        limit: RuleAction?,
        cors: RuleAction?,
        isCanary: Bool
    ) throws(BuildError) -> RuleDraft {
        guard let backend = path.backend else {
            throw BuildError("path \"\(path.path)\": expected a Service as backend, found another resource")
        }
        let annotations = ingress.annotations
        let service = backend.service
        let conditions = try self.conditions(service, isCanary: isCanary)
        let direction = try self.direction(service)
        var actions = [limit, cors].compactMap(\.self)
        if let text = annotations.ofService("actions", service) {
            var found: [ActionsAnnotation.ServiceReference] = []
            let namespace = ingress.key
            actions += try ActionsAnnotation.parse(
                key: "\(AnnotationName.prefix)actions.\(service)",
                text,
                profile: context.profile
            ) { reference in
                found.append(reference)
                return ServerGroupKey(ingress: namespace, service: reference.service, port: reference.port)
                    .description
            }
            actions = try resolved(actions, found)
        }
        if let rewrite = RuleActionBuilder.rewrite(annotations) { actions.append(rewrite) }
        var implicit: ServerGroupKey?
        if !backend.usesAnnotation, direction == .request || context.profile.kind == .oss {
            implicit = try group(service: service, port: backend.port, isNamed: backend.isNamed)
        }
        let draft = RuleDraft(
            place: RuleDraft.Place(host: path.host, path: path.path),
            direction: direction,
            aliases: ingress.nginx.aliases,
            annotationConditions: conditions,
            patterns: try PathPattern.values(
                path: path.path,
                type: path.type,
                isRegex: PathPattern.isRegex(annotations, path: path.path)
            ),
            actions: actions,
            implicitGroup: implicit
        )
        try draft.check(context.profile)
        return draft
    }

    private func conditions(_ service: String, isCanary: Bool) throws(BuildError) -> [RuleCondition] {
        guard let text = ingress.annotations.ofService("conditions", service) else { return [] }
        let key = "\(AnnotationName.prefix)conditions.\(service)"
        if isCanary {
            throw BuildError("annotation \(key): a canary may not have conditions", effect: .leftOut)
        }
        return try ConditionsAnnotation.parse(key: key, text)
    }

    private func direction(_ service: String) throws(BuildError) -> Rule.Direction {
        guard let text = ingress.annotations.ofService("rule-direction", service) else { return .request }
        guard let direction = Rule.Direction(rawValue: text) else {
            throw BuildError(
                Annotations.sentence(
                    key: "\(AnnotationName.prefix)rule-direction.\(service)",
                    value: text,
                    expected: "Request or Response"
                )
            )
        }
        return direction
    }

    /// Gives the Services of forward actions their groups, now that their ports can be looked up.
    private mutating func resolved(
        _ actions: [RuleAction],
        _ references: [ActionsAnnotation.ServiceReference]
    ) throws(BuildError) -> [RuleAction] {
        var names: [String: String] = [:]
        for reference in references {
            let written = ServerGroupKey(
                ingress: ingress.key,
                service: reference.service,
                port: reference.port
            )
            let key = try group(
                service: reference.service,
                port: reference.port,
                isNamed: Int(reference.port) == nil
            )
            names[written.description] = key.description
        }
        return actions.map { $0.mappingGroups { names[$0] ?? $0 } }
    }

    private func refuseForwards() throws(BuildError) {
        for service in ingress.annotations.services(of: "actions") {
            let text = ingress.annotations.ofService("actions", service) ?? ""
            let key = "\(AnnotationName.prefix)actions.\(service)"
            let actions = try ActionsAnnotation.parse(key: key, text, profile: context.profile) { $0.service }
            if actions.contains(where: { $0.typeName == "ForwardGroup" }) {
                throw BuildError(
                    "annotation \(key): a canary by weight may not forward by itself",
                    effect: .leftOut
                )
            }
        }
    }

    // MARK: Server groups

    /// The server group for a port of a Service.
    private mutating func group(
        service: String,
        port: String,
        isNamed: Bool
    ) throws(BuildError) -> ServerGroupKey {
        let number = try ServicePort.resolve(
            service: ObjectKey(namespace: ingress.key.namespace, name: service),
            port: port,
            isNamed: isNamed,
            objects: objects,
            context: context
        )
        let key = ServerGroupKey(ingress: ingress.key, service: service, port: number)
        groups[key.description] = key
        return key
    }

    // MARK: Certificates

    private mutating func certificateNeeds() throws(BuildError) -> CertificateNeeds {
        var needs = CertificateNeeds()
        needs.ruleHosts = ingress.hosts
        for entry in ingress.tls {
            guard let name = entry.secret else {
                needs.wantedHosts += entry.hosts
                continue
            }
            needs.secretHosts += entry.hosts
            if entry.hosts.isEmpty { needs.secretsCoverAll = !context.profile.has(.tlsHostsComparedExactly) }
            let key = ObjectKey(namespace: ingress.key.namespace, name: name)
            do throws(BuildError) {
                let certificate = try certificate(key)
                if !needs.secrets.contains(where: { $0.name == certificate.name }) {
                    needs.secrets.append(certificate)
                }
            } catch {
                if context.profile.has(.certificateProblemFreezesHTTP) {
                    throw BuildError(error.message, effect: .stopsGroup)
                }
                warnings.append("\(error.message); the certificate that is shown now stays")
                needs.unusable.append(key)
            }
        }
        return needs
    }

    private func certificate(_ key: ObjectKey) throws(BuildError) -> SecretCertificate {
        guard let secret = objects.object(.secrets, key) else {
            throw BuildError("Secret \(key) does not exist", effect: .none)
        }
        let (certificate, privateKey) = try PEMCheck.read(secret)
        let name = ResourceNames.certificate(
            namespace: key.namespace,
            secret: key.name,
            cluster: context.cluster,
            certificate: certificate,
            privateKey: privateKey
        )
        if let reason = context.refusedUploads[name] {
            throw BuildError("the certificate of Secret \(key) was refused: \(reason)", effect: .none)
        }
        return SecretCertificate(
            secret: key,
            name: name,
            certificate: certificate,
            privateKey: privateKey,
            owners: [ingress.key]
        )
    }

    // MARK: Warnings

    /// A key that names a Service which no path uses does nothing; most likely it is a slip.
    private mutating func warnAboutUnusedKeys() {
        guard !context.profile.has(.valuesReadTooLiterally) else { return }
        for key in ingress.annotations.unknownKeys() {
            warnings.append("annotation \(key): there is no such key, so it does nothing")
        }
        let used = Set(ingress.paths.compactMap(\.backend?.service))
        for name in ["actions", "conditions", "rule-direction"] {
            for service in ingress.annotations.services(of: name) where !used.contains(service) {
                warnings.append(
                    "annotation \(AnnotationName.prefix)\(name).\(service): no path has the Service \(service),"
                        + " so it does nothing"
                )
            }
        }
    }
}
