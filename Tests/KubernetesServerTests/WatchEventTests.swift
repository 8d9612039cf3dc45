// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesAPI

@Suite struct WatchEventTests {
    private func events(_ text: String, pieces: Int = 1) async throws -> [WatchEvent] {
        let (stream, source) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let bytes = Array(text.utf8)
        let size = max(1, bytes.count / pieces)
        for start in stride(from: 0, to: bytes.count, by: size) {
            source.yield(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        source.finish()
        var events: [WatchEvent] = []
        for try await event in WatchStream(stream) { events.append(event) }
        return events
    }

    private func words(_ events: [WatchEvent]) -> [String] {
        events.map { event in
            switch event {
            case .added(let object): "added \(object.json.text)"
            case .modified(let object): "modified \(object.json.text)"
            case .deleted(let object): "deleted \(object.json.text)"
            case .bookmark(let object): "bookmark \(object.json.text)"
            }
        }
    }

    @Test(arguments: [1, 3, 40]) func `events are read however they are cut and written`(
        pieces: Int
    ) async throws {
        let text =
            #"{"type":"ADDED","object":{"a":1}}"# + "\n" + #"{"object":{"a":2},"type":"MODIFIED"}"# + "\n\n"
            + #" { "type" : "DELETED", "object" : {"a":3} } "# + "\n"
            + #"{"type":"BOOKMARK","object":{"a":4}}"# + "\n" + #"{"type":"ADDED","object":{"a":5},"more":6}"#
            + "\n"
        let found = words(try await events(text, pieces: pieces))
        let wanted = [
            #"added {"a":1}"#, #"modified {"a":2}"#, #"deleted {"a":3}"#, #"bookmark {"a":4}"#,
            #"added {"a":5}"#,
        ]
        #expect(found == wanted)
    }

    @Test(arguments: [
        #"{"type":"ADDED","object":{"a":}}"#, #"{"type":"ADDED","object":}"#, #"{"type":"ADDED","object":{}"#,
        #"{"type":"ODD","object":{}}"#, #"{"type":"ADDED""#, "{}", "nothing",
    ])
    func `what is no event is an error`(line: String) async {
        await #expect(throws: KubernetesError.self) { try await events(line + "\n") }
    }

    @Test func `an error of the server is told with its status`() async {
        let line =
            #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
        do {
            _ = try await events(line + "\n")
            Issue.record("no error")
        } catch {
            guard case KubernetesError.refused(let status) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(status.code == 410)
        }
    }
}
