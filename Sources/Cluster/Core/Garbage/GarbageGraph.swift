// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Names an object of any collected type.
struct ObjectIdentity: Sendable, Hashable, Comparable {
    let type: ResourceType
    let key: ObjectKey

    static func < (left: ObjectIdentity, right: ObjectIdentity) -> Bool {
        (left.type.qualifiedName, left.key) < (right.type.qualifiedName, right.key)
    }
}

/// What the garbage collector does with one object.
enum GarbageVerdict: Sendable, Hashable {
    /// Nothing.
    case keep
    /// Delete it, with this propagation policy.
    case delete(policy: String)
    /// Write its owner references without those that are gone.
    case setOwners([JSONValue])
    /// Delete these dependents in the foreground first; then take the finalizer off.
    case awaitDependents([ObjectIdentity])
    /// Let the dependents live without it, then take the finalizer off.
    case orphan([ObjectIdentity])
    /// Take a finalizer off.
    case removeFinalizer(String)
}

/// Who owns whom among the collected objects.
///
/// - Source: kube-controller-manager's garbage collector, `attemptToDeleteItem`; seen upstream.
struct GarbageGraph: Sendable {
    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"

    private struct Node: Sendable {
        var object: KubernetesObject
        var identity: ObjectIdentity
    }

    private var nodes: [String: Node] = [:]
    /// Uids of dependents by the uid of their owner.
    private var dependents: [String: Set<String>] = [:]
    /// Owners that the API server said do not exist.
    private var absent: Set<String> = []

    /// Takes an object in, or its new state; gives those to look at now.
    mutating func update(_ object: KubernetesObject, type: ResourceType) -> [ObjectIdentity] {
        let identity = ObjectIdentity(type: type, key: object.key)
        let before = nodes.updateValue(Node(object: object, identity: identity), forKey: object.uid)
        let owners = object.ownerReferences.compactMap { $0["uid"]?.stringValue }
        for owner in before?.object.ownerReferences ?? [] {
            if let uid = owner["uid"]?.stringValue, !owners.contains(uid) {
                dependents[uid]?.remove(object.uid)
            }
        }
        for owner in owners { dependents[owner, default: []].insert(object.uid) }
        absent.remove(object.uid)
        var suspects: [ObjectIdentity] = []
        // Owners that are not known yet have to be asked for; owners on their way out wait for their dependents.
        let isWorthALook = owners.contains { uid in
            guard let owner = nodes[uid] else { return true }
            return owner.object.isTerminating
        }
        if isWorthALook || (object.isTerminating && Self.hasOwnFinalizer(object)) {
            suspects.append(identity)
        }
        return suspects
    }

    private static func hasOwnFinalizer(_ object: KubernetesObject) -> Bool {
        object.finalizers.contains { [foreground, orphan].contains($0) }
    }

    /// Takes an object out; gives those to look at now: its dependents, and owners that waited for it.
    mutating func remove(_ object: KubernetesObject) -> [ObjectIdentity] {
        nodes[object.uid] = nil
        var suspects = dependents(of: object.uid).map(\.identity)
        if !suspects.isEmpty { absent.insert(object.uid) }
        for owner in object.ownerReferences {
            guard let uid = owner["uid"]?.stringValue else { continue }
            dependents[uid]?.remove(object.uid)
            if dependents[uid]?.isEmpty ?? true {
                dependents[uid] = nil
                absent.remove(uid)
            }
            if let node = nodes[uid], node.object.isTerminating { suspects.append(node.identity) }
        }
        return suspects
    }

    private func dependents(of uid: String) -> [Node] {
        (dependents[uid] ?? []).compactMap { nodes[$0] }.sorted { $0.identity < $1.identity }
    }

    /// Notes what the API server said about an owner that is not collected or not known yet.
    mutating func note(owner uid: String, exists: Bool) {
        if exists { absent.remove(uid) } else { absent.insert(uid) }
    }

    /// The owners of an object that the graph does not know: the API server has to be asked for them.
    func unknownOwners(of object: KubernetesObject) -> [JSONValue] {
        object.ownerReferences.filter { reference in
            guard let uid = reference["uid"]?.stringValue else { return false }
            return nodes[uid] == nil && !absent.contains(uid)
        }
    }

    /// What to do with an object, the owners that it names having been looked up.
    func verdict(_ object: KubernetesObject) -> GarbageVerdict {
        if object.isTerminating {
            if object.finalizers.contains(Self.orphan) { return orphaning(object) }
            if object.finalizers.contains(Self.foreground) { return awaiting(object) }
            return .keep
        }
        let references = object.ownerReferences
        guard !references.isEmpty else { return .keep }
        let solid = references.filter { isSolid($0) }
        let waiting = references.filter { isWaiting($0) }
        if !solid.isEmpty {
            return solid.count == references.count ? .keep : .setOwners(solid)
        }
        if !waiting.isEmpty, !dependents(of: object.uid).isEmpty {
            return .delete(policy: "Foreground")
        }
        return .delete(policy: Self.policy(object))
    }

    private static func policy(_ object: KubernetesObject) -> String {
        if object.finalizers.contains(orphan) { return "Orphan" }
        return object.finalizers.contains(foreground) ? "Foreground" : "Background"
    }

    /// An owner that is there and stays, or that nothing is known of.
    private func isSolid(_ reference: JSONValue) -> Bool {
        guard let uid = reference["uid"]?.stringValue else { return true }
        if absent.contains(uid) { return false }
        guard nodes[uid] != nil else { return true }
        return !isWaiting(reference)
    }

    /// An owner that is being deleted in the foreground, and waits for this dependent.
    private func isWaiting(_ reference: JSONValue) -> Bool {
        guard let uid = reference["uid"]?.stringValue, let owner = nodes[uid]?.object else { return false }
        return owner.isTerminating && owner.finalizers.contains(Self.foreground)
    }

    private func awaiting(_ object: KubernetesObject) -> GarbageVerdict {
        let blocking = dependents(of: object.uid).filter { node in
            node.object.ownerReferences.contains {
                $0["uid"]?.stringValue == object.uid && $0["blockOwnerDeletion"]?.boolValue == true
            }
        }
        return blocking.isEmpty
            ? .removeFinalizer(Self.foreground) : .awaitDependents(dependents(of: object.uid).map(\.identity))
    }

    private func orphaning(_ object: KubernetesObject) -> GarbageVerdict {
        let mine = dependents(of: object.uid)
        return mine.isEmpty ? .removeFinalizer(Self.orphan) : .orphan(mine.map(\.identity))
    }
}
