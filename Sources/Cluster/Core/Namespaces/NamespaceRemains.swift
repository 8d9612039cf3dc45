// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What is left of a namespace that ends, and how its conditions tell it.
///
/// - Source: the conditions that kube-controller-manager writes on such namespaces (seen upstream).
struct NamespaceRemains {
    /// How many objects of a type are left, by `plural.group`.
    private var objects: [(name: String, count: Int)] = []
    /// How many objects wait for a finalizer.
    private var finalizers: [(name: String, count: Int)] = []

    /// How many objects are left.
    var count: Int { objects.reduce(0) { $0 + $1.count } }

    /// Counts an object that is still there.
    mutating func add(_ type: ResourceType, _ object: KubernetesObject) {
        Self.count("\(type.plural).\(type.group)", &objects)
        for finalizer in object.finalizers { Self.count(finalizer, &finalizers) }
    }

    private static func count(_ name: String, _ list: inout [(name: String, count: Int)]) {
        if let place = list.firstIndex(where: { $0.name == name }) {
            list[place].count += 1
        } else {
            list.append((name, 1))
        }
    }

    private static func text(_ list: [(name: String, count: Int)], _ verb: String) -> String {
        list.sorted { $0.name < $1.name }.map { "\($0.name) \(verb) \($0.count) resource instances" }
            .joined(separator: ", ")
    }

    private var lines: [(type: String, isTrue: Bool, reason: String, message: String)] {
        [
            (
                "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered",
                "All resources successfully discovered"
            ),
            (
                "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions",
                "All legacy kube types successfully parsed"
            ),
            (
                "NamespaceDeletionContentFailure", false, "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization"
            ),
            objects.isEmpty
                ? (
                    "NamespaceContentRemaining", false, "ContentRemoved",
                    "All content successfully removed"
                )
                : (
                    "NamespaceContentRemaining", true, "SomeResourcesRemain",
                    "Some resources are remaining: \(Self.text(objects, "has"))"
                ),
            finalizers.isEmpty
                ? (
                    "NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers",
                    "All content-preserving finalizers finished"
                )
                : (
                    "NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
                    "Some content in the namespace has finalizers remaining: \(Self.text(finalizers, "in"))"
                ),
        ]
    }

    /// The conditions of a namespace brought up to date; nil when they are so already.
    func conditions(_ present: [JSONValue], now: String) -> [JSONValue]? {
        var result = present
        for line in lines {
            let status: JSONValue = line.isTrue ? "True" : "False"
            let place = result.firstIndex { $0["type"] == .string(line.type) }
            let old = place.map { result[$0] }
            if old?["status"] == status, old?["reason"] == .string(line.reason),
                old?["message"] == .string(line.message)
            {
                continue
            }
            let time = old?["status"] == status ? old?["lastTransitionTime"] ?? .string(now) : .string(now)
            let condition: JSONValue = [
                "type": .string(line.type), "status": status, "lastTransitionTime": time,
                "reason": .string(line.reason), "message": .string(line.message),
            ]
            if let place { result[place] = condition } else { result.append(condition) }
        }
        return result == present ? nil : result
    }
}
