// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Synchronization

/// Tells users of problems, each once until it is gone.
final class ProblemReporter: Sendable {
    private let events: EventRecorder
    private let told = Mutex<[String: Set<Problem>]>([:])
    /// True to tell of a problem each time that it is met, as upstream does.
    ///
    /// Its events also go out by themselves, so that no pass waits for them.
    private let repeats: Bool
    private let outbox: AsyncStream<Told>
    private let inlet: AsyncStream<Told>.Continuation

    private struct Told: Sendable {
        var object: KubernetesObject
        var type: String
        var reason: String
        var message: String
    }

    init(events: EventRecorder, repeats: Bool = false) {
        self.events = events
        self.repeats = repeats
        (outbox, inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1000))
    }

    /// Sends events that go out by themselves, until the task is cancelled.
    func run() async {
        for await told in outbox {
            await events.record(
                told.object,
                type: told.type,
                reason: told.reason,
                message: told.message
            )
        }
    }

    /// Tells what is new, and forgets what is gone.
    ///
    /// - Parameters:
    ///   - problems: All that there are now of this kind.
    ///   - topic: The kind: one group, one phase.
    ///   - reason: The reason of the events.
    ///   - object: Finds the object of a problem.
    func report(
        _ problems: [Problem],
        topic: String,
        reason: String,
        object: (Problem.Subject) -> KubernetesObject?
    ) async {
        let fresh = told.withLock { told in
            let old = told[topic] ?? []
            told[topic] = problems.isEmpty ? nil : Set(problems)
            return repeats ? problems : problems.filter { !old.contains($0) }
        }
        for problem in fresh {
            guard let object = object(problem.subject) else { continue }
            await tell(object, "Warning", reason, problem.message)
        }
    }

    /// Forgets what was told about an AlbConfig that is gone.
    func forget(_ albConfig: String) {
        told.withLock { told in
            told = told.filter { topic, _ in
                let words = topic.split(separator: " ", maxSplits: 2)
                return words.count < 2 || words[1] != albConfig
            }
        }
    }

    /// Tells something about one object.
    func tell(_ object: KubernetesObject, _ type: String, _ reason: String, _ message: String) async {
        if repeats {
            inlet.yield(Told(object: object, type: type, reason: reason, message: message))
        } else {
            await events.record(object, type: type, reason: reason, message: message)
        }
    }

    /// Tells that something has gone well.
    func succeeded(_ object: KubernetesObject, _ message: String) async {
        await events.record(object, type: "Normal", reason: "SuccessfullyReconciled", message: message)
    }
}
