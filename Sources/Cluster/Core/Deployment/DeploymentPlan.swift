// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// What a pass over a Deployment wants done.
struct DeploymentPlan: Sendable {
    /// A change to a ReplicaSet.
    enum Change: Sendable {
        /// Make it.
        case create(KubernetesObject)
        /// Write it: its replicas or annotations changed. The event to record, when it was scaled.
        case update(KubernetesObject, event: String?)
        /// Remove it: it is beyond the revision history limit.
        case delete(KubernetesObject)
    }

    /// Changes in the order in which to make them.
    var changes: [Change] = []
    /// The Deployment with its new status and annotations; nil when nothing changed there.
    var status: KubernetesObject?
    /// When the progress deadline has to be looked at.
    var lookAgainAfter: Duration?
}

/// Decides what a Deployment needs next: one step of a rollout or a scaling, and the status.
///
/// Each pass takes the state as it is and does what upstream's controller would do with it; the changes that
/// follow bring the next pass.
///
/// - Source: kube-controller-manager's deployment controller, `sync.go`, `rolling.go`, `recreate.go` and
///   `progress.go`; seen upstream.
struct DeploymentPlanner: Sendable {
    let deployment: KubernetesObject
    let now: Instant
    let bounds: RolloutBounds
    let replicas: Int
    /// The set with the Deployment's present template, if there is one.
    var newSet: ReplicaSetState?
    /// All others, the oldest first.
    var oldSets: [ReplicaSetState]
    /// Pods of the Deployment that have not ended, for the strategy Recreate.
    let livePodOwners: [String]
    /// The Deployment's annotations and conditions as this pass leaves them.
    var outcome: KubernetesObject
    var plan = DeploymentPlan()

    /// Plans a pass.
    ///
    /// - Parameters:
    ///   - deployment: The Deployment.
    ///   - replicaSets: The ReplicaSets that it controls.
    ///   - livePodOwners: For each pod of theirs that has not ended, the uid of its ReplicaSet.
    ///   - now: The present time.
    /// - Returns: What is to be done.
    static func plan(
        _ deployment: KubernetesObject,
        replicaSets: [KubernetesObject],
        livePodOwners: [String],
        at now: Instant
    ) -> DeploymentPlan {
        var planner = DeploymentPlanner(deployment, replicaSets, livePodOwners, now)
        planner.run()
        return planner.plan
    }

    private init(
        _ deployment: KubernetesObject,
        _ replicaSets: [KubernetesObject],
        _ livePodOwners: [String],
        _ now: Instant
    ) {
        self.deployment = deployment
        self.now = now
        self.livePodOwners = livePodOwners
        outcome = deployment
        bounds = RolloutBounds(deployment)
        replicas = deployment.specReplicas
        let sets = replicaSets.map { ReplicaSetState($0) }.sorted(by: ReplicaSetState.isOlder)
        let template = TemplateHash.stripped(deployment["spec", "template"])
        let place = sets.firstIndex { TemplateHash.stripped($0.object["spec", "template"]) == template }
        newSet = place.map { sets[$0] }
        oldSets = sets.enumerated().filter { $0.offset != place }.map(\.element)
    }

    var allSets: [ReplicaSetState] { oldSets + (newSet.map { [$0] } ?? []) }
    var isPaused: Bool { deployment["spec", "paused"]?.boolValue == true }
    var isRolling: Bool {
        deployment["spec", "strategy"]?["type"]?.stringValue ?? "RollingUpdate" == "RollingUpdate"
    }

    private mutating func run() {
        if deployment.isTerminating {
            writeStatus(reportsProgress: false)
            return
        }
        notePause()
        if isPaused || isScalingEvent {
            syncRevision(mayCreate: false)
            scale()
            if isPaused { cleanUp() }
            writeStatus(reportsProgress: false)
        } else {
            if isRolling { roll() } else { recreate() }
            writeStatus(reportsProgress: true)
        }
    }

    /// True when the number of pods wanted is not the one that the active sets were told of.
    private var isScalingEvent: Bool {
        allSets.contains { set in
            guard set.replicas > 0 else { return false }
            let told = ReplicaSetState.number(set.object, DeploymentAnnotation.desiredReplicas)
            return told.map { $0 != Int64(replicas) } ?? false
        }
    }

    // MARK: Strategies

    private mutating func roll() {
        syncRevision(mayCreate: true)
        if growNewSet() || shrinkOldSets() { return }
        if isComplete { cleanUp() }
    }

    private mutating func recreate() {
        syncRevision(mayCreate: false)
        var hasShrunk = false
        for place in oldSets.indices where oldSets[place].replicas > 0 {
            setReplicas(old: place, 0)
            hasShrunk = true
        }
        if hasShrunk || oldPodsRun { return }
        if newSet == nil { syncRevision(mayCreate: true) }
        _ = growNewSet()
        if isComplete { cleanUp() }
    }

    private var oldPodsRun: Bool {
        livePodOwners.contains { $0 != newSet?.object.uid }
    }

    /// Brings the new set towards the wanted number, within the surge; true when it changed.
    private mutating func growNewSet() -> Bool {
        guard let set = newSet, set.replicas != replicas else { return false }
        let target = set.replicas > replicas ? replicas : newSetReplicas(set.replicas)
        guard target != set.replicas else { return false }
        setNewReplicas(target)
        return true
    }

    /// How many pods the new set may have.
    func newSetReplicas(_ present: Int) -> Int {
        guard isRolling else { return replicas }
        let total = allSets.reduce(0) { $0 + $1.replicas }
        let limit = replicas + bounds.surge
        guard total < limit else { return present }
        return present + min(limit - total, replicas - present)
    }

    /// Takes pods from the old sets as far as enough stay available; true when a set changed.
    private mutating func shrinkOldSets() -> Bool {
        guard oldSets.contains(where: { $0.replicas > 0 }), let newSet else { return false }
        let total = allSets.reduce(0) { $0 + $1.replicas }
        let minimum = replicas - bounds.unavailable
        let limit = total - minimum - (newSet.replicas - newSet.available)
        guard limit > 0 else { return false }
        let cleaned = dropUnhealthy(limit)
        let shrunk = dropAvailable(minimum)
        return cleaned + shrunk > 0
    }

    /// Old pods that serve nobody go first.
    private mutating func dropUnhealthy(_ limit: Int) -> Int {
        var dropped = 0
        for place in oldSets.indices where dropped < limit {
            let set = oldSets[place]
            let count = min(limit - dropped, set.replicas - set.available)
            guard set.replicas > 0, count > 0 else { continue }
            setReplicas(old: place, set.replicas - count)
            dropped += count
        }
        return dropped
    }

    private mutating func dropAvailable(_ minimum: Int) -> Int {
        let available = allSets.reduce(0) { $0 + $1.available }
        guard available > minimum else { return 0 }
        let limit = available - minimum
        var dropped = 0
        for place in oldSets.indices where dropped < limit && oldSets[place].replicas > 0 {
            let count = min(oldSets[place].replicas, limit - dropped)
            setReplicas(old: place, oldSets[place].replicas - count)
            dropped += count
        }
        return dropped
    }
}
