// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Synchronization
import Worlds

extension StepPerformer {
    /// Keeps an object with everything that a person would find in its manifest.
    func export(_ reference: ObjectReference) async throws -> String {
        let object = try await world.client.get(
            reference.type,
            namespace: reference.namespace,
            name: reference.name
        )
        exported.withLock { $0[reference] = object }
        return reference.description
    }

    /// Makes an object from what was kept: what the server gave it is left out, its labels are not.
    func restore(_ reference: ObjectReference, as name: String) async throws -> String {
        guard var object = exported.withLock({ $0[reference] }) else {
            throw StepFailure(message: "\(reference) was not exported before")
        }
        for member in [
            "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink",
        ] {
            object[path: "metadata", member] = nil
        }
        object["status"] = nil
        object[path: "metadata", "name"] = .string(name)
        _ = try await world.client.create(reference.type, object)
        return "\(reference) as \(name)"
    }
}
