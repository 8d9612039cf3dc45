// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import KubernetesAPI
import Testing

@testable import IngressController

@Suite struct AdoptionTests {
    private let planner = Planner(profile: .managed, region: "")
    private let tea = Samples.service("tea")

    @Test func `an Ingress that cannot be built after a restart keeps what the cloud has of it`() throws {
        let good = [Samples.ingress("bad", [.init(host: "bad.com")]), Samples.ingress(), tea]
        let stack = Samples.build(good).stack
        let state = planner.plan(stack, CloudState()).result
        let set = ObjectSet([
            Samples.ingress("bad", [.init(host: "bad.com")], annotations: ["order": "ten"]),
            Samples.ingress(),
            tea, Samples.ingressClass,
        ])
        var build = GroupBuild(objects: set, context: Samples.context)
        build.adopted = { state.adopted($0) }
        let result = build.build(
            AlbConfigSpec(Samples.albConfig(), context: Samples.context),
            members: set.all(.ingresses),
            certificates: []
        )
        #expect(Samples.rules(result).map(\.owner.name) == ["bad", "web"])
        #expect(planner.plan(result.stack, state).isEmpty)
        #expect(Samples.messages(result, "bad").count == 1)
    }

    @Test func `nothing is adopted of an Ingress that the cloud does not know`() {
        let state = planner.plan(Samples.build([Samples.ingress(), tea]).stack, CloudState()).result
        #expect(state.adopted(ObjectKey(namespace: "shop", name: "other")) == nil)
    }

    @Test func `tags of older controllers are read too`() {
        let text = "shop/web-tea:80"
        #expect(ResourceNames.normalizedResourceTag(text) == ResourceNames.resourceTagValue(text))
        #expect(ResourceNames.normalizedResourceTag(String(repeating: "a", count: 64)).count == 64)
        #expect(ResourceNames.tagValue("aliyun-x") == "_aliyun-x")
    }

    @Test func `a load balancer without a name gets one of its cluster and AlbConfig`() {
        let name = ResourceNames.loadBalancer(cluster: "c1", albConfig: "my-alb")
        #expect(name.hasPrefix("k8s-kubesystem-myalb-"))
        #expect(name.count == "k8s-kubesystem-myalb-".count + 10)
        #expect(name != ResourceNames.loadBalancer(cluster: "c2", albConfig: "my-alb"))
    }
}
