// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import CloudServer

@Suite struct StageTests {
    /// The states that each kind may show.
    private static let states: [ResourceKind: Set<String>] = [
        .loadBalancer: ["Provisioning", "Active", "Configuring", "Inactive", "CreateFailed"],
        .listener: ["Provisioning", "Running", "Configuring", "Stopped"],
        .rule: ["Provisioning", "Available", "Configuring", "Deleting"],
        .serverGroup: ["Creating", "Available", "Configuring", "Deleting"],
        .server: ["Adding", "Available", "Configuring", "Removing"],
        .acl: ["Creating", "Available", "Configuring"], .aclEntry: ["Adding", "Available", "Removing"],
        .aclRelation: ["Associating", "Associated", "Dissociating"],
        .listenerCertificate: ["Associating", "Associated", "Dissociating"],
        .securityPolicy: ["Configuring", "Available"],
        .aScript: ["Creating", "Available", "Configuring", "Deleting"],
    ]

    @Test(arguments: Stage.table)
    func `a stage leads through states that its kind has`(_ stage: Stage) throws {
        let states = try #require(Self.states[stage.kind])
        #expect(states.isSuperset(of: stage.from + [stage.during] + [stage.after].compactMap { $0 }))
        #expect((stage.operation == .create) == stage.from.isEmpty)
        if stage.operation == .create { #expect(stage.after != nil) }
    }

    @Test func `what begins in a state may end in it, so nothing is stuck`() {
        for kind in Self.states.keys {
            let created = Stage.table.first { $0.kind == kind && $0.operation == .create }?.after ?? ""
            let deletion = Stage.table.first { $0.kind == kind && $0.operation == .delete }
            #expect(deletion?.from.contains(created) == true, "\(kind)")
        }
    }

    @Test func `the most particular time counts`() {
        let times = TransitionTimes(
            usual: .immediate,
            exceptions: ["rule": .afterReads(1), "rule.create": .after(.fixed(.seconds(2)))]
        )
        #expect(times.mode(.rule, .create) == .after(.fixed(.seconds(2))))
        #expect(times.mode(.rule, .delete) == .afterReads(1))
        #expect(times.mode(.listener, .create) == .immediate)
    }

    @Test(arguments: [
        DelayDistribution.fixed(.seconds(3)), .uniform(.seconds(2)...(.seconds(4))),
        .triangular(.seconds(2)...(.seconds(4))),
    ])
    func `a drawn delay keeps its bounds`(_ delay: DelayDistribution) {
        var random = RandomStream(seed: 5)
        let drawn = (0..<200).map { _ in delay.draw(using: &random) }
        #expect(drawn.allSatisfy { $0 >= .seconds(2) && $0 <= .seconds(4) })
        let sum = drawn.reduce(Duration.zero, +)
        #expect(sum > .seconds(560) && sum < .seconds(640))
    }
}
