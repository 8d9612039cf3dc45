// SPDX-License-Identifier: Apache-2.0
import IngressController
import JSON
import KubernetesAPI
import Testing
import Worlds

/// The open-source controller's calls, in its order.
@Suite struct OpenSourceCallTests {
    @Test func `the calls of a first AlbConfig, a first Ingress, a second pod and a deletion`() throws {
        try ControllerRun.run(.oss) { run in
            var mark = run.mark
            try await run.apply(ControllerRun.ingressClass, ControllerRun.albConfig())
            try await run.sleep(60)
            #expect(
                run.actions(since: mark) == [
                    "DescribeVSwitches", "DescribeZones", "ListServerGroups", "CreateServerGroup",
                    "ListServerGroups", "TagResources", "ListLoadBalancers", "CreateLoadBalancer",
                    "GetLoadBalancerAttribute", "TagResources", "ListListeners", "CreateListener",
                    "GetListenerAttribute", "ListRules",
                ]
            )
            try await run.apply(ControllerRun.deployment(), ControllerRun.service())
            try await run.sleep(60)
            mark = run.mark
            try await run.apply(ControllerRun.ingress())
            try await run.sleep(3)
            #expect(
                run.clusterWrites(since: mark).prefix(2) == [
                    "create /api/v1/namespaces/default/events",
                    "update /apis/alibabacloud.com/v1/albconfigs/alb",
                ]
            )
            try await run.sleep(60)
            #expect(
                Array(run.actions(since: mark).prefix(14)) == [
                    "DescribeVSwitches", "DescribeZones", "ListServerGroups", "CreateServerGroup",
                    "ListServerGroups", "TagResources", "DescribeNetworkInterfaces",
                    "AddServersToServerGroup", "ListAsynJobs", "ListLoadBalancers",
                    "GetLoadBalancerAttribute", "ListListeners", "GetListenerAttribute", "ListRules",
                ]
            )
            #expect(
                run.writes(since: mark) == [
                    "CreateServerGroup", "TagResources", "AddServersToServerGroup", "CreateRules",
                ]
            )
            mark = run.mark
            try await run.apply(ControllerRun.deployment(replicas: 2))
            try await run.sleep(60)
            // The pod is seen first when it is not ready; that look finds nothing to do.
            #expect(
                run.actions(since: mark).suffix(5) == [
                    "DescribeNetworkInterfaces", "ListServerGroups", "ListServerGroupServers",
                    "AddServersToServerGroup", "ListAsynJobs",
                ]
            )
            #expect(run.writes(since: mark) == ["AddServersToServerGroup"])
            mark = run.mark
            try await run.apply(ControllerRun.ingress(paths: ["/tea", "/more"]))
            try await run.sleep(60)
            #expect(run.writes(since: mark) == ["CreateRules"])
            mark = run.mark
            try await run.world.client.delete(.ingresses, .init(namespace: "default", name: "shop"))
            try await run.sleep(60)
            // Upstream asks too early to delete the group, is refused and asks again.
            #expect(run.acceptedWrites(since: mark) == ["DeleteRules", "DeleteServerGroup"])
            mark = run.mark
            try await run.world.client.delete(.albConfigs, .init(name: "alb"))
            try await run.sleep(60)
            #expect(
                run.writes(since: mark) == [
                    "DisableDeletionProtection", "DeleteLoadBalancer", "DeleteServerGroup",
                ]
            )
        }
    }

    @Test(arguments: [Profile.managed, Profile.oss])
    func `nothing is written while nothing changes`(profile: Profile) throws {
        try ControllerRun.run(profile) { run in
            try await run.apply(
                ControllerRun.ingressClass,
                ControllerRun.albConfig(),
                ControllerRun.deployment(replicas: 3),
                ControllerRun.service(),
                ControllerRun.ingress(paths: ["/tea", "/more", "/and/more"]),
                ControllerRun.ingress(
                    "bar",
                    annotations: [
                        "alb.ingress.kubernetes.io/order": "3",
                        "alb.ingress.kubernetes.io/enable-cors": "true",
                    ]
                )
            )
            try await run.sleep(300)
            let mark = run.mark
            try await run.sleep(3600)
            #expect(run.writes(since: mark).isEmpty)
            #expect(run.clusterWrites(since: mark).isEmpty)
        }
    }

    @Test func `a restart of the open-source controller writes nothing and repairs nothing`() throws {
        try ControllerRun.run(.oss) { run in
            try await run.apply(
                ControllerRun.ingressClass,
                ControllerRun.albConfig(),
                ControllerRun.deployment(),
                ControllerRun.service(),
                ControllerRun.ingress()
            )
            try await run.sleep(120)
            run.world.crashController()
            try await run.apply(ControllerRun.deployment(replicas: 3))
            try await run.sleep(30)
            let mark = run.mark
            run.world.startController()
            try await run.sleep(300)
            #expect(run.actions(since: mark).isEmpty)
            #expect(run.clusterWrites(since: mark).isEmpty)
        }
        try ControllerRun.run(.managed) { run in
            try await run.apply(
                ControllerRun.ingressClass,
                ControllerRun.albConfig(),
                ControllerRun.deployment(),
                ControllerRun.service(),
                ControllerRun.ingress()
            )
            try await run.sleep(120)
            run.world.crashController()
            try await run.apply(ControllerRun.deployment(replicas: 3))
            try await run.sleep(30)
            let mark = run.mark
            run.world.startController()
            try await run.sleep(60)
            #expect(run.writes(since: mark) == ["AddServersToServerGroup"])
        }
    }
}
