// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Storage
import Testing

@testable import Reports

/// WebSockets and gRPC streams in stories and on the page.
@Suite struct StreamTests {
    private static let expected = "every stream of chat: outcome finished"

    /// A rollout during which a socket is cut by its pod and a gRPC stream goes on to its end.
    private func sample() -> SampleRun {
        var run = SampleRun.rollout()
        stream(&run, "websocket", "opened", at: 2, exchange: 11)
        stream(&run, "grpc", "opened", at: 2.5, exchange: 12)
        stream(&run, "websocket", "ended", "server ended", code: 1006, at: 16.2, exchange: 11)
        stream(&run, "grpc", "ended", "finished", code: 0, at: 30, exchange: 12)
        run.expectations = [
            SavedExpectation(
                name: "unbroken",
                file: "shop.yaml",
                line: 20,
                column: 5,
                expected: Self.expected,
                isMet: false,
                firstWrong: 16_200_000_000,
                seen: ["2 streams of chat, 1 otherwise: 1 × server ended"]
            )
        ]
        return run
    }

    private func stream(
        _ run: inout SampleRun,
        _ kind: String,
        _ stage: String,
        _ outcome: String = "",
        code: Int = -1,
        at seconds: Double,
        exchange: Int64
    ) {
        run.add(
            .stream(
                StreamRecord(
                    traffic: "chat",
                    connection: 7,
                    exchange: exchange,
                    kind: kind,
                    host: "shop.example.com",
                    path: "/chat",
                    servedBy: "web-1",
                    stage: stage,
                    outcome: outcome,
                    code: code,
                    sent: 6,
                    received: 5,
                    duration: .milliseconds(Int64(((seconds - 2) * 1000).rounded())),
                    slowest: .milliseconds(30)
                )
            ),
            at: seconds,
            on: "client-chat"
        )
    }

    @Test func `a socket that its pod ended goes back to the step that took the pod away`() throws {
        let run = try sample().saved()
        let ended = try run.rows("SELECT entry FROM stream WHERE outcome = 'server ended'")[0].number(0)
        let story = try CauseFinder(run: run).story(ended)
        #expect(story.map(\.kind) == ["step", "object", "reconcile", "pod", "stream"])
        #expect(
            story.last?.text
                == "websocket shop.example.com/chat → server ended 1006, served by web-1, after 14.2s, 6 sent and 5 received"
        )
    }

    @Test func `the story of an expectation about streams ends with the stream that broke it`() throws {
        let text = try SavedStory(sample().saved()).text()
        #expect(text.contains("client-chat"))
        #expect(text.contains("websocket shop.example.com/chat → server ended 1006"))
        #expect(!text.contains("grpc shop.example.com/chat"))
    }

    @Test func `the page has a row for each stream that ended, with its story when it broke`() throws {
        let streams = try #require(try PageData(sample().saved()).json()["streams"]?.arrayValue)
        #expect(streams.map { $0[3] } == ["websocket", "grpc"])
        let broken = try #require(streams.first)
        #expect(broken[0] == 16_200_000)
        #expect(broken[2] == "chat")
        #expect(broken[4] == "shop.example.com/chat")
        #expect(broken[5] == "web-1")
        #expect(broken[6] == "server ended")
        #expect(broken[7] == 1006)
        #expect(broken[8] == 6)
        #expect(broken[9] == 5)
        #expect(broken[10] == 14_200_000)
        #expect(broken[11] == 30_000)
        #expect(broken[13]?.arrayValue?.last?["kind"] == "stream")
        #expect(streams[1][13] == nil)
        #expect(streams[1][6] == "finished")
    }

    @Test func `a stream that is still open is not on the page`() throws {
        var run = SampleRun.rollout()
        stream(&run, "websocket", "opened", at: 2, exchange: 11)
        #expect(try PageData(run.saved()).json()["streams"]?.arrayValue?.isEmpty == true)
    }
}
