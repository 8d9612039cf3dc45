// SPDX-License-Identifier: Apache-2.0

/// What the tables say about an action.
struct ActionDescription: Sendable {
    /// When the work that an action starts is done.
    enum Completion: String, Sendable {
        /// When it is answered.
        case synchronous = "sync"
        /// Later; the answer names a job.
        case job
        /// Later; the answer names no job.
        case withoutJob = "async-no-job"
    }

    let service: CloudService
    let name: String
    /// P0 for what the ingress controller calls, P1 for what others do, P2 for the rest.
    let priority: String
    let completion: Completion
    var takesToken = false
    var takesDryRun = false
    var block = ParameterBlock.empty

    /// True for actions that change nothing.
    var isRead: Bool { ["Get", "List", "Describe"].contains { name.hasPrefix($0) } }
}

/// Every action that the account knows, by version and name.
struct ActionTable: Sendable {
    private var actions: [String: [String: ActionDescription]] = [:]

    /// The tables of all products.
    static let shared = ActionTable(texts: [
        "version 2020-06-16", albFragments, albLoadBalancer, albListener, albRule, albServerGroup, albAcl,
        albPolicy,
        albAccount, certificates, network, compute, auxiliary,
    ])

    /// Reads tables: their texts follow each other as if they were one.
    init(texts: [String]) {
        for action in ActionTableReader(texts).actions() {
            actions[action.service.version, default: [:]][action.name] = action
        }
    }

    /// Looks an action up; its name may be spelled in any case.
    ///
    /// - Source: the gateway's codes are documented, that case does not matter is assumed.
    func find(version: String, action: String) throws(CloudRefusal) -> ActionDescription {
        guard let known = actions[version] else {
            throw CloudRefusal("InvalidVersion", "The specified version is not known.")
        }
        if let exact = known[action] { return exact }
        let wanted = action.lowercased()
        guard let name = known.keys.sorted().first(where: { $0.lowercased() == wanted }),
            let found = known[name]
        else {
            throw CloudRefusal("InvalidAction.NotFound", "The specified action is not known in this version.")
        }
        return found
    }

    /// All actions, by version and name.
    var all: [ActionDescription] {
        actions.sorted { $0.key < $1.key }.flatMap { $0.value.sorted { $0.key < $1.key }.map(\.value) }
    }
}
