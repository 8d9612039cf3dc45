// SPDX-License-Identifier: Apache-2.0
public import KubernetesAPI

/// Where a build looks objects up.
public protocol ObjectSource: Sendable {
    /// The object of a type and key; nil when there is none.
    func object(_ type: ResourceType, _ key: ObjectKey) -> KubernetesObject?
}

/// Objects in memory.
public struct ObjectSet: ObjectSource {
    private var objects: [String: [ObjectKey: KubernetesObject]] = [:]

    /// Makes a set; of two objects of one kind and key the last stays.
    public init(_ objects: [KubernetesObject] = []) {
        for object in objects { self.objects[object.kind, default: [:]][object.key] = object }
    }

    /// The object of a type and key; nil when there is none.
    public func object(_ type: ResourceType, _ key: ObjectKey) -> KubernetesObject? {
        objects[type.kind]?[key]
    }

    /// All objects of a type in the order of their keys.
    public func all(_ type: ResourceType) -> [KubernetesObject] {
        (objects[type.kind] ?? [:]).values.sorted { $0.key < $1.key }
    }
}
