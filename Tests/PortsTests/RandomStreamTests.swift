// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@Suite struct RandomStreamTests {
    @Test func `numbers are those of SplitMix64`() {
        var stream = RandomStream(seed: 1_234_567)
        let numbers = (0..<5).map { _ in stream.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test func `one purpose gives one sequence, another another`() {
        let source = RandomSource(seed: 7)
        func numbers(_ stream: RandomStream) -> [UInt64] {
            var stream = stream
            return (0..<4).map { _ in stream.next() }
        }
        #expect(numbers(source.stream("latency")) == numbers(source.stream("latency")))
        let all = [
            source.stream("latency"), source.stream("loss"), source.stream(""),
            RandomSource(seed: 8).stream("latency"),
            source.source("node-1").stream("latency"), source.source("node-2").stream("latency"),
            source.source("node-1").source("latency").stream("latency"),
        ]
        #expect(Set(all.flatMap(numbers)).count == all.count * 4)
    }

    @Test func `streams are the same in every release, or every recorded digest changes`() {
        var stream = RandomSource(seed: 7).source("controller").stream("jitter")
        let number = stream.next()
        let letters = stream.letters(8, from: "abcdefghijklmnopqrstuvwxyz")
        let uuid = stream.uuid()
        let duration = stream.duration(in: .milliseconds(1)...(.seconds(1)))
        #expect(number == 15_780_568_913_618_741_517)
        #expect(letters == "ercpngvc")
        #expect(uuid == "4a4dd319-7593-40bf-a8bc-a63e1a31a667")
        #expect(duration == .nanoseconds(857_898_563))
    }

    @Test func `chance keeps to its bounds`() {
        var stream = RandomStream(seed: 1)
        var hits = 0
        for _ in 0..<10_000 {
            let (never, always) = (stream.chance(0), stream.chance(1))
            #expect(!never && always)
            if stream.chance(0.25) { hits += 1 }
        }
        #expect((2300...2700).contains(hits))
    }

    @Test func `durations stay within their bounds, both included`() {
        var stream = RandomStream(seed: 2)
        var seen: Set<Duration> = []
        for _ in 0..<200 { seen.insert(stream.duration(in: .nanoseconds(5)...(.nanoseconds(8)))) }
        #expect(seen == [.nanoseconds(5), .nanoseconds(6), .nanoseconds(7), .nanoseconds(8)])
        let only = stream.duration(in: .seconds(3)...(.seconds(3)))
        #expect(only == .seconds(3))
    }

    @Test func `letters come from the alphabet only, each of them`() {
        var stream = RandomStream(seed: 3)
        let text = stream.letters(2000, from: "abcé")
        #expect(text.count == 2000)
        #expect(Set(text) == ["a", "b", "c", "é"])
        let none = stream.letters(0, from: "a")
        #expect(none.isEmpty)
    }

    @Test func `a UUID has the form of version 4`() {
        var stream = RandomStream(seed: 4)
        for _ in 0..<100 {
            let parts = stream.uuid().split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "4")
            #expect("89ab".contains(parts[3].first ?? "-"))
            #expect(parts.joined().allSatisfy { "0123456789abcdef".contains($0) })
        }
    }
}
