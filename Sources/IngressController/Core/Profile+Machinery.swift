// SPDX-License-Identifier: Apache-2.0

extension Profile {
    /// True for the open-source family.
    var isOpenSource: Bool { kind == .oss }

    /// True when objects carry a label with a hash of what was applied last, and one whose label fits is left
    /// alone.
    ///
    /// - Source: the open-source controller; seen upstream.
    var keepsHashLabels: Bool {
        isOpenSource
            || hasAny([
                .restartRepairsNothing, .copiedHashLabelHidesIngress, .hashOfUnbuiltObject,
                .hashTrustedAfterCrash, .hashIgnoresZeroValues, .appliedLabelStays,
            ])
    }

    /// True when every notification of an Ingress is an item of its own, worked on one after another, which
    /// adds missing listeners to the AlbConfig and then wakes the group.
    ///
    /// - Source: the open-source controller; seen upstream.
    var hasIngressQueue: Bool {
        isOpenSource
            || hasAny([
                .oldestNotificationsDropped, .ingressBeforeAlbConfigForgotten, .removedListenerClosesPort,
                .listenPortsErrorComesLate,
            ])
    }

    /// True when servers are looked at Service by Service instead of group by group.
    ///
    /// - Source: the open-source controller; seen upstream.
    var syncsServersByService: Bool {
        isOpenSource
            || hasAny([
                .resourceBackendStopsEndpoints, .gatedPodsWaitForBackoff, .lostReadinessPatchStaysLost,
                .staleEndpointsMayWin, .gatedRolloutWarns,
            ])
    }

    /// True when a pass reads each kind of thing right before it changes it, kind after kind.
    ///
    /// - Source: the open-source controller; seen upstream.
    var worksByPhase: Bool {
        isOpenSource
            || hasAny([.protocolChangeStuck, .secondListenerErrorLost, .deletedLoadBalancerIsFinal])
    }

    /// True when rules are paired by their numbers and numbered 1, 2, 3.
    var pairsRulesByNumber: Bool { has(.reorderLeavesGap) }

    private func hasAny(_ some: Set<Defect>) -> Bool { !defects.isDisjoint(with: some) }
}
