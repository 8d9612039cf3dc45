// SPDX-License-Identifier: Apache-2.0

/// A known defect or surprise of the open-source controller, as a switch with a number.
///
/// - Source: the open-source controller's code, read; seen upstream.
public enum Defect: Int, Sendable, Hashable, CaseIterable {
    /// An Ingress that cannot be built stops every change of its group until it is repaired.
    case oneIngressFreezesGroup = 1
    /// A restart or a change of leader repairs nothing that happened meanwhile.
    case restartRepairsNothing
    /// An Ingress made from an exported manifest with its hash label is taken for done.
    case copiedHashLabelHidesIngress
    /// The hash label is computed from the stored object and not from the one that was built.
    case hashOfUnbuiltObject
    /// After a crash a hash label of a version that was never applied is believed.
    case hashTrustedAfterCrash
    /// Beyond 1024 waiting notifications the oldest are lost.
    case oldestNotificationsDropped
    /// The deletion of a Secret is not noticed, and Secrets of other namespaces wake the group.
    case secretDeletionUnnoticed
    /// An Ingress that comes before its AlbConfig is not tried again.
    case ingressBeforeAlbConfigForgotten
    /// An Ingress moved by annotation leaves its rules on the old load balancer.
    case movedIngressLeavesCopy
    /// A listener removed from the AlbConfig closes at once, and comes back bare with the next Ingress event.
    case removedListenerClosesPort
    /// When the last Ingress of a port goes its listener stays.
    case unusedListenerStays
    /// A failed write of an Ingress status is not tried again.
    case failedStatusNeverRetried
    /// A conflict on the AlbConfig status repeats the whole pass.
    case statusConflictRepeatsAll
    /// A panic inside a pass counts as success.
    case panicCountsAsSuccess
    /// A panic in a watch handler kills the process, again after each start.
    case panicKillsProcess
    /// A default backend that is a resource stops all endpoint updates.
    case resourceBackendStopsEndpoints
    /// Updating two TLS listeners in one pass may kill the process.
    case parallelTLSUpdateCrashes
    /// A failing or empty answer about a job kills the process.
    case emptyJobListCrashes
    /// HTTP/2 switched on explicitly is switched off.
    case http2TrueDisables
    /// The alias of the subject header is taken from the issuer's.
    case subjectAliasIsIssuerAlias
    /// Edits between absent and zero values are not noticed.
    case hashIgnoresZeroValues
    /// Pods with a readiness gate that start slowly wait for the exponential back-off.
    case gatedPodsWaitForBackoff
    /// A readiness patch that was lost is never sent again.
    case lostReadinessPatchStaysLost
    /// A server that comes back while it is being removed is not added again.
    case removingServerNotAddedAgain
    /// Forty or more changed servers are removed before others are added.
    case largeChangeRemovesFirst
    /// More than nine new rules are created in the order of their numbers as text.
    case rulesCreatedInTextOrder
    /// Reordering more than nine rules leaves some of them nowhere for a moment.
    case reorderLeavesGap
    /// A rule quota hit while adding keeps other rules from being deleted.
    case quotaBlocksDeletion
    /// A changed backend protocol has no effect on an existing server group.
    case backendProtocolFixed
    /// Stickiness by the server's own cookie always fails.
    case serverStickinessFails
    /// An AlbConfig with a reused load balancer can never be deleted.
    case reusedLoadBalancerNeverReleased
    /// An access list or bandwidth package that is taken out of the AlbConfig stays attached.
    case removedAccessListStays
    /// A default certificate replaced by an additional one is wrong for a moment.
    case defaultCertificateGap
    /// A default mark on a certificate that is not the first makes two defaults.
    case twoDefaultCertificates
    /// Uploaded certificates are never deleted.
    case uploadsNeverDeleted
    /// A certificate problem stops the HTTP rules too.
    case certificateProblemFreezesHTTP
    /// Instance ids are remembered by address for a year.
    case instanceIDsCachedForAYear
    /// A canary with a header and a weight does nothing.
    case headerAndWeightDisableCanary
    /// A canary without conditions that sorts first takes all traffic.
    case bareCanaryTakesAll
    /// A header canary that sorts after its production Ingress never matches; weights over 100 fail all rules.
    case canaryOrderMatters
    /// Redirects to HTTPS go to port 443 whatever listens, and hit HTTPS on other ports.
    case redirectIgnoresPorts
    /// Values are read too literally: any use-regex switches on, upper-case protocols are HTTP, typos pass.
    case valuesReadTooLiterally
    /// Hosts and paths in a conditions annotation widen the rule.
    case annotationHostsWiden
    /// A wildcard among the TLS hosts does not cover hosts below it; TLS without hosts means nothing.
    case tlsHostsComparedExactly
    /// Malformed listen-ports are noticed only when the group is built.
    case listenPortsErrorComesLate
    /// A listener whose protocol changes is stuck.
    case protocolChangeStuck
    /// A load balancer deleted by hand is not made again.
    case deletedLoadBalancerIsFinal
    /// A crash between create and tag leaves an orphan.
    case createThenTagLeavesOrphans
    /// The rules of a deleted IngressClass go with the next pass.
    case classDeletionDropsRules
    /// An IngressClass without parameters stops all groups.
    case classWithoutParametersFreezesAll
    /// Enabled health checks and stickiness are sent again in every pass.
    case enabledBlocksAlwaysSent
    /// Of two endpoint sets worked on at once the older may win.
    case staleEndpointsMayWin
    /// When two listeners fail one cause is lost.
    case secondListenerErrorLost
    /// One unknown address stops the endpoint updates of its Service.
    case oneUnknownAddressBlocksService
    /// Addresses without a pod are not registered.
    case addressesWithoutPodSkipped
    /// Backends by port name fail.
    case onlyPortNumbers
    /// A gated rollout warns although all is well.
    case gatedRolloutWarns
    /// Rules keep the order in which they are written, not how specific they are.
    case rulesKeepWrittenOrder
    /// An Ingress with -listener- in its name is taken for a listener's default group.
    case listenerInNameIsDefaultGroup
    /// An AlbConfig that is torn down keeps the label that says it is applied: another key is removed.
    case appliedLabelStays

    /// `B-01` to `B-60`.
    public var id: String { "B-" + (rawValue < 10 ? "0" : "") + String(rawValue) }

    /// Finds a defect by its number in text form: `B-07`.
    public init?(id: String) {
        guard id.hasPrefix("B-"), let number = Int(id.dropFirst(2)) else { return nil }
        self.init(rawValue: number)
    }

    /// What goes wrong, in one sentence.
    public var sentence: String { Self.sentences[rawValue - 1] }

    private static let sentences = [
        "An Ingress that cannot be built stops every change of its group until it is repaired.",
        "A restart or a change of leader repairs nothing that happened meanwhile.",
        "An Ingress made from an exported manifest with its hash label is taken for done.",
        "The hash label is computed from the stored object and not from the one that was built.",
        "After a crash a hash label of a version that was never applied is believed.",
        "Beyond 1024 waiting notifications the oldest are lost.",
        "The deletion of a Secret is not noticed, and Secrets of other namespaces wake the group.",
        "An Ingress that comes before its AlbConfig is not tried again.",
        "An Ingress moved by annotation leaves its rules on the old load balancer.",
        "A listener removed from the AlbConfig closes at once, and comes back bare with the next Ingress event.",
        "When the last Ingress of a port goes its listener stays.",
        "A failed write of an Ingress status is not tried again.",
        "A conflict on the AlbConfig status repeats the whole pass.",
        "A panic inside a pass counts as success.",
        "A panic in a watch handler kills the process, again after each start.",
        "A default backend that is a resource stops all endpoint updates.",
        "Updating two TLS listeners in one pass may kill the process.",
        "A failing or empty answer about a job kills the process.",
        "HTTP/2 switched on explicitly is switched off.",
        "The alias of the subject header is taken from the issuer's.",
        "Edits between absent and zero values are not noticed.",
        "Pods with a readiness gate that start slowly wait for the exponential back-off.",
        "A readiness patch that was lost is never sent again.",
        "A server that comes back while it is being removed is not added again.",
        "Forty or more changed servers are removed before others are added.",
        "More than nine new rules are created in the order of their numbers as text.",
        "Reordering more than nine rules leaves some of them nowhere for a moment.",
        "A rule quota hit while adding keeps other rules from being deleted.",
        "A changed backend protocol has no effect on an existing server group.",
        "Stickiness by the server's own cookie always fails.",
        "An AlbConfig with a reused load balancer can never be deleted.",
        "An access list or bandwidth package that is taken out of the AlbConfig stays attached.",
        "A default certificate replaced by an additional one is wrong for a moment.",
        "A default mark on a certificate that is not the first makes two defaults.",
        "Uploaded certificates are never deleted.",
        "A certificate problem stops the HTTP rules too.",
        "Instance ids are remembered by address for a year.",
        "A canary with a header and a weight does nothing.",
        "A canary without conditions that sorts first takes all traffic.",
        "A header canary that sorts after its production Ingress never matches; weights over 100 fail all rules.",
        "Redirects to HTTPS go to port 443 whatever listens, and hit HTTPS on other ports.",
        "Values are read too literally: any use-regex switches on, upper-case protocols are HTTP, typos pass.",
        "Hosts and paths in a conditions annotation widen the rule.",
        "A wildcard among the TLS hosts does not cover hosts below it; TLS without hosts means nothing.",
        "Malformed listen-ports are noticed only when the group is built.",
        "A listener whose protocol changes is stuck.",
        "A load balancer deleted by hand is not made again.",
        "A crash between create and tag leaves an orphan.",
        "The rules of a deleted IngressClass go with the next pass.",
        "An IngressClass without parameters stops all groups.",
        "Enabled health checks and stickiness are sent again in every pass.",
        "Of two endpoint sets worked on at once the older may win.",
        "When two listeners fail one cause is lost.",
        "One unknown address stops the endpoint updates of its Service.",
        "Addresses without a pod are not registered.",
        "Backends by port name fail.",
        "A gated rollout warns although all is well.",
        "Rules keep the order in which they are written, not how specific they are.",
        "An Ingress with -listener- in its name is taken for a listener's default group.",
        "An AlbConfig that is torn down keeps the label that says it is applied: another key is removed.",
    ]
}
