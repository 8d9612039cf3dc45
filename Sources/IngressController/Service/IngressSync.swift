// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// What happens to a notice about an Ingress before its group is looked at.
///
/// - Source: the open-source controller's Ingress queue; seen upstream.
struct IngressSync: Sendable {
    let configuration: ControllerConfiguration
    let client: KubernetesClient
    let watch: ClusterWatch
    let reporter: ProblemReporter
    let wakeGroup: @Sendable (String) -> Void

    private var profile: Profile { configuration.profile }

    func sync(_ notice: IngressNotice) async -> PassResult {
        let ingress = notice.object
        if notice.kind.believesHash, ObjectHash.isApplied(ingress, profile: profile) {
            return PassResult(message: "its label says that it is applied")
        }
        await reporter.tell(ingress, "Normal", "Sync", "Scheduled for sync")
        let name = GroupLoad.name(of: ingress, classes: watch)
        guard let albConfig = await read(name) else {
            let reason = "AlbConfig \(name) does not exist"
            await reporter.tell(ingress, "Warning", "FailedBuildModel", reason)
            let isForgotten = profile.has(.ingressBeforeAlbConfigForgotten)
            return PassResult(outcome: isForgotten ? .done : .retry, message: reason)
        }
        await makeLegacyClass(ingress, albConfig: name)
        if profile.has(.classWithoutParametersFreezesAll),
            let (culprit, reason) = GroupLoad.obstacle(watch.ingresses.all, classes: watch)
        {
            await reporter.tell(culprit, "Warning", "FailedBuildModel", reason)
            return PassResult(outcome: .retry, message: reason)
        }
        let result = await addListeners(albConfig, notice)
        guard result.outcome == .done else { return result }
        if notice.kind == .deleted || ingress.isTerminating { await removeLabel(ingress) }
        wakeGroup(name)
        return result
    }

    /// The AlbConfig as it is in the store, asked twice as upstream does: once for the group, once for itself.
    private func read(_ name: String) async -> KubernetesObject? {
        if profile.isOpenSource {
            guard (try? await client.get(.albConfigs, name: name)) != nil else { return nil }
        }
        return try? await client.get(.albConfigs, name: name)
    }

    /// Ingresses with the old annotation `alb` need no class, so one is made for them.
    private func makeLegacyClass(_ ingress: KubernetesObject, albConfig: String) async {
        let named = ingress[path: "spec", "ingressClassName"]?.stringValue ?? ""
        guard named.isEmpty, profile.isOpenSource else { return }
        let annotation = ingress.annotations[Membership.classAnnotation] ?? ""
        guard annotation == "alb", watch.classes[ObjectKey(name: annotation)] == nil else { return }
        let spec: JSONValue = [
            "controller": .string(Membership.controllerName),
            "parameters": [
                "apiGroup": "alibabacloud.com", "kind": "AlbConfig", "name": .string(albConfig),
            ],
        ]
        _ = try? await client.create(
            .ingressClasses,
            KubernetesObject(.ingressClasses, name: "alb", ["spec": spec])
        )
    }

    // MARK: Listeners

    /// Adds the listeners that Ingresses want to the AlbConfig, and writes it whether it changed or not.
    private func addListeners(_ albConfig: KubernetesObject, _ notice: IngressNotice) async -> PassResult {
        guard profile.isOpenSource || profile.has(.removedListenerClosesPort), !configuration.isDryRun else {
            return PassResult()
        }
        let members = GroupBuild.members(of: albConfig.name, ingresses: watch.ingresses.all, classes: watch)
        var wanted: [ListenerPort] = []
        do throws(BuildError) {
            for member in members {
                let spec = IngressSpec(member, profile: profile)
                do throws(BuildError) {
                    for port in try ListenerChoice(spec).ports where !wanted.contains(port) {
                        wanted.append(port)
                    }
                } catch {
                    if !profile.has(.listenPortsErrorComesLate) { throw error }
                }
            }
            var listeners = try GroupLoad.listeners(of: albConfig, adding: wanted)
            if notice.kind == .deleted, !profile.has(.unusedListenerStays) {
                listeners = GroupLoad.withoutUnused(listeners, wanted: wanted)
            }
            return await write(listeners, to: albConfig)
        } catch {
            await reporter.tell(notice.object, "Warning", "FailedBuildModel", error.message)
            return PassResult(outcome: .retry, message: error.message)
        }
    }

    private func write(_ listeners: [JSONValue], to albConfig: KubernetesObject) async -> PassResult {
        var changed = albConfig
        var spec = albConfig["spec"] ?? [:]
        spec.set(["listeners"], .array(listeners))
        changed["spec"] = profile.isOpenSource ? AlbConfigForm.spec(spec) : spec
        do throws(KubernetesError) {
            _ = try await client.update(.albConfigs, changed)
            return PassResult(writes: 1)
        } catch {
            return PassResult(outcome: .retry, message: "the AlbConfig could not be written: \(error)")
        }
    }

    private func removeLabel(_ ingress: KubernetesObject) async {
        guard profile.keepsHashLabels else { return }
        let patch: JSONValue = ["metadata": ["labels": .object([ObjectHash.label: .null])]]
        _ = try? await client.patch(.ingresses, ingress.key, patch, subresource: "status")
    }
}
