// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports
import Testing

@testable import DataPlane

private func server(_ number: Int, weight: Int = 100, zone: String = "") -> BackendServer {
    BackendServer(
        serverID: "eni-\(number)",
        address: SocketAddress(ip: "10.0.0.\(number)", port: 80),
        weight: weight,
        zone: zone
    )
}

private func list(
    _ servers: [BackendServer],
    scheduler: ServerGroupConfiguration.Scheduler = .weightedRoundRobin,
    isCrossZone: Bool = true,
    previous: ServerList? = nil
) -> ServerList {
    let group = ServerGroupConfiguration(
        id: "sgp-1",
        name: "g",
        scheduler: scheduler,
        servers: servers,
        isCrossZone: isCrossZone
    )
    let known = previous?.backends ?? []
    let backends = servers.map { server in
        known.first { $0.key == Backend.Key(server) } ?? Backend(server)
    }
    return ServerList(group, backends: backends, zone: "zone-a", previous: previous)
}

private func picks(_ list: ServerList, _ count: Int) -> [String] {
    (0..<count).map { _ in list.choose(hash: 0, now: Instant(seconds: 0))?.label ?? "none" }
}

@Suite struct BalancingTests {
    @Test func `equal servers take turns`() {
        let list = list([server(1), server(2), server(3)])
        #expect(
            picks(list, 6) == [
                "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80",
            ]
        )
    }

    @Test func `shares follow weights and the turns of a heavy server are spread out`() {
        let list = list([server(1, weight: 50), server(2, weight: 10), server(3, weight: 10)])
        let seven = picks(list, 7).map { $0.dropFirst(7).prefix(1) }
        #expect(seven == ["1", "1", "2", "1", "3", "1", "1"])
    }

    @Test func `a server of weight 0 gets nothing`() {
        let list = list([server(1, weight: 0), server(2)])
        #expect(Set(picks(list, 5)) == ["10.0.0.2:80"])
        #expect(self.noneIsLeft([server(1, weight: 0)]))
        #expect(self.noneIsLeft([]))
    }

    private func noneIsLeft(_ servers: [BackendServer]) -> Bool {
        list(servers).choose(hash: 0, now: Instant(seconds: 0)) == nil
    }

    @Test func `turns go on when members change`() {
        let first = list([server(1), server(2), server(3)])
        _ = picks(first, 1)
        let second = list([server(1), server(2), server(3), server(4)], previous: first)
        #expect(second.choose(hash: 0, now: Instant(seconds: 0))?.label != "10.0.0.1:80")
    }

    @Test func `only healthy servers are chosen, and the others when none is healthy`() {
        let list = list([server(1), server(2), server(3)])
        for backend in list.backends {
            backend.health = HealthMachine(state: .healthy, healthyThreshold: 1, unhealthyThreshold: 1)
        }
        list.backends[0].health = HealthMachine(state: .unhealthy, healthyThreshold: 1, unhealthyThreshold: 1)
        list.backends[1].health = HealthMachine(state: .initial, healthyThreshold: 1, unhealthyThreshold: 1)
        list.healthChanged()
        #expect(Set(picks(list, 4)) == ["10.0.0.3:80"])
        #expect(!list.isFailOpen)
        _ = list.backends[2].health?.record(.connectFailed)
        list.healthChanged()
        #expect(Set(picks(list, 4)) == ["10.0.0.1:80", "10.0.0.3:80"])
        #expect(list.isFailOpen)
    }

    @Test func `servers before their first verdict get nothing`() {
        let list = list([server(1)])
        list.backends[0].health = HealthMachine(healthyThreshold: 2, unhealthyThreshold: 2)
        list.healthChanged()
        #expect(list.choose(hash: 0, now: Instant(seconds: 0)) == nil)
    }

    @Test func `a group that does not cross zones keeps to its own`() {
        let list = list(
            [server(1, zone: "zone-b"), server(2, zone: "zone-a"), server(3)],
            isCrossZone: false
        )
        #expect(Set(picks(list, 6)) == ["10.0.0.2:80", "10.0.0.3:80"])
    }

    @Test func `the least loaded server for its weight is chosen`() {
        let list = list(
            [server(1, weight: 100), server(2, weight: 50)],
            scheduler: .weightedLeastConnections
        )
        list.backends[0].active = 3
        list.backends[1].active = 1
        #expect(list.choose(hash: 0, now: Instant(seconds: 0))?.label == "10.0.0.2:80")
        list.backends[1].active = 2
        #expect(list.choose(hash: 0, now: Instant(seconds: 0))?.label == "10.0.0.1:80")
    }

    @Test func `a hash stays with its server and only the share of one that leaves moves`() {
        let full = list((1...5).map { server($0) }, scheduler: .sourceHash)
        let less = list((1...4).map { server($0) }, scheduler: .sourceHash)
        var counts: [String: Int] = [:]
        var moved = 0
        for number in 0..<1000 {
            let hash = HashRing.hash("client \(number)")
            let before = full.choose(hash: hash, now: Instant(seconds: 0))?.label ?? ""
            #expect(full.choose(hash: hash, now: Instant(seconds: 0))?.label == before)
            counts[before, default: 0] += 1
            let after = less.choose(hash: hash, now: Instant(seconds: 0))?.label ?? ""
            if before != "10.0.0.5:80", before != after { moved += 1 }
        }
        #expect(moved == 0)
        #expect(counts.values.allSatisfy { (100...320).contains($0) }, "\(counts.values.sorted())")
    }

    @Test func `another server is found among those not tried`() {
        let list = list([server(1), server(2)])
        let first = list.backends[0]
        #expect(list.choose(hash: 0, tried: [first], now: Instant(seconds: 0)) === list.backends[1])
        #expect(list.choose(hash: 0, tried: list.backends, now: Instant(seconds: 0)) == nil)
    }
}
