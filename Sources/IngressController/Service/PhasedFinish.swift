// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// What is written to the API server at the end of a pass that went kind by kind.
///
/// - Source: the open-source controller's order: addresses, AlbConfig status, labels, events; seen upstream.
struct PhasedFinish {
    let pass: GroupPass
    let build: GroupBuild.Result
    let state: CloudState

    private var owner: GroupReconciler { pass.owner }

    func run() async -> PassResult {
        guard let hostname = state.loadBalancer?.dnsName, !hostname.isEmpty else {
            return pass.result(.retry, "the load balancer has no name yet")
        }
        let used = Set(build.contributions.map(\.ingress))
        let members = pass.members.filter { used.contains($0.key) }
        for member in members {
            guard await pass.writeAddress(hostname, member) else {
                return pass.result(.retry, "the status of Ingress \(member.key) could not be written")
            }
        }
        if let reason = await pass.writeStatus(state) { return pass.result(.retry, reason) }
        await pass.writeLabels(members)
        await removeFinalizers()
        await owner.reporter.tell(
            pass.object,
            "Normal",
            "SuccessfullyReconciled",
            "load balancer \(hostname) is as it should be"
        )
        for member in members {
            await owner.reporter.tell(
                member,
                "Normal",
                "SuccessfullyReconciled",
                "load balancer \(hostname) is as it should be"
            )
        }
        return pass.result(.done, "")
    }

    /// Ingresses of old installations that are going carry a finalizer that somebody must take away.
    private func removeFinalizers() async {
        for ingress in owner.watch.ingresses.all
        where ingress.isTerminating && ingress.finalizers.contains(ResourceNames.finalizer)
            && GroupLoad.name(of: ingress, classes: owner.watch) == pass.name
        {
            await owner.status.removeFinalizer(of: ingress, tally: pass.tally)
        }
    }
}
