// SPDX-License-Identifier: Apache-2.0

/// What is done to a resource, as far as its life cycle is concerned.
public enum StageOperation: String, Sendable, Hashable, CaseIterable {
    /// It is made.
    case create
    /// It is changed, or something that belongs to it.
    case change
    /// It is deleted or taken out.
    case delete
    /// It is stopped.
    case stop
    /// It is started.
    case start
}

/// A row of the life cycles: an operation that a resource may undergo in some states, the state meanwhile and
/// the state afterwards.
struct Stage: Sendable {
    let kind: ResourceKind
    let operation: StageOperation
    /// The states in which it is allowed; none for a creation.
    let from: [String]
    let during: String
    /// nil when the resource goes back to the state that it came from, or is gone after a deletion.
    let after: String?

    /// The life cycles of all kinds.
    ///
    /// - Source: the states of the API description; that a listener shows Configuring while it is being
    ///   deleted or its rules are worked on, and that members of a deleted parent go with it at once, is
    ///   assumed.
    static let table: [Stage] = [
        Stage(.loadBalancer, .create, [], "Provisioning", "Active"),
        Stage(.loadBalancer, .change, ["Active"], "Configuring", nil),
        Stage(.loadBalancer, .delete, ["Active", "Inactive", "CreateFailed"], "Configuring", nil),
        Stage(.listener, .create, [], "Provisioning", "Running"),
        Stage(.listener, .change, ["Running", "Stopped"], "Configuring", nil),
        Stage(.listener, .stop, ["Running"], "Configuring", "Stopped"),
        Stage(.listener, .start, ["Stopped"], "Configuring", "Running"),
        Stage(.listener, .delete, ["Running", "Stopped"], "Configuring", nil),
        Stage(.rule, .create, [], "Provisioning", "Available"),
        Stage(.rule, .change, ["Available"], "Configuring", nil),
        Stage(.rule, .delete, ["Available"], "Deleting", nil),
        Stage(.serverGroup, .create, [], "Creating", "Available"),
        Stage(.serverGroup, .change, ["Available"], "Configuring", nil),
        Stage(.serverGroup, .delete, ["Available"], "Deleting", nil),
        Stage(.server, .create, [], "Adding", "Available"),
        Stage(.server, .change, ["Available"], "Configuring", nil),
        Stage(.server, .delete, ["Available"], "Removing", nil),
        Stage(.acl, .create, [], "Creating", "Available"),
        Stage(.acl, .change, ["Available"], "Configuring", nil),
        Stage(.acl, .delete, ["Available"], "Configuring", nil),
        Stage(.aclEntry, .create, [], "Adding", "Available"),
        Stage(.aclEntry, .delete, ["Available"], "Removing", nil),
        Stage(.aclRelation, .create, [], "Associating", "Associated"),
        Stage(.aclRelation, .delete, ["Associated"], "Dissociating", nil),
        Stage(.listenerCertificate, .create, [], "Associating", "Associated"),
        Stage(.listenerCertificate, .delete, ["Associated"], "Dissociating", nil),
        Stage(.securityPolicy, .create, [], "Available", "Available"),
        Stage(.securityPolicy, .change, ["Available"], "Configuring", nil),
        Stage(.securityPolicy, .delete, ["Available"], "Available", nil),
        Stage(.aScript, .create, [], "Creating", "Available"),
        Stage(.aScript, .change, ["Available"], "Configuring", nil),
        Stage(.aScript, .delete, ["Available"], "Deleting", nil),
    ]

    private init(
        _ kind: ResourceKind,
        _ operation: StageOperation,
        _ from: [String],
        _ during: String,
        _ after: String?
    ) {
        self.kind = kind
        self.operation = operation
        self.from = from
        self.during = during
        self.after = after
    }

    private struct Name: Hashable {
        let kind: ResourceKind
        let operation: StageOperation
    }

    private static let byName: [Name: Stage] = {
        var found: [Name: Stage] = [:]
        for stage in table { found[Name(kind: stage.kind, operation: stage.operation)] = stage }
        return found
    }()

    /// The row for an operation on a kind.
    static func of(_ kind: ResourceKind, _ operation: StageOperation) -> Stage {
        guard let stage = byName[Name(kind: kind, operation: operation)] else {
            preconditionFailure("the life cycle of a \(kind.words) has no operation \(operation)")
        }
        return stage
    }
}
