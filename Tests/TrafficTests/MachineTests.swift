// SPDX-License-Identifier: Apache-2.0
import Certificates
import HTTPTypes
import Ports
import Testing

@testable import Traffic

/// Drives a machine by hand: no clock, no network.
private struct Bench {
    var machine: TrafficMachine
    var now = Instant(seconds: 1000)
    var nextNumber: UInt64 = 1
    /// Connections that were asked for, in order.
    var dialled: [ConnectionID] = []
    var sent: [(id: ConnectionID, exchange: UInt64)] = []
    var ended: [RequestRecord] = []
    var closed: [ConnectionID] = []
    var cancelled: [ConnectionID] = []
    var wakes: [(TrafficAlarm, Instant)] = []
    var drained = 0

    init(_ change: (inout TrafficDescription) -> Void = { _ in }) throws {
        var description = TrafficDescription(
            name: "t",
            requests: [try TrafficRequest("http://a.example/")],
            load: .constant(perSecond: 1)
        )
        change(&description)
        machine = TrafficMachine(
            description,
            verifier: CertificateVerifier(roots: []),
            random: RandomSource(seed: 1)
        )
    }

    /// Feeds an event; names resolve at once, to one address.
    mutating func feed(_ event: (inout TrafficMachine, Instant) -> Void) {
        event(&machine, now)
        take()
    }

    mutating func pass(_ time: Duration) { now = now.advanced(by: time) }

    private mutating func take() {
        var actions: [TrafficAction] = []
        machine.takeActions(&actions)
        for action in actions {
            switch action {
            case .resolve(_, let id):
                machine.resolved(id, .success(["10.0.0.1"]), at: now)
                take()
            case .connect(_, _, let id): dialled.append(id)
            case .send(_, let exchange, let id): sent.append((id, exchange))
            case .cancel(_, let id): cancelled.append(id)
            case .close(let id): closed.append(id)
            case .connection, .migrate, .stream: break
            case .ended(let request, _): ended.append(request.record(traffic: machine.description.name))
            case .wake(let alarm, let at): wakes.append((alarm, at))
            case .drained: drained += 1
            }
        }
    }

    mutating func open(_ id: ConnectionID, _ version: HTTPVersion = .http11) {
        let facts = ConnectionFacts(
            id: nextNumber,
            client: SocketAddress(ip: "c", port: 1),
            server: SocketAddress(ip: "s", port: 1),
            transport: .tcp,
            version: version,
            tls: nil
        )
        nextNumber += 1
        feed { machine, now in machine.opened(id, facts, at: now) }
    }

    mutating func answer(_ place: Int, _ status: HTTPResponse.Status = .ok) {
        let (id, exchange) = sent[place]
        let frame = Frame(head: .response(HTTPResponse(status: status)))
        feed { machine, now in machine.received(frame, exchange: exchange, on: id, at: now) }
    }

    mutating func arrive() {
        if machine.phase == .fresh { return feed { machine, now in machine.begin(at: now) } }
        pass(.seconds(1))
        feed { machine, now in machine.arrivalDue(at: now) }
    }
}

@Suite struct MachineTests {
    @Test func `a request opens a connection, and the next one uses it`() throws {
        var bench = try Bench()
        bench.arrive()
        #expect(bench.dialled.count == 1 && bench.sent.isEmpty)
        bench.open(bench.dialled[0])
        #expect(bench.sent.map(\.exchange) == [1])
        bench.answer(0)
        #expect(bench.ended.map(\.outcome) == ["answered"])
        bench.arrive()
        #expect(bench.dialled.count == 1)
        #expect(bench.sent.map(\.exchange) == [1, 2])
    }

    @Test func `a waiting request takes whichever connection is free first`() throws {
        var bench = try Bench()
        bench.arrive()
        bench.open(bench.dialled[0])
        bench.arrive()
        #expect(bench.dialled.count == 2)
        bench.answer(0)
        #expect(bench.sent.map(\.id) == [bench.dialled[0], bench.dialled[0]])
        // The second connection comes too late and is kept for the next.
        bench.open(bench.dialled[1])
        bench.arrive()
        #expect(bench.dialled.count == 2)
        #expect(bench.sent.map(\.id).last == bench.dialled[1])
    }

    @Test func `an opening that fails costs one request, not those that have openings of their own`() throws {
        var bench = try Bench()
        for _ in 0..<3 { bench.arrive() }
        let first = bench.dialled[0]
        bench.feed { machine, now in machine.failed(first, .refused, at: now) }
        #expect(bench.ended.map(\.outcome) == ["refused"])
        #expect(bench.machine.requests.count == 2)
        #expect(bench.dialled.count == 3)
    }

    @Test func `an opening that fails after its request was served elsewhere costs nothing`() throws {
        var bench = try Bench()
        bench.arrive()
        bench.open(bench.dialled[0])
        bench.arrive()
        bench.answer(0)
        let second = bench.dialled[1]
        bench.feed { machine, now in machine.failed(second, .refused, at: now) }
        #expect(bench.ended.map(\.outcome) == ["answered"])
        bench.answer(1)
        #expect(bench.ended.count == 2)
    }

    @Test func `those beyond a bound on connections are tried again after a failed opening`() throws {
        var bench = try Bench { $0.connections.connectionsPerClient = 1 }
        for _ in 0..<3 { bench.arrive() }
        #expect(bench.dialled.count == 1)
        for place in 0..<3 {
            let id = bench.dialled[place]
            bench.feed { machine, now in machine.failed(id, .refused, at: now) }
        }
        #expect(bench.ended.count == 3)
        #expect(bench.dialled.count == 3)
    }

    @Test func `requests of a lost http 2 connection go to one new connection, the oldest first`() throws {
        var bench = try Bench { $0.connections.versions = [.http2] }
        bench.arrive()
        bench.open(bench.dialled[0], .http2)
        bench.answer(0)
        for _ in 0..<3 { bench.arrive() }
        #expect(bench.sent.map(\.exchange) == [1, 2, 3, 4])
        let first = bench.dialled[0]
        bench.feed { machine, now in machine.closed(first, .closed, at: now) }
        #expect(bench.ended.count == 1)
        #expect(bench.dialled.count == 2)
        bench.open(bench.dialled[1], .http2)
        #expect(bench.sent.suffix(3).map(\.exchange) == [1, 2, 3])
        for place in 4..<7 { bench.answer(place) }
        #expect(bench.ended.suffix(3).map(\.latency) == [.seconds(2), .seconds(1), .zero])
        #expect(bench.ended.suffix(3).map(\.tries) == [2, 2, 2])
    }

    @Test func `a request that was cut does not go to another used connection`() throws {
        var bench = try Bench()
        bench.arrive()
        bench.arrive()
        bench.open(bench.dialled[0])
        bench.open(bench.dialled[1])
        bench.answer(0)
        bench.answer(1)
        bench.arrive()
        let used = bench.sent[2].id
        bench.feed { machine, now in machine.closed(used, .reset, at: now) }
        // One used connection is still idle; a third is opened all the same.
        #expect(bench.dialled.count == 3)
        #expect(bench.sent.count == 3)
        bench.open(bench.dialled[2])
        #expect(bench.sent[3].id == bench.dialled[2])
    }

    @Test func `one deadline timer serves all requests`() throws {
        var bench = try Bench { $0.requestTimeout = .seconds(10) }
        for _ in 0..<5 { bench.arrive() }
        #expect(bench.wakes.filter { $0.0 == .deadline }.count == 1)
        bench.pass(.seconds(7))
        bench.feed { machine, now in machine.deadlineDue(at: now) }
        #expect(bench.ended.map(\.outcome) == ["timed out", "timed out"])
        #expect(bench.machine.requests.count == 3)
        let deadlines = bench.wakes.filter { $0.0 == .deadline }
        #expect(deadlines.count == 2)
        #expect(deadlines.last?.1 == bench.now.advanced(by: .seconds(1)))
    }

    @Test func `a timed out exchange ends its http 1 connection and leaves an http 2 one`() throws {
        for (version, isClosed) in [(HTTPVersion.http11, true), (.http2, false)] {
            var bench = try Bench {
                $0.connections.versions = [version]
                $0.requestTimeout = .seconds(10)
            }
            bench.arrive()
            bench.open(bench.dialled[0], version)
            // A byte that came later than the request shows that the other side is there.
            let early = Frame(body: [1], isLast: false)
            let (id, exchange) = bench.sent[0]
            bench.feed { machine, now in machine.received(early, exchange: exchange, on: id, at: now) }
            bench.pass(.seconds(10))
            bench.feed { machine, now in machine.deadlineDue(at: now) }
            #expect(bench.cancelled == [id])
            #expect(bench.closed == (isClosed ? [id] : []))
        }
    }

    @Test func `what comes for an exchange that was given up is ignored`() throws {
        var bench = try Bench {
            $0.connections.versions = [.http2]
            $0.requestTimeout = .seconds(1)
        }
        bench.arrive()
        bench.open(bench.dialled[0], .http2)
        bench.pass(.seconds(1))
        bench.feed { machine, now in machine.deadlineDue(at: now) }
        bench.answer(0)
        #expect(bench.ended.map(\.outcome) == ["timed out"])
        let gone = bench.dialled[0]
        bench.feed { machine, now in machine.closed(gone, .reset, at: now) }
        bench.feed { machine, now in machine.failed(gone, .reset, at: now) }
        #expect(bench.ended.count == 1)
    }

    @Test func `an answer without a status is malformed, and an early hint is no answer`() throws {
        var bench = try Bench()
        bench.arrive()
        bench.open(bench.dialled[0])
        let (id, exchange) = bench.sent[0]
        let hint = Frame(head: .response(HTTPResponse(status: .earlyHints)), isLast: false)
        bench.feed { machine, now in machine.received(hint, exchange: exchange, on: id, at: now) }
        bench.answer(0, .notFound)
        #expect(bench.ended.map(\.status) == [404])
        bench.arrive()
        bench.feed { machine, now in machine.received(Frame(), exchange: 2, on: id, at: now) }
        #expect(bench.ended.map(\.outcome) == ["answered", "malformed answer"])
    }

    @Test func `idle connections are closed by one timer when their time has come`() throws {
        var bench = try Bench {
            $0.clients = 3
            $0.connections.idleTimeout = .seconds(10)
        }
        for place in 0..<3 {
            bench.arrive()
            bench.open(bench.dialled[place])
            bench.answer(place)
        }
        var rounds = 0
        while let due = bench.wakes.filter({ $0.0 == .idle }).map(\.1).filter({ $0 > bench.now }).min(),
            rounds < 10
        {
            bench.now = due
            bench.feed { machine, now in machine.idleDue(at: now) }
            rounds += 1
        }
        #expect(bench.closed.count == 3)
        #expect(rounds <= 3)
        #expect(bench.machine.connections.count == 0)
    }

    @Test func `the end is told once all has ended, and connections are let go`() throws {
        var bench = try Bench()
        bench.arrive()
        bench.open(bench.dialled[0])
        bench.feed { machine, now in machine.stop(at: now) }
        #expect(bench.drained == 0)
        bench.answer(0)
        #expect(bench.drained == 1)
        #expect(bench.closed == [bench.dialled[0]])
        bench.arrive()
        #expect(bench.ended.count == 1)
    }

    @Test func `any order of events leaves the books balanced`() throws {
        for seed in 1...60 {
            var random = RandomStream(seed: UInt64(seed))
            var bench = try Bench {
                $0.clients = Int(random.next() % 3) + 1
                $0.connections.versions = random.chance(0.5) ? [.http2] : [.http11]
                $0.connections.connectionsPerClient = random.chance(0.5) ? 2 : nil
                $0.connections.requestsPerConnection = random.chance(0.3) ? 3 : nil
                $0.connections.streamsPerConnection = 2
                $0.requestTimeout = .seconds(8)
                $0.connections.idleTimeout = .seconds(5)
            }
            let version = bench.machine.description.connections.versions[0]
            for _ in 0..<400 {
                let dialled =
                    bench.dialled.isEmpty
                    ? nil : bench.dialled[Int(random.next() % UInt64(bench.dialled.count))]
                switch random.next() % 9 {
                case 0...2: bench.arrive()
                case 3:
                    if let dialled, bench.machine.connections[dialled]?.isOpen == false {
                        bench.open(dialled, version)
                    }
                case 4:
                    if let dialled, bench.machine.connections[dialled]?.isOpen == false {
                        bench.feed { machine, now in machine.failed(dialled, .refused, at: now) }
                    }
                case 5...6:
                    if !bench.sent.isEmpty { bench.answer(Int(random.next() % UInt64(bench.sent.count))) }
                case 7:
                    if let dialled, bench.machine.connections[dialled]?.isOpen == true {
                        bench.feed { machine, now in machine.closed(dialled, .reset, at: now) }
                    }
                default:
                    bench.feed { machine, now in machine.deadlineDue(at: now) }
                    bench.feed { machine, now in machine.idleDue(at: now) }
                }
                bench.machine.expectBalance()
            }
            bench.feed { machine, now in machine.stop(at: now) }
            bench.pass(.seconds(30))
            bench.feed { machine, now in machine.deadlineDue(at: now) }
            #expect(bench.machine.requests.count == 0)
            #expect(bench.drained >= 1)
            #expect(bench.ended.count == bench.machine.counts.sent)
        }
    }
}

extension TrafficMachine {
    /// What must hold between events.
    fileprivate func expectBalance() {
        let all = connections.ids.compactMap { connections[$0] }
        for (place, pool) in pools.enumerated() {
            let mine = all.filter { $0.pool == place }
            #expect(pool.count == mine.count)
            #expect(pool.opening == mine.count { !$0.isOpen })
            #expect(pool.ready.count == mine.count { $0.isReady })
            #expect(Set(pool.ready).count == pool.ready.count)
            #expect(pool.ready.allSatisfy { connections[$0]?.canTakeOne == true })
            #expect(pool.waiting.allSatisfy { requests[$0]?.connection == nil && requests.contains($0) })
            let bound = description.connections.connectionsPerClient ?? .max
            #expect(pool.count <= bound)
            // Nobody waits for nothing.
            #expect(pool.waiting.isEmpty || pool.opening > 0 || pool.count == bound)
        }
        let carried = all.flatMap(\.active).count
        #expect(carried + pools.reduce(0) { $0 + $1.waiting.count } == requests.count)
    }
}
