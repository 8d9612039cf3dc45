// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Testing

@testable import IngressController

@Suite struct ScaleTests {
    @Test func `a thousand Ingresses and one edit among them`() {
        func objects(edited: Int?) -> [KubernetesObject] {
            let services = (0..<200).map { Samples.service("s\($0)") }
            return services
                + (0..<1000).map { number in
                    Samples.ingress(
                        "i\(number)",
                        (0..<5).map { path in
                            let name = number == edited && path == 2 ? "/changed" : "/p\(path)"
                            return .init(
                                host: "h\(number).com",
                                path: name,
                                service: "s\((number + path) % 200)"
                            )
                        }
                    )
                }
        }
        let planner = Planner(profile: .managed, region: "")
        let stack = Samples.build(objects(edited: nil)).stack
        let first = planner.plan(stack, CloudState())
        let plan = planner.plan(Samples.build(objects(edited: 500)).stack, first.result)
        #expect(first.steps.filter { $0.action == "CreateRules" }.count == 556)
        #expect(plan.steps.map(\.action) == ["UpdateRulesAttribute"])
    }
}
