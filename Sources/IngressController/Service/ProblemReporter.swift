// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Synchronization

/// Tells users of problems, each once until it is gone.
final class ProblemReporter: Sendable {
    private let events: EventRecorder
    private let told = Mutex<[String: Set<Problem>]>([:])

    init(events: EventRecorder) {
        self.events = events
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
            return problems.filter { !old.contains($0) }
        }
        for problem in fresh {
            guard let object = object(problem.subject) else { continue }
            await events.record(object, type: "Warning", reason: reason, message: problem.message)
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

    /// Tells that something has gone well.
    func succeeded(_ object: KubernetesObject, _ message: String) async {
        await events.record(object, type: "Normal", reason: "SuccessfullyReconciled", message: message)
    }
}
