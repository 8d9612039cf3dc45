// SPDX-License-Identifier: Apache-2.0

/// Whether an action of the cloud is simulated.
public struct ActionFidelity: Sendable, Hashable {
    /// The API version that it belongs to, for example `2020-06-16`.
    public let version: String
    /// The action's name.
    public let action: String
    /// P0 for what the ingress controller calls, P1 for what others do, P2 for the rest.
    public let priority: String
    /// False for actions that answer NotImplemented.
    public let isSimulated: Bool
}

extension CloudServer {
    /// Every action that the account knows, by version and name.
    public static var actions: [ActionFidelity] {
        ActionTable.shared.all.map { action in
            ActionFidelity(
                version: action.service.version,
                action: action.name,
                priority: action.priority,
                isSimulated: ActionBodies.body(of: action) != nil
            )
        }
    }
}
