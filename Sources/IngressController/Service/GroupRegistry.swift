// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Synchronization

/// What the controller remembers of its groups between passes.
///
/// All of it can be lost: a new controller reads it from the cloud again.
final class GroupRegistry: Sendable {
    /// What is known of one AlbConfig.
    struct Memory: Sendable {
        /// What the cloud had after the last pass; nil after a failure.
        var state: CloudState?
        /// What each Ingress added when it was last applied.
        var contributions: [ObjectKey: Contribution] = [:]
        /// What the names of our uploads begin with.
        var stems: Set<String> = []
        /// Uploads that were refused, by name.
        var refusedUploads: [String: String] = [:]
        /// True once the servers of all groups have been looked at since the start.
        var isResynced = false
        /// Versions of Ingresses whose address could not be written and counts as written all the same.
        var believedStatuses: Set<String> = []
    }

    fileprivate struct State {
        var memories: [String: Memory] = [:]
        var targets: [TargetName: Target] = [:]
        var byService: [ObjectKey: Set<TargetName>] = [:]
        /// The pods behind each target, and whether their servers take requests.
        var serving: [TargetName: [ObjectKey: Bool]] = [:]
    }

    private let state = Mutex(State())

    // MARK: Memories

    func memory(_ albConfig: String) -> Memory {
        state.withLock { $0.memories[albConfig] ?? Memory() }
    }

    func update(_ albConfig: String, _ change: (inout Memory) -> Void) {
        state.withLock { change(&$0.memories[albConfig, default: Memory()]) }
    }

    func forget(_ albConfig: String) {
        state.withLock { state in
            state.memories[albConfig] = nil
            for name in Array(state.targets.keys) where name.albConfig == albConfig { state.remove(name) }
        }
    }

    /// The certificates that the listeners of other groups show.
    func certificatesOfOthers(than albConfig: String) -> Set<String> {
        state.withLock { state in
            var ids: Set<String> = []
            for (name, memory) in state.memories where name != albConfig {
                for listener in memory.state?.listeners ?? [] {
                    ids.formUnion((listener.certificates ?? []).map(\.id))
                }
            }
            return ids
        }
    }

    // MARK: Targets

    /// The server groups of a stack; others of the AlbConfig are dropped.
    func setTargets(_ albConfig: String, _ targets: [ServerGroupKey: Target]) {
        state.withLock { state in
            for name in Array(state.targets.keys)
            where name.albConfig == albConfig && targets[name.key] == nil {
                state.remove(name)
            }
            for (key, target) in targets { state.set(TargetName(albConfig: albConfig, key: key), target) }
        }
    }

    func setTarget(_ name: TargetName, _ target: Target) {
        state.withLock { $0.set(name, target) }
    }

    func removeTarget(_ name: TargetName) {
        state.withLock { $0.remove(name) }
    }

    func target(_ name: TargetName) -> Target? { state.withLock { $0.targets[name] } }

    /// The server groups of a Service, in order.
    func targets(ofService key: ObjectKey) -> [TargetName] {
        state.withLock { ($0.byService[key] ?? []).sorted() }
    }

    /// All server groups, in order.
    func allTargets() -> [TargetName] { state.withLock { $0.targets.keys.sorted() } }

    /// All Services of a namespace that have server groups, in order.
    func services(inNamespace namespace: String) -> [ObjectKey] {
        state.withLock { state in state.byService.keys.filter { $0.namespace == namespace }.sorted() }
    }

    // MARK: Pods

    /// Notes which pods a target has servers for.
    func setServing(_ name: TargetName, _ pods: [ObjectKey: Bool]) {
        state.withLock { $0.serving[name] = pods }
    }

    /// True when a target's server for a pod took requests when it was looked at last.
    func isServing(_ name: TargetName, _ pod: ObjectKey) -> Bool {
        state.withLock { $0.serving[name]?[pod] ?? false }
    }
}

extension GroupRegistry.State {
    fileprivate mutating func set(_ name: TargetName, _ target: Target) {
        targets[name] = target
        byService[name.key.serviceKey, default: []].insert(name)
    }

    fileprivate mutating func remove(_ name: TargetName) {
        targets[name] = nil
        serving[name] = nil
        byService[name.key.serviceKey]?.remove(name)
        if byService[name.key.serviceKey]?.isEmpty ?? false { byService[name.key.serviceKey] = nil }
    }
}
