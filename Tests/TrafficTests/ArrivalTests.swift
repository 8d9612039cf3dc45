// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import Traffic

private func offsets(_ description: TrafficDescription, _ most: Int = .max, seed: UInt64 = 1) -> [Int64] {
    var schedule = ArrivalSchedule(description, random: RandomStream(seed: seed))
    var offsets: [Int64] = []
    while offsets.count < most, let next = schedule.next {
        offsets.append(next)
        schedule.advance()
    }
    return offsets
}

private func load(
    _ load: LoadShape,
    _ arrivals: ArrivalPattern = .regular,
    delay: Duration = .zero,
    lasting: Duration? = nil,
    count: Int? = nil
) -> TrafficDescription {
    TrafficDescription(
        name: "t",
        requests: [],
        load: load,
        arrivals: arrivals,
        delay: delay,
        lasting: lasting,
        count: count
    )
}

@Suite struct ArrivalTests {
    @Test func `a hundred a second are ten milliseconds apart`() {
        let found = offsets(load(.constant(perSecond: 100)), 4)
        #expect(found == [0, 10_000_000, 20_000_000, 30_000_000])
    }

    @Test(arguments: [3.0, 7.0, 0.3, 99.9, 12_345.0])
    func `a rate that divides no second does not drift`(rate: Double) {
        let whole = offsets(load(.constant(perSecond: rate), lasting: .seconds(1000)))
        #expect(whole.count == Int((rate * 1000).rounded()))
        #expect(whole == whole.sorted())
        for (place, offset) in whole.enumerated() {
            #expect(abs(Double(offset) - Double(place) / rate * 1e9) < 2)
        }
    }

    @Test func `three months at a hundred a second end at the right nanosecond`() {
        var schedule = ArrivalSchedule(
            load(.every(.seconds(600)), lasting: .seconds(91 * 86_400)),
            random: .init(seed: 1)
        )
        var last: Int64 = 0
        while let next = schedule.next {
            last = next
            schedule.advance()
        }
        #expect(schedule.count == 91 * 144)
        #expect(last == (91 * 86_400 - 600) * 1_000_000_000)
    }

    @Test func `once is one arrival, after its delay`() {
        #expect(offsets(load(.once)) == [0])
        #expect(offsets(load(.once, delay: .seconds(2), count: 5)) == [2_000_000_000])
    }

    @Test func `an end and a count bound the arrivals, whichever comes first`() {
        #expect(offsets(load(.every(.seconds(1)), delay: .seconds(9), lasting: .seconds(3))).count == 3)
        #expect(offsets(load(.every(.seconds(1)), lasting: .seconds(3), count: 2)).count == 2)
        #expect(offsets(load(.constant(perSecond: 1_000_000), count: 7)).count == 7)
    }

    @Test func `arrivals beyond the end of time do not come`() {
        #expect(offsets(load(.every(.seconds(86_400 * 366 * 150)))).count == 2)
    }

    @Test func `random arrivals keep the mean, vary, and repeat with the seed`() {
        let description = load(.constant(perSecond: 50), .poisson, lasting: .seconds(1000))
        let found = offsets(description)
        #expect(abs(found.count - 50_000) < 1000)
        let steps = zip(found, found.dropFirst()).map { Double($1 - $0) / 20_000_000 }
        // Of exponential steps a share of exp(-1) is longer than the mean, and one of exp(-3) than three times it.
        #expect(abs(Double(steps.count { $0 > 1 }) / Double(steps.count) - 0.368) < 0.01)
        #expect(abs(Double(steps.count { $0 > 3 }) / Double(steps.count) - 0.0498) < 0.005)
        #expect(found == offsets(description))
        #expect(found != offsets(description, seed: 2))
    }
}

@Suite struct RotationTests {
    private func description(
        _ weights: [Int],
        clients: Int,
        _ selection: RequestSelection
    ) throws -> TrafficDescription {
        let requests = try weights.enumerated().map { place, weight in
            var request = try TrafficRequest("http://a.example/\(place)")
            request.weight = weight
            return request
        }
        return TrafficDescription(
            name: "t",
            requests: requests,
            selection: selection,
            load: .once,
            clients: clients
        )
    }

    @Test(arguments: [(1, [1, 1, 1]), (2, [1, 1]), (3, [1, 1]), (4, [3, 1]), (6, [2, 2, 5])])
    func `every client sends every request as often as its weight says`(clients: Int, weights: [Int]) throws {
        var rotation = RequestRotation(
            try description(weights, clients: clients, .rotation),
            random: .init(seed: 1)
        )
        var counts = Array(repeating: weights.map { _ in 0 }, count: clients)
        let rounds = weights.reduce(0, +)
        for arrival in 0..<UInt64(clients * rounds) {
            counts[rotation.client(at: arrival)][rotation.request(at: arrival)] += 1
        }
        #expect(counts.allSatisfy { $0 == weights })
    }

    @Test func `weights are mixed evenly and their common factor does not matter`() throws {
        var rotation = RequestRotation(
            try description([50, 10, 0], clients: 1, .rotation),
            random: .init(seed: 1)
        )
        let found = (0..<12).map { rotation.request(at: $0) }
        #expect(found.filter { $0 == 1 }.count == 2)
        #expect(!found.contains(2))
        #expect(zip(found, found.dropFirst()).allSatisfy { $0 != (1, 1) })
    }

    @Test func `drawn requests come with the chances of their weights`() throws {
        var rotation = RequestRotation(try description([9, 1], clients: 1, .random), random: .init(seed: 1))
        let count = (0..<10_000).count { rotation.request(at: UInt64($0)) == 1 }
        #expect((900...1100).contains(count))
    }
}
