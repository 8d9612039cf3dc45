// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What a pass writes to the API server, with the ways in which upstream gets it wrong.
extension GroupPass {
    /// Writes an Ingress' address; false when that is to be tried again.
    func writeAddress(_ hostname: String, _ member: KubernetesObject) async -> Bool {
        guard profile.has(.failedStatusNeverRetried) else {
            return await owner.status.write(hostname: hostname, to: member, tally: tally)
        }
        // The copy in memory is changed before the write, so a failed one is not seen until the copy is new.
        let version = "\(member.uid) \(member.resourceVersion)"
        if owner.registry.memory(name).believedStatuses.contains(version) { return true }
        if !(await owner.status.write(hostname: hostname, to: member, tally: tally)) {
            owner.registry.update(name) { _ = $0.believedStatuses.insert(version) }
        }
        return true
    }

    /// Writes the AlbConfig's status; gives the reason when that failed.
    func writeStatus(_ state: CloudState) async -> String? {
        guard profile.has(.statusConflictRepeatsAll) else {
            let isDone = await owner.status.write(state, to: object, tally: tally)
            return isDone ? nil : "the status of the AlbConfig could not be written"
        }
        return await owner.status.replace(state, of: object, tally: tally)
    }

    /// Writes the labels that say which versions were applied.
    func writeLabels(_ members: [KubernetesObject]) async {
        guard profile.keepsHashLabels else { return }
        for member in members {
            let hashed =
                profile.has(.hashOfUnbuiltObject) ? owner.watch.ingresses[member.key] ?? member : member
            await owner.status.writeLabel(
                ObjectHash.value(of: hashed, profile: profile),
                to: member,
                .ingresses,
                subresource: "status",
                tally: tally
            )
        }
        await owner.status.writeLabel(
            ObjectHash.value(of: object, profile: profile),
            to: object,
            .albConfigs,
            subresource: nil,
            tally: tally
        )
    }

    /// Tells of Ingresses whose class names no AlbConfig; upstream nothing works while there is one.
    ///
    /// - Returns: Why the pass cannot go on; nil when it can.
    func checkClasses() async -> String? {
        let all = owner.watch.ingresses.all
        guard profile.has(.classWithoutParametersFreezesAll) else {
            let problems = all.compactMap { ingress -> Problem? in
                guard case .noAlbConfig(let name) = Membership.of(ingress, classes: owner.watch) else {
                    return nil
                }
                return Problem(.ingress(ingress.key), .leftOut, "IngressClass \(name) names no AlbConfig")
            }
            await owner.reporter.report(
                problems,
                topic: "classes",
                reason: "FailedBuildModel",
                object: find
            )
            return nil
        }
        guard let (culprit, reason) = GroupLoad.obstacle(all, classes: owner.watch) else { return nil }
        await owner.reporter.tell(culprit, "Warning", "FailedBuildModel", reason)
        await owner.reporter.tell(object, "Warning", "FailedBuildModel", reason)
        return reason
    }
}
