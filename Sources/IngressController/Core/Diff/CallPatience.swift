// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// How a failed cloud call is tried again at once, within one pass.
enum CallPatience {
    /// The patience with a failure; nil for none.
    static func with(_ failure: CloudError, of action: String, _ profile: Profile) -> Patience? {
        guard profile.isOpenSource else {
            // Without its token a lost creation may have had its effect; it is left to the next pass.
            let isCreation = action == "CreateLoadBalancer" || action == "CreateServerGroup"
            if isCreation, profile.has(.createThenTagLeavesOrphans),
                FailureClass.of(failure) == .unanswered
            {
                return nil
            }
            return FailureClass.of(failure).patience
        }
        guard case .refused(_, let code, _, _) = failure,
            let row = table.first(where: { $0.actions.contains(action) }),
            row.codes.contains(where: { code.hasPrefix($0) })
        else { return nil }
        return row.patience
    }

    /// The few calls that the open-source controller repeats.
    ///
    /// - Source: the open-source controller's waits; seen upstream.
    private static let table: [(actions: Set<String>, codes: [String], patience: Patience)] = [
        (["CreateListener"], ["IncorrectStatus.LoadBalancer"], every2Seconds(20)),
        (["AssociateAdditionalCertificatesWithListener"], ["IncorrectStatus.Listener"], every2Seconds(20)),
        (
            ["CreateRules", "UpdateRulesAttribute", "DeleteRules"],
            ["IncorrectStatus.Listener", "VipStatusNotSupport", "IncorrectStatus.Rule"],
            every2Seconds(20)
        ),
        (
            ["DeleteServerGroup"], ["ResourceInUse.ServerGroup", "IncorrectStatus.ServerGroup"],
            every2Seconds(50)
        ),
        (
            ["CreateAcl", "AddEntriesToAcl", "RemoveEntriesFromAcl", "AssociateAclsWithListener"],
            ["QuotaExceeded.AclsNum"], every2Seconds(20)
        ),
    ]

    private static func every2Seconds(_ limit: Int) -> Patience {
        Patience(first: .seconds(2), last: .seconds(2), limit: .seconds(limit))
    }
}
