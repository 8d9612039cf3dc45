// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Simulation
import Testing

@testable import CloudServer

@Suite struct DeliveryTests {
    private static let place = DeliveryQueue.Place(loadBalancer: "alb-1", zone: "z1")

    private static func version(_ number: Int64) -> DeliveryQueue.Delivery {
        .apply(
            LoadBalancerConfiguration(id: "alb-1", version: number, cause: "test", dnsName: "x", zones: [])
        )
    }

    private static func taken(_ queue: inout DeliveryQueue, _ second: Int64) -> Int64? {
        guard case .apply(let configuration)? = queue.take(place, now: Instant(seconds: second))?.delivery
        else { return nil }
        return configuration.version
    }

    @Test func `versions reach a zone in order, whatever their delays`() {
        var queue = DeliveryQueue()
        let now = Instant(seconds: 0)
        let first = queue.send(
            Self.version(1),
            to: Self.place,
            now: now,
            delay: .seconds(5),
            batching: .zero,
            cause: .none
        )
        let second = queue.send(
            Self.version(2),
            to: Self.place,
            now: now,
            delay: .seconds(2),
            batching: .zero,
            cause: .none
        )
        #expect(first == Instant(seconds: 5))
        #expect(second == nil, "it rides along with the first")
        #expect(Self.taken(&queue, 4) == nil)
        #expect(Self.taken(&queue, 5) == 2)
        #expect(Self.taken(&queue, 6) == nil)
    }

    @Test func `a zone takes the newest of what has arrived`() {
        var queue = DeliveryQueue()
        for number in 1...3 as ClosedRange<Int64> {
            _ = queue.send(
                Self.version(number),
                to: Self.place,
                now: Instant(seconds: number),
                delay: .seconds(2),
                batching: .zero,
                cause: .none
            )
        }
        #expect(Self.taken(&queue, 4) == 2)
        #expect(Self.taken(&queue, 5) == 3)
        #expect(queue.servedVersions[Self.place] == 3)
    }

    @Test func `batching rounds up to a multiple`() {
        var queue = DeliveryQueue()
        let due = queue.send(
            Self.version(1),
            to: Self.place,
            now: Instant(seconds: 7),
            delay: .seconds(1),
            batching: .seconds(5),
            cause: .none
        )
        #expect(due == Instant(seconds: 10))
    }

    @Test func `a crowd of versions waits as a few`() {
        var queue = DeliveryQueue()
        let dues = (1...100).compactMap { number in
            queue.send(
                Self.version(Int64(number)),
                to: Self.place,
                now: Instant(seconds: Int64(number)),
                delay: .seconds(1000),
                batching: .zero,
                cause: .none
            )
        }
        #expect(dues.count == 16)
        #expect(Self.taken(&queue, 2000) == 100)
    }

    @Test func `zones get a change at their own times and know which call it came from`() throws {
        let account = CloudAccount(
            transitions: .immediate,
            propagation: .uniform(.seconds(1)...(.seconds(9)))
        )
        try CloudWorld.run(account: account) { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            try await world.host.clock.sleep(for: .seconds(20))
            _ = await world.makeListener(lb, group)
            try await world.host.clock.sleep(for: .seconds(20))
            let last = world.sink.entries.suffix(2)
            #expect(last.map { $0.configuration?.version } == [2, 2])
            #expect(Set(last.map(\.at)).count == 2)
            let cause = try #require(last.first?.cause)
            let entry = try #require(world.simulation.trace.entries.first { $0.id == cause })
            guard case .cloudCall(let call) = entry.event else {
                Issue.record("the cause is no call")
                return
            }
            #expect(call.action == "CreateListener")
            let report = world.server.loadBalancers()
            #expect(report.map(\.version) == [2])
            #expect(report[0].zones.map(\.servedVersion) == [2, 2])
            #expect(report[0].listeners.map(\.port) == [80])
        }
    }

    @Test func `a change under way is not served before it is done`() throws {
        let account = CloudAccount(
            transitions: TransitionTimes(
                usual: .after(.fixed(.seconds(10))),
                exceptions: [
                    "loadbalancer": .immediate, "listener.create": .immediate,
                    "servergroup.create": .immediate,
                ]
            ),
            propagation: .fixed(.zero)
        )
        try CloudWorld.run(account: account) { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            var rule = CloudWorld.rule("a.example.com", priority: 1, group: group)
            rule["ListenerId"] = .string(listener)
            _ = await world.must("CreateRule", rule)
            // Another change of the same load balancer is done meanwhile.
            let other = await world.makeGroup()
            _ = await world.makeListener(lb, other, port: 81)
            try await world.host.clock.sleep(for: .seconds(1))
            #expect(world.sink.newest("cn-hangzhou-h")?.listeners.map(\.port) == [80, 81])
            #expect(world.sink.newest("cn-hangzhou-h")?.listeners[0].rules.isEmpty == true)
            try await world.host.clock.sleep(for: .seconds(10))
            #expect(world.sink.newest("cn-hangzhou-h")?.listeners[0].rules.count == 1)
            _ = await world.must("StopListener", ["ListenerId": .string(listener)])
            try await world.host.clock.sleep(for: .seconds(11))
            #expect(world.sink.newest("cn-hangzhou-h")?.listeners.map(\.port) == [81])
            _ = await world.must("StartListener", ["ListenerId": .string(listener)])
            try await world.host.clock.sleep(for: .seconds(11))
            #expect(world.sink.newest("cn-hangzhou-h")?.listeners[0].rules.count == 1)
        }
    }

    @Test func `a zone that a load balancer leaves serves it until the change is done`() throws {
        var account = CloudAccount(
            zones: ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"],
            transitions: TransitionTimes(
                usual: .after(.fixed(.seconds(5))),
                exceptions: ["loadbalancer.create": .immediate]
            ),
            propagation: .fixed(.seconds(1))
        )
        account.quotas.loadBalancers = 1
        try CloudWorld.run(account: account) { world in
            let lb = await world.makeLoadBalancer()
            let zones = world.loadBalancerFields().objects("ZoneMappings").dropLast()
            _ = await world.must(
                "UpdateLoadBalancerZones",
                ["LoadBalancerId": .string(lb), "ZoneMappings": .array(zones.map { .object($0) })]
            )
            let start = world.host.clock.now
            try await world.host.clock.sleep(for: .seconds(10))
            let removals = world.sink.entries.filter { $0.configuration == nil }
            #expect(removals.map(\.zone) == ["cn-hangzhou-j"])
            #expect(removals.map { start.duration(to: $0.at) } == [.seconds(6)])
            #expect(
                world.sink.newest("cn-hangzhou-h")?.zones.map(\.zone) == ["cn-hangzhou-h", "cn-hangzhou-i"]
            )
        }
    }
}
