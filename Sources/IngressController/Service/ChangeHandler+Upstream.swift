// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What the open-source controller makes of changes.
///
/// - Source: the open-source controller's event handlers; seen upstream.
extension ChangeHandler {
    static func isRemoval(_ change: ObjectChange) -> Bool {
        if case .removed = change { true } else { false }
    }

    /// True when an Ingress goes to another AlbConfig by the annotation that names it.
    static func movesByAnnotation(_ old: KubernetesObject, _ new: KubernetesObject) -> Bool {
        let key = AnnotationName.albConfigName.key
        return old.annotations[key] != new.annotations[key] && className(old) == className(new)
    }

    private static func className(_ ingress: KubernetesObject) -> [String] {
        [
            ingress[path: "spec", "ingressClassName"]?.stringValue ?? "",
            ingress.annotations[Membership.classAnnotation] ?? "",
        ]
    }

    // MARK: Ingresses

    /// The first list is a series of new objects.
    func tellFirstList(_ watch: ClusterWatch) {
        guard profile.hasIngressQueue || profile.has(.panicKillsProcess) else { return }
        for ingress in watch.ingresses.all {
            if isPoison(.added(ingress), watch) { return }
            if profile.hasIngressQueue { notice(of: .added(ingress), watch) }
        }
    }

    /// True when the sight of an Ingress kills the process.
    func isPoison(_ change: ObjectChange, _ watch: ClusterWatch) -> Bool {
        guard profile.has(.panicKillsProcess), !Self.isRemoval(change),
            Membership.of(change.object, classes: watch) != .notOurs,
            let cause = Poison.ofProcess(change.object)
        else { return false }
        process.die("panic: \(cause)")
        return true
    }

    /// A deletion that was missed and is learnt of from a list comes as another type than a handler expects.
    func lost(_ object: KubernetesObject) {
        guard profile.has(.panicKillsProcess), ["Ingress", "Service"].contains(object.kind) else { return }
        let what = "\(object.kind) \(object.key)"
        process.die("panic: interface conversion: \(what) came as DeletedFinalStateUnknown")
    }

    func notice(of change: ObjectChange, _ watch: ClusterWatch) {
        func isValid(_ ingress: KubernetesObject) -> Bool {
            Membership.of(ingress, classes: watch) != .notOurs
        }
        switch change {
        case .added(let ingress):
            if isValid(ingress) { wakeup.ingress(IngressNotice(kind: .created, object: ingress)) }
        case .updated(let old, let new):
            guard isValid(new) else {
                if isValid(old) { wakeup.ingress(IngressNotice(kind: .deleted, object: old)) }
                return
            }
            if isValid(old) {
                let moves = Self.className(old) != Self.className(new)
                let isRenamed =
                    Self.movesByAnnotation(old, new) && !profile.has(.movedIngressLeavesCopy)
                if moves || isRenamed { wakeup.ingress(IngressNotice(kind: .moved, object: old)) }
            }
            wakeup.ingress(IngressNotice(kind: .updated, object: new))
        case .removed(let ingress):
            if isValid(ingress) { wakeup.ingress(IngressNotice(kind: .deleted, object: ingress)) }
        }
    }

    /// A new class wakes the Ingresses that name it in their field; other changes of classes do nothing.
    func noticeOfClass(_ change: ObjectChange, _ watch: ClusterWatch) {
        guard case .added(let ingressClass) = change else { return }
        for ingress in watch.ingresses.all
        where ingress[path: "spec", "ingressClassName"]?.stringValue == ingressClass.name {
            wakeup.ingress(IngressNotice(kind: .touched, object: ingress))
        }
    }

    // MARK: Secrets

    func noticeOfSecret(_ key: ObjectKey, _ watch: ClusterWatch) {
        for ingress in watch.ingresses.all
        where isMentioned(key, ingress) && Membership.of(ingress, classes: watch) != .notOurs {
            wakeup.ingress(IngressNotice(kind: .touched, object: ingress))
        }
    }

    /// True when an Ingress names the Secret; upstream takes one of the same name in any namespace.
    func isMentioned(_ secret: ObjectKey, _ ingress: KubernetesObject) -> Bool {
        let namespace = profile.has(.secretDeletionUnnoticed) ? ingress.namespace : secret.namespace
        return IngressReferences.mentions(
            secret: ObjectKey(namespace: namespace, name: secret.name),
            ingress
        )
    }

    // MARK: Services

    /// True when an Ingress of the namespace names the Service in a path or an action.
    func isReferenced(_ service: ObjectKey, _ watch: ClusterWatch) -> Bool {
        watch.ingresses.all.contains { ingress in
            IngressReferences.mentions(service: service, ingress)
                && Membership.of(ingress, classes: watch) != .notOurs
        }
    }
}
