// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

extension GroupPass {
    func tearDown() async -> PassResult {
        guard object.finalizers.contains(ResourceNames.finalizer) else {
            owner.registry.forget(name)
            return result(.done, "")
        }
        if profile.isOpenSource { return await tearDownByPhase() }
        var state: CloudState
        do throws(CloudError) {
            state = try await owner.observer.observe(emptyStack, spec, known: nil)
            state.certificates = try await owner.certificates.records()
        } catch {
            return await fail(error.reason)
        }
        var planner = self.planner()
        planner.oldCertificates = oldCertificates(nil, state)
        let reused = spec.loadBalancer.flatMap { $0.isReused ? $0 : nil }
        let plan = planner.tearDown(emptyStack, state, reused: reused)
        let outcome = await owner.executor.run(plan, tally: tally)
        owner.certificates.invalidate()
        return await released(outcome)
    }

    /// The load balancer first, then the server groups, each read right before.
    ///
    /// - Source: the open-source controller; seen upstream.
    private func tearDownByPhase() async -> PassResult {
        guard let wanted = spec.loadBalancer else {
            await report(spec.problems, [])
            return result(.retry, "spec.config is missing")
        }
        var planner = self.planner()
        var outcome = PlanExecutor.Outcome()
        do throws(CloudError) {
            var state = CloudState()
            state.loadBalancer = try await owner.observer.loadBalancer(emptyStack, spec, known: nil)
            if let balancer = state.loadBalancer {
                if !wanted.isReused { state.loadBalancer = try await owner.reader.loadBalancer(balancer.id) }
                if wanted.isReused, !profile.has(.reusedLoadBalancerNeverReleased) {
                    state.listeners = try await owner.reader.listeners(loadBalancer: balancer.id)
                }
            }
            let isOurs = state.loadBalancer?.tag(ResourceNames.albConfigTag) != nil
            if !wanted.isReused || isOurs {
                let reused = wanted.isReused ? wanted : nil
                outcome = await owner.executor.run(
                    planner.tearDown(emptyStack, state, reused: reused),
                    tally: tally
                )
            }
            if outcome.failures.isEmpty {
                var state = CloudState()
                state.serverGroups = try await owner.reader.serverGroups(tags: emptyStack.tags)
                if !profile.has(.uploadsNeverDeleted) {
                    state.certificates = try await owner.certificates.records()
                    planner.oldCertificates = oldCertificates(nil, state)
                }
                outcome = await owner.executor.run(planner.tearDown(emptyStack, state), tally: tally)
            }
        } catch {
            return await fail(error.reason)
        }
        owner.certificates.invalidate()
        return await released(outcome)
    }

    /// Lets the AlbConfig go when everything of it is gone.
    private func released(_ outcome: PlanExecutor.Outcome) async -> PassResult {
        guard outcome.failures.isEmpty else {
            await reportFailures(outcome.failures)
            return result(.retry, outcome.failures[0].message)
        }
        var last = object
        if profile.keepsHashLabels, object.labels[ObjectHash.label] != nil {
            // Nothing of it is applied any more, and what is exported of it from now on must not say so.
            // - Source: the open-source controller; seen upstream, the wrong key's name assumed.
            let key = profile.has(.appliedLabelStays) ? ObjectHash.mistakenLabel : ObjectHash.label
            last = await owner.status.removeLabel(key, of: object, tally: tally)
        }
        guard await owner.status.setFinalizer(false, on: last, tally: tally) else {
            return result(.retry, "the finalizer could not be removed")
        }
        owner.registry.forget(name)
        return result(.done, "deleted")
    }
}
