// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Testing

@testable import Scenarios

/// Expectations about streams, and about states that a step is to bring.
@Suite struct StreamEvaluatorTests {
    @Test func `streams are judged where they end`() throws {
        var run = try HandMadeRun(
            """
            - always: {stream: {traffic: shoppers, outcome: finished, code: 1000}}
            - count: {stream: {outcome: server-ended, served-by: tea}, equals: 1}
            - always: {stream: {longer-than: 10s, answers-within: 1s}, before: 30s}
            """
        )
        run.stream(at: 20, "finished", code: 1000, open: 15)
        #expect(run.failures().map(\.expected) == ["exactly 1 stream: outcome server-ended, served by tea"])
        run.stream(at: 40, "server ended", code: 1001, open: 2)
        let failures = run.failures()
        #expect(
            failures.map(\.seen) == [
                [
                    "2 streams of shoppers, 1 otherwise: 1 × server ended 1001",
                    "+40.000s websocket of shoppers to cafe.example.com/chat: server ended 1001, served by tea-5d8fbcd9f7-x2x7q after 2s, 3 sent, 3 received",
                ]
            ]
        )
        #expect(failures.first?.firstWrong == .seconds(40))
    }

    @Test func `no stream at all shows nothing, and none in a window may be what is wanted`() throws {
        var run = try HandMadeRun(
            "- always: {stream: {outcome: finished}}\n- count: {stream: {traffic: shoppers}, equals: 0, before: 10s}"
        )
        #expect(run.failures().count == 2)
        run.stream(at: 20, "finished", code: 0, open: 1)
        #expect(run.verdict() == ["met"])
    }

    private static func deployment(_ generation: Int64, observed: Int64, updated: Int64) -> JSONValue {
        [
            "kind": "Deployment", "metadata": ["generation": .integer(generation)],
            "status": ["observedGeneration": .integer(observed), "updatedReplicas": .integer(updated)],
        ]
    }

    @Test func `a status of before the step does not meet what is to come after it`() throws {
        var run = try HandMadeRun(
            "- within: 30s\n  after: rollout\n  object: {kind: Deployment, name: tea, status: {updatedReplicas: 3}}"
        )
        run.object("deployments.apps", "tea", at: 1, Self.deployment(1, observed: 1, updated: 3))
        run.step(1, at: 10)
        // The step has not changed the object yet, and then its controller has not seen the change.
        run.object("deployments.apps", "tea", at: 10.005, Self.deployment(2, observed: 1, updated: 3))
        run.performed(at: 10.01)
        run.object("deployments.apps", "tea", at: 11, Self.deployment(2, observed: 2, updated: 1))
        #expect(
            run.verdict() == [
                "never so; in the end: status.updatedReplicas: expected 3, found 1", "+40.000s",
            ]
        )
        run.object("deployments.apps", "tea", at: 25, Self.deployment(2, observed: 2, updated: 3))
        #expect(run.verdict() == ["met"])
    }

    @Test func `what a step leaves as it was is so when the step has been carried out`() throws {
        var run = try HandMadeRun(
            "- within: 30s\n  after: rollout\n  object: {kind: Deployment, name: tea, status: {updatedReplicas: 3}}"
        )
        run.object("deployments.apps", "tea", at: 1, Self.deployment(1, observed: 1, updated: 3))
        run.step(1, at: 10)
        run.performed(at: 10.01)
        #expect(run.verdict() == ["met"])
    }
}

extension HandMadeRun {
    /// The step under way has been carried out.
    mutating func performed(at seconds: Double) {
        add(.note(Note(topic: "step", message: "set-image: done")), at: seconds)
    }

    /// A stream that ended.
    mutating func stream(at seconds: Double, _ outcome: String, code: Int, open: Int64) {
        add(
            .stream(
                StreamRecord(
                    traffic: "shoppers",
                    connection: 1,
                    exchange: 1,
                    kind: "websocket",
                    host: "cafe.example.com",
                    path: "/chat",
                    servedBy: "tea-5d8fbcd9f7-x2x7q",
                    stage: "ended",
                    outcome: outcome,
                    code: code,
                    sent: 3,
                    received: 3,
                    duration: .seconds(open),
                    slowest: .milliseconds(20)
                )
            ),
            at: seconds
        )
    }
}
