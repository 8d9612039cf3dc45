// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

/// Writes events in the background, in order: no controller waits for one.
final class EventOutbox: Sendable {
    private struct Letter: Sendable {
        let object: KubernetesObject
        let type: String
        let reason: String
        let message: String
    }

    private let recorder: EventRecorder
    private let letters: AsyncStream<Letter>
    private let inlet: AsyncStream<Letter>.Continuation

    init(client: KubernetesClient, host: Host, component: String) {
        recorder = EventRecorder(client: client, host: host, component: component)
        // Events are a courtesy: with the API server away the oldest of very many are dropped.
        (letters, inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(10_000))
    }

    /// Has an event written about an object.
    func record(_ object: KubernetesObject, _ type: String = "Normal", reason: String, message: String) {
        inlet.yield(Letter(object: object, type: type, reason: reason, message: message))
    }

    /// Writes until the task is cancelled.
    func run() async {
        for await letter in letters {
            await recorder.record(
                letter.object,
                type: letter.type,
                reason: letter.reason,
                message: letter.message
            )
        }
    }
}
