// SPDX-License-Identifier: Apache-2.0
import Cluster
import IngressController
import JSON
import KubernetesAPI
import Ports
import Simulation
import Testing
import Worlds

/// How long is waited for what has been applied.
@Suite struct SettleTests {
    @Test func `addresses that a controller does not write are not waited for to the end`() throws {
        try ControllerRun.run(.managed) { run in
            // The listener's certificate is missing, so the controller writes no status, as upstream.
            let config = ControllerRun.albConfig([
                ["port": 80, "protocol": "HTTP"], ["port": 443, "protocol": "HTTPS"],
            ])
            try await run.apply(ControllerRun.ingressClass, config)
            try await run.apply(ControllerRun.deployment(), ControllerRun.service(), ControllerRun.ingress())
            let clock = run.world.simulation.host(World.HostNames.user).clock
            let begin = clock.now
            let open = try await run.world.settle(limit: .seconds(1800))
            #expect(open == ["AlbConfig alb has no load balancer"])
            let waited = begin.duration(to: clock.now)
            #expect(waited > .seconds(300) && waited < .seconds(600), "\(waited)")
        }
    }

    @Test func `what a slow pod delays is waited for`() throws {
        try ControllerRun.run(.managed) { run in
            try await run.apply(ControllerRun.ingressClass, ControllerRun.albConfig())
            try await run.sleep(60)
            _ = try run.world.cluster.changeScripts(
                namespace: "",
                selector: LabelSelector([.isIn("app", ["tea"])]),
                ["startup": "700s"]
            )
            try await run.apply(ControllerRun.deployment(), ControllerRun.service(), ControllerRun.ingress())
            #expect(try await run.world.settle(limit: .seconds(1800)) == [])
        }
    }
}
