// SPDX-License-Identifier: Apache-2.0

/// Names a server group of an AlbConfig: a key of the server queue.
struct TargetName: Sendable, Hashable, Comparable, CustomStringConvertible {
    var albConfig: String
    var key: ServerGroupKey

    var description: String { "\(albConfig) \(key)" }

    static func < (left: TargetName, right: TargetName) -> Bool {
        (left.albConfig, left.key) < (right.albConfig, right.key)
    }
}

/// What the server queue needs to know of a server group.
struct Target: Sendable, Hashable {
    /// The group's id.
    var id: String
    /// True when servers are checked before they count.
    var isHealthChecked: Bool
    /// True once rules name it.
    var isReferenced = false
    /// True for a group whose members are addresses.
    var holdsAddresses: Bool
}
