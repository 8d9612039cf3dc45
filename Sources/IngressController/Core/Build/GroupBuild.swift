// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

/// Builds the stack of one AlbConfig from objects: pure, and tolerant of single Ingresses that are wrong.
struct GroupBuild: Sendable {
    /// What a build gives.
    struct Result: Sendable {
        var stack: Stack
        var problems: [Problem]
        /// What each Ingress adds, as it is used.
        var contributions: [Contribution]
        /// The Ingresses that could be built as they are now.
        var fresh: [ObjectKey: Contribution]
        /// True when an error of one Ingress stops the whole group.
        var isFrozen: Bool
        /// When the group is to be built again though nothing changes.
        var nextLook: Instant?
    }

    let objects: any ObjectSource
    let context: BuildContext
    /// What each Ingress added when it could last be built and applied.
    var remembered: [ObjectKey: Contribution] = [:]
    /// Ingresses whose server groups or certificates could not be made now, with the reason.
    var failing: [ObjectKey: String] = [:]
    /// Finds in the cloud what nobody remembers.
    var adopted: @Sendable (ObjectKey) -> Contribution? = { _ in nil }
    /// The listeners that exist.
    var openPorts: Set<ListenerPort> = []

    /// The Ingresses of a group: ours, mapped to it, not being deleted.
    static func members(
        of albConfig: String,
        ingresses: [KubernetesObject],
        classes: any ObjectSource
    ) -> [KubernetesObject] {
        ingresses.filter { !$0.isTerminating && Membership.of($0, classes: classes) == .group(albConfig) }
    }

    /// Builds a group.
    ///
    /// - Parameters:
    ///   - albConfig: The AlbConfig, read.
    ///   - members: Its Ingresses.
    ///   - certificates: What the certificate service lists; nil while it cannot be asked.
    /// - Returns: The stack, and what could not be built.
    func build(
        _ albConfig: AlbConfigSpec,
        members: [KubernetesObject],
        certificates: [CertificateRecord]?
    ) -> Result {
        var problems: [Problem] = []
        var contributions: [Contribution] = []
        var fresh: [ObjectKey: Contribution] = [:]
        var hasError = false
        for ingress in members {
            do throws(BuildError) {
                let contribution = try IngressBuilder.contribution(
                    of: ingress,
                    objects: objects,
                    context: context
                )
                fresh[ingress.key] = contribution
                if let reason = failing[ingress.key] {
                    throw BuildError(reason, isTemporary: true)
                }
                contributions.append(contribution)
            } catch {
                hasError = true
                problems.append(
                    Problem(.ingress(ingress.key), error.effect, told(error), isTemporary: error.isTemporary)
                )
                if error.effect == .keepsLastGood, let old = lastGood(ingress.key) {
                    contributions.append(old)
                }
            }
        }
        problems += sameOrder(contributions)
        hasError = hasError || problems.contains { $0.effect == .listenerFails }
        let result = StackBuilder.build(
            albConfig: albConfig,
            contributions: contributions,
            certificates: certificates,
            openPorts: openPorts,
            objects: objects,
            context: context
        )
        let all = problems + result.problems
        let isFrozen =
            all.contains { $0.effect == .stopsGroup }
            || context.profile.has(.oneIngressFreezesGroup)
                && (hasError || all.contains { $0.effect == .keepsLastGood || $0.effect == .leftOut })
        return Result(
            stack: result.stack,
            problems: all,
            contributions: contributions,
            fresh: fresh,
            isFrozen: isFrozen,
            nextLook: result.nextLook
        )
    }

    /// What an Ingress had before; its warnings are old news.
    private func lastGood(_ key: ObjectKey) -> Contribution? {
        var old = remembered[key] ?? adopted(key)
        old?.warnings = []
        return old
    }

    private func told(_ error: BuildError) -> String {
        guard context.profile.kind == .managed else { return error.message }
        switch error.effect {
        case .keepsLastGood: return error.message + "; what the Ingress had before stays"
        case .leftOut: return error.message + "; the Ingress is left out"
        case .none, .listenerFails, .stopsGroup: return error.message
        }
    }

    /// The open-source controller refuses two Ingresses with one written order.
    private func sameOrder(_ contributions: [Contribution]) -> [Problem] {
        guard context.profile.kind == .oss else { return [] }
        var seen: [Int: ObjectKey] = [:]
        var problems: [Problem] = []
        for contribution in contributions where contribution.hasExplicitOrder {
            if let other = seen[contribution.order] {
                problems.append(
                    Problem(
                        .ingress(contribution.ingress),
                        .listenerFails,
                        "order \(contribution.order) is taken by Ingress \(other)"
                    )
                )
            }
            seen[contribution.order] = contribution.ingress
        }
        return problems
    }
}
