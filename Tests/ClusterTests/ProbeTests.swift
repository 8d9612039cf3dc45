// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Testing

@testable import Cluster

@Suite struct ProbeTests {
    private let start = Manifest.start

    private func probe(_ json: JSONValue, _ kind: Probe.Kind = .readiness) throws -> Probe {
        try #require(Probe(json, kind: kind))
    }

    private func at(_ seconds: Int) -> Instant { start.advanced(by: .seconds(seconds)) }

    @Test func `the next change is computed, not waited for`() throws {
        var runs = ProbeRuns(
            try probe([
                "httpGet": ["path": "/"], "initialDelaySeconds": 5, "periodSeconds": 10,
                "failureThreshold": 3,
            ]),
            from: start
        )
        #expect(runs.nextChange(outcome: true) == at(5))
        #expect(runs.nextChange(outcome: false) == at(25))
        let isChanged = runs.advance(to: at(5), outcome: true)
        #expect(isChanged)
        #expect(runs.verdict == true)
        #expect(runs.nextChange(outcome: true) == nil)
        // It turns bad after the run at 15: the runs at 25, 35 and 45 fail.
        _ = runs.advance(to: at(20), outcome: true)
        #expect(runs.nextChange(outcome: false) == at(45))
        let isBad = runs.advance(to: at(45), outcome: false)
        #expect(isBad)
        #expect(runs.verdict == false)
    }

    @Test func `a failure between two runs is never seen`() throws {
        var runs = ProbeRuns(
            try probe(["tcpSocket": [:], "periodSeconds": 10, "failureThreshold": 2]),
            from: start
        )
        _ = runs.advance(to: at(0), outcome: true)
        _ = runs.advance(to: at(11), outcome: true)
        _ = runs.advance(to: at(19), outcome: false)
        _ = runs.advance(to: at(30), outcome: true)
        #expect(runs.verdict == true)
        // One failure, then a success: the count begins again.
        _ = runs.advance(to: at(40), outcome: false)
        _ = runs.advance(to: at(50), outcome: true)
        #expect(runs.nextChange(outcome: false) == at(70))
    }

    /// The arithmetic against a probe that is really run at each period.
    @Test(arguments: 0..<200 as Range<UInt64>) func `the arithmetic agrees with running the probe`(
        seed: UInt64
    ) throws {
        var random = RandomStream(seed: seed)
        let period = Int(random.next() % 7 + 1)
        let (failures, successes) = (Int(random.next() % 4 + 1), Int(random.next() % 3 + 1))
        let delay = Int(random.next() % 9)
        let probe = try probe([
            "tcpSocket": [:], "periodSeconds": .integer(Int64(period)),
            "failureThreshold": .integer(Int64(failures)),
            "successThreshold": .integer(Int64(successes)), "initialDelaySeconds": .integer(Int64(delay)),
        ])
        // What the probe finds from each second on; it changes at random.
        var outcomes: [Bool] = []
        while outcomes.count < 120 {
            let value = random.next() % 2 == 0
            for _ in 0..<(random.next() % 30 + 1) { outcomes.append(value) }
        }
        // The plain way: run at each second that is due.
        var (verdict, last, count) = (nil as Bool?, nil as Bool?, 0)
        var expected: [Bool?] = []
        for second in 0..<120 {
            if second >= delay, (second - delay) % period == 0 {
                // A change at the instant of a run comes after it.
                let found = second == 0 ? outcomes[0] : outcomes[second - 1]
                count = last == found ? count + 1 : 1
                last = found
                if verdict != found, count >= (found ? successes : failures) { verdict = found }
            }
            expected.append(verdict)
        }
        // The other way: only when the outcome changes, or when it says that the verdict does.
        var runs = ProbeRuns(probe, from: start)
        var seen: [Bool?] = []
        for second in 0..<120 {
            let before = second == 0 ? outcomes[0] : outcomes[second - 1]
            let isFlip = second == 0 || outcomes[second] != before
            if isFlip || runs.nextChange(outcome: before) == at(second) {
                _ = runs.advance(to: at(second), outcome: before)
            }
            seen.append(runs.verdict)
        }
        #expect(seen == expected)
    }

    @Test func `a probe finds what the script says`() throws {
        let script = try PodScript(["paths": ["/bad": ["status": 503], "/slow": ["latency": "3s"]]])
        func outcome(_ path: String, _ script: PodScript, isListening: Bool = true) throws -> Bool {
            try probe(["httpGet": ["path": .string(path)]]).outcome(script, isListening: isListening)
        }
        #expect(try outcome("/ok?x=1", script))
        #expect(try !outcome("/ok", script, isListening: false))
        #expect(try !outcome("/bad", script))
        #expect(try !outcome("/slow", script))
        #expect(try !outcome("/ok", PodScript(["hang": true])))
        #expect(try probe(["tcpSocket": [:]]).outcome(PodScript(["hang": true]), isListening: true))
        #expect(try probe(["exec": ["command": ["true"]]]).outcome(script, isListening: false))
        #expect(try !outcome("/ok", PodScript(["ready": false])))
        #expect(
            try probe(["httpGet": [:]], .liveness).outcome(PodScript(["ready": false]), isListening: true)
        )
    }
}
