// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Synchronization

/// The scripts of all containers: as configured, and as changed at run time.
final class ScriptBook: Sendable {
    private struct State {
        var next = 1
        var changes: [(id: Int, change: ScriptChange)] = []
    }

    private let scripts: PodScripts
    private let state = Mutex(State())

    init(_ scripts: PodScripts) {
        self.scripts = scripts
    }

    /// Adds a change for present and coming pods; gives the number to take it back with.
    func add(_ change: ScriptChange) -> Int {
        state.withLock { state in
            defer { state.next += 1 }
            state.changes.append((state.next, change))
            return state.next
        }
    }

    /// Takes a change back.
    func remove(_ id: Int) {
        state.withLock { $0.changes.removeAll { $0.id == id } }
    }

    /// A container's script as it is now.
    ///
    /// - Throws: `PodScriptError` when the configured script or the annotation cannot be read.
    func script(_ container: ContainerName, of pod: KubernetesObject) throws(PodScriptError) -> PodScript {
        var members = try scripts.members(
            image: container.image,
            container: container.name,
            annotation: pod["metadata", "annotations"]?[PodScripts.annotation]?.stringValue
        )
        if let program = pod["metadata", "annotations"]?[PodScripts.programAnnotation] {
            members["program"] = program
        }
        let changes = state.withLock { $0.changes }
        for (_, change) in changes where change.concerns(pod) {
            for member in change.members { members[member.key] = member.value }
        }
        return try PodScript(.object(members))
    }
}
