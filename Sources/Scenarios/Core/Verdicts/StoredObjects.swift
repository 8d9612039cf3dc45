// SPDX-License-Identifier: Apache-2.0
public import JSON

/// The bodies of Kubernetes objects, as the API server keeps them: what the trace leaves out.
public protocol StoredObjects: Sendable {
    /// The body of a revision; nil when that revision deleted the object or is not known.
    ///
    /// - Parameters:
    ///   - resource: The plural with its group: `ingresses.networking.k8s.io`.
    ///   - namespace: Empty for cluster-scoped objects.
    ///   - name: The object's name.
    ///   - revision: The resourceVersion.
    /// - Returns: The whole object.
    func body(resource: String, namespace: String, name: String, revision: Int64) -> JSONValue?
}

/// No objects at all: for runs whose expectations are about traffic only.
public struct NoStoredObjects: StoredObjects {
    /// Makes it.
    public init() {}

    /// Nothing.
    public func body(resource: String, namespace: String, name: String, revision: Int64) -> JSONValue? { nil }
}
