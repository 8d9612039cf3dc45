// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports

extension GroupPass {
    /// Notes what a pass would call, and calls nothing that writes.
    func runDry() async -> PassResult {
        guard let wanted = spec.loadBalancer else { return result(.done, "spec.config is missing") }
        do throws(CloudError) {
            var state = try await owner.observer.observe(emptyStack, spec, known: nil)
            state.certificates = await certificates()
            if let refusal = refuse(wanted, state) { return result(.done, refusal) }
            let build = self.build(BuildRound(context: Self.context(owner, memory)), state)
            for problem in build.problems { note("problem", problem.description) }
            if build.isFrozen { return result(.done, "an Ingress of the group cannot be built") }
            var planner = self.planner()
            if state.loadBalancer == nil { planner.zones = try await zones(wanted) }
            let plan = planner.plan(build.stack, state)
            for line in plan.text.split(separator: "\n") { note("plan", String(line)) }
            return result(.done, plan.isEmpty ? "nothing would be called" : "planned")
        } catch {
            return result(.retry, error.reason)
        }
    }

    private func note(_ topic: String, _ message: String) {
        owner.host.trace.record(.note(Note(topic: topic, message: "AlbConfig \(name): \(message)")))
    }
}
