// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// Puts the contributions of a group together into a stack.
struct StackBuilder {
    /// What a build gives.
    struct Result: Sendable {
        var stack: Stack
        var problems: [Problem]
        /// When it is to be built again though nothing changes.
        var nextLook: Instant?
    }

    private let albConfig: AlbConfigSpec
    private let members: [Contribution]
    private let certificates: [CertificateRecord]?
    private let openPorts: Set<ListenerPort>
    private let objects: any ObjectSource
    private let context: BuildContext
    private var problems: [Problem] = []
    private var nextLook: Instant?
    private var uploads: [String: SecretCertificate] = [:]
    private var groups: [ServerGroupKey: ServerGroup] = [:]

    /// Builds.
    ///
    /// - Parameters:
    ///   - albConfig: The AlbConfig.
    ///   - contributions: What its Ingresses add, in any order.
    ///   - certificates: What the certificate service lists; nil while it cannot be asked.
    ///   - openPorts: The listeners that exist.
    ///   - objects: Where Secrets are looked up.
    ///   - context: The rest.
    /// - Returns: The stack, and what could not be built.
    static func build(
        albConfig: AlbConfigSpec,
        contributions: [Contribution],
        certificates: [CertificateRecord]?,
        openPorts: Set<ListenerPort> = [],
        objects: any ObjectSource,
        context: BuildContext
    ) -> Result {
        var builder = StackBuilder(albConfig, contributions, certificates, openPorts, objects, context)
        let stack = builder.build()
        return Result(stack: stack, problems: builder.problems, nextLook: builder.nextLook)
    }

    private init(
        _ albConfig: AlbConfigSpec,
        _ contributions: [Contribution],
        _ certificates: [CertificateRecord]?,
        _ openPorts: Set<ListenerPort>,
        _ objects: any ObjectSource,
        _ context: BuildContext
    ) {
        self.albConfig = albConfig
        members = contributions.sorted {
            ($0.order, $0.ingress.description) < ($1.order, $1.ingress.description)
        }
        self.certificates = certificates
        self.openPorts = openPorts
        self.objects = objects
        self.context = context
    }

    private mutating func build() -> Stack {
        problems = albConfig.problems
        var stack = Stack(albConfig: albConfig.name, cluster: context.cluster, vpc: context.vpc)
        stack.loadBalancer = albConfig.loadBalancer
        for spec in albConfig.listeners { stack.listeners.append(listener(spec)) }
        for port in missingPorts() { stack.listeners.append(retained(port)) }
        stack.listeners.sort { $0.port < $1.port }
        stack.serverGroups = groups.values.sorted { $0.key < $1.key }
        stack.certificates = uploads.values.sorted { $0.name < $1.name }
        warn()
        return stack
    }

    // MARK: Listeners

    private mutating func listener(_ spec: ListenerSpec) -> Listener {
        let users = members.filter { $0.listens.ports.contains(spec.port) }
        var listener = Listener(
            port: spec.port,
            attributes: spec.attributes,
            defaultGroup: defaultGroup(spec.port)
        )
        listener.accessList = spec.accessList
        listener.defaultMarks = spec.defaultMarks
        listener.logging = spec.logging
        listener.rules = rules(on: spec.port, of: users)
        if spec.port.isSecure { choose(certificatesFor: &listener, spec, users) }
        return listener
    }

    /// Listeners that Ingresses use and the AlbConfig does not list, as far as they exist.
    private mutating func missingPorts() -> [ListenerPort] {
        let listed = Set(albConfig.listeners.map(\.port))
        var retained: [ListenerPort: [ObjectKey]] = [:]
        for member in members {
            for port in member.listens.ports where !listed.contains(port) {
                let isBlocked = listed.contains { $0.collides(with: port) }
                if openPorts.contains(port), !isBlocked, !context.profile.has(.removedListenerClosesPort) {
                    retained[port, default: []].append(member.ingress)
                } else if context.profile.kind == .managed {
                    problems.append(
                        Problem(
                            .ingress(member.ingress),
                            .none,
                            "listener \(port.port) with protocol \(port.listenerProtocol.rawValue) is not in"
                                + " AlbConfig \(albConfig.name)"
                        )
                    )
                }
            }
        }
        for (port, users) in retained.sorted(by: { $0.key < $1.key }) {
            let names = users.map(\.description).joined(separator: ", ")
            problems.append(
                Problem(
                    .albConfig(albConfig.name),
                    .none,
                    "listener \(port) stays although it was taken out: used by Ingress \(names)"
                )
            )
        }
        return retained.keys.sorted()
    }

    private mutating func retained(_ port: ListenerPort) -> Listener {
        let users = members.filter { $0.listens.ports.contains(port) }
        var listener = Listener(port: port, attributes: [:], defaultGroup: defaultGroup(port))
        listener.isRetained = true
        listener.rules = rules(on: port, of: users)
        return listener
    }

    private mutating func defaultGroup(_ port: ListenerPort) -> ServerGroupKey {
        let key = ServerGroupKey.listenerDefault(albConfig: albConfig.name, port: port.port)
        let settings = ServerGroupSettings.listenerDefault
        groups[key] = ServerGroup(key: key, isListenerDefault: true, attributes: settings.attributes)
        return key
    }

    private mutating func rules(on port: ListenerPort, of users: [Contribution]) -> [Rule] {
        var emission = RuleEmission(port: port, users: users, context: context)
        let rules = emission.run()
        problems += emission.problems
        let byOwner = Dictionary(grouping: rules, by: \.owner)
        for user in users {
            let names = Set((byOwner[user.ingress] ?? []).flatMap(\.groups))
            for (name, key) in user.groups where names.contains(name) || emission.shared.contains(name) {
                groups[key] = ServerGroup(
                    key: key,
                    attributes: user.settings.attributes,
                    initialAttributes: user.settings.initial
                )
            }
        }
        return rules
    }

    // MARK: Certificates

    private mutating func choose(
        certificatesFor listener: inout Listener,
        _ spec: ListenerSpec,
        _ users: [Contribution]
    ) {
        var choice = CertificateChoice(
            albConfig: albConfig.name,
            spec: spec,
            users: users,
            known: certificates,
            objects: objects,
            context: context
        )
        listener.certificates = choice.run()
        listener.isDefaultExplicit = choice.isDefaultExplicit
        problems += choice.problems
        if let look = choice.nextLook { nextLook = min(nextLook ?? look, look) }
        for upload in choice.uploads {
            let owners = (uploads[upload.name]?.owners ?? []) + upload.owners
            uploads[upload.name] = upload
            uploads[upload.name]?.owners = owners
        }
        if listener.certificates?.isEmpty ?? false {
            problems.append(
                Problem(
                    .albConfig(albConfig.name),
                    .listenerFails,
                    "listener \(spec.port) has no certificate, neither from a Secret nor listed nor found"
                )
            )
        }
    }

    // MARK: Problems

    private mutating func warn() {
        for member in members {
            for warning in member.warnings {
                problems.append(Problem(.ingress(member.ingress), .none, warning))
            }
            let hasTLS = member.listens.ports.contains { $0.listenerProtocol == .https }
            if member.listens.redirectsToTLS, !hasTLS, context.profile.kind == .managed {
                problems.append(
                    Problem(
                        .ingress(member.ingress),
                        .none,
                        "\(AnnotationName.sslRedirect.key) sends clients to HTTPS, where the Ingress listens nowhere"
                    )
                )
            }
        }
        var seen: Set<Problem> = []
        problems = problems.filter { seen.insert($0).inserted }
    }
}
