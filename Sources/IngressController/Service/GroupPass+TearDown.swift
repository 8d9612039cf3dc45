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
        guard outcome.failures.isEmpty else {
            await reportFailures(outcome.failures)
            return result(.retry, outcome.failures[0].message)
        }
        guard await owner.status.setFinalizer(false, on: object, tally: tally) else {
            return result(.retry, "the finalizer could not be removed")
        }
        owner.registry.forget(name)
        return result(.done, "deleted")
    }
}
