// SPDX-License-Identifier: Apache-2.0

/// What a step changes of the cloud's account; what is nil or empty stays as it is.
public struct AccountEdit: Sendable, Hashable {
    /// Limits of the account.
    public var quotas: [CloudSpec.Quota] = []
    /// State transitions that begin from now on.
    public var transitions: [CloudSpec.Transition] = []
    /// From an accepted change to its use, drawn for each zone.
    public var propagation: ClosedRange<Duration>?
    /// Zones take configurations at multiples of this only.
    public var batching: Duration?
    /// True when the account owes money, which stops its load balancers.
    public var isInArrears: Bool?
}
