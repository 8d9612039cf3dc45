// SPDX-License-Identifier: Apache-2.0

extension TransitionTimes {
    /// The names that `exceptions` knows: kinds, and kinds with an operation.
    public static var names: [String] {
        let kinds: [ResourceKind] = [
            .loadBalancer, .listener, .rule, .serverGroup, .server, .acl, .aclEntry, .aclRelation,
            .listenerCertificate, .securityPolicy, .aScript,
        ]
        return kinds.flatMap { kind in
            [kind.rawValue] + StageOperation.allCases.map { "\(kind.rawValue).\($0.rawValue)" }
        }
    }
}
