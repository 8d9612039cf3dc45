// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI

/// Writing calls that several controllers make.
extension KubernetesClient {
    /// Deletes an object that still has this uid.
    ///
    /// - Returns: The object in its last state when the server says it, else the status.
    func remove(
        _ type: ResourceType,
        _ object: KubernetesObject,
        policy: String? = nil,
        grace: Int? = nil
    ) async throws(KubernetesError) -> KubernetesObject {
        var body: JSONObject = [
            "kind": "DeleteOptions", "apiVersion": "v1", "preconditions": ["uid": .string(object.uid)],
        ]
        if let policy { body["propagationPolicy"] = .string(policy) }
        if let grace { body["gracePeriodSeconds"] = .integer(Int64(grace)) }
        let path = type.path(namespace: object.namespace, name: object.name)
        return KubernetesObject(try await call(.delete, path, body: .object(body)))
    }

    /// Makes an object a dependent of a controller.
    func adopt(
        _ type: ResourceType,
        _ object: KubernetesObject,
        by owner: KubernetesObject
    ) async throws(KubernetesError) -> KubernetesObject {
        try await patch(
            type,
            object.key,
            ["metadata": ["uid": .string(object.uid), "ownerReferences": [owner.ownerReference()]]],
            form: .strategicMerge
        )
    }

    /// Takes an owner off an object.
    func release(
        _ type: ResourceType,
        _ object: KubernetesObject,
        from ownerUID: String
    ) async throws(KubernetesError) -> KubernetesObject {
        let rest = object.ownerReferences.filter { $0["uid"]?.stringValue != ownerUID }
        return try await patch(
            type,
            object.key,
            [
                "metadata": [
                    "uid": .string(object.uid), "resourceVersion": .string(object.resourceVersion),
                    "ownerReferences": rest.isEmpty ? nil : .array(rest),
                ]
            ]
        )
    }
}
