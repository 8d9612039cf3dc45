// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

/// A rule's actions, sorted by what they touch.
///
/// - Source: documented: header changes, rewrite, limit and mirror come before the final action.
final class CompiledActions: Sendable {
    /// The action that ends the search.
    enum Final: Sendable {
        case forward(ForwardTargets)
        case redirect(Redirect)
        case fixed(FixedAnswer)
        /// A rule without a final action: allowed for answers only.
        case none
    }

    /// Changes to header fields, in their order.
    let headerEdits: [HeaderEdit]
    /// What the server sees in place of host, path and query.
    let rewrite: Rewrite?
    /// Requests a second; nil without a limit.
    let limit: TrafficLimit?
    /// Groups that get copies.
    let mirrors: [String]
    let cors: CORSPolicy?
    let final: Final
    /// True when what the server sees differs by the listener's own changes only.
    let isPlainForward: Bool

    init(_ actions: [RuleAction], mistake: (String) -> Void) {
        var headerEdits: [HeaderEdit] = []
        var rewrite: Rewrite?
        var limit: TrafficLimit?
        var mirrors: [String] = []
        var cors: CORSPolicy?
        var final = Final.none
        for action in actions {
            switch action {
            case .forward(let groups, let stickySeconds):
                final = .forward(ForwardTargets(groups, stickySeconds: stickySeconds))
            case .redirect(let target): final = .redirect(Redirect(target))
            case .fixedResponse(let status, let contentType, let content):
                final = .fixed(FixedAnswer(status: status, contentType: contentType, content: content))
            case .rewrite(let host, let path, let query):
                rewrite = Rewrite(host: host, path: path, query: query)
            case .insertHeader(let key, let value, let valueType, let covers):
                if let edit = HeaderEdit(insert: key, value: value, valueType: valueType, covers: covers) {
                    headerEdits.append(edit)
                } else {
                    mistake("cannot insert header \(key) of type \(valueType)")
                }
            case .removeHeader(let key):
                if let name = HTTPField.Name(key) {
                    headerEdits.append(.remove(name))
                } else {
                    mistake("\(key) is not a header name")
                }
            case .trafficLimit(let total, let each): limit = TrafficLimit(total: total, each: each)
            case .mirror(let groups): mirrors += groups.map(\.serverGroup)
            case .cors(let configuration): cors = CORSPolicy(configuration)
            }
        }
        isPlainForward = headerEdits.isEmpty && rewrite == nil
        self.headerEdits = headerEdits
        self.rewrite = rewrite
        self.limit = limit
        self.mirrors = mirrors
        self.cors = cors
        self.final = final
    }
}

/// Requests a second that a rule lets pass.
struct TrafficLimit: Sendable, Hashable {
    /// In total; nil without a limit.
    var total: Int?
    /// For each client address; nil without a limit.
    var each: Int?
}

/// The groups of a forward action.
final class ForwardTargets: Sendable {
    /// The groups' ids with their shares.
    let groups: [WeightedGroup]
    /// All shares together; 0 when nothing may be forwarded.
    let totalWeight: Int
    /// How long a session may pause and still go to its group; nil without stickiness.
    let stickySeconds: Int?
    /// What cookies of sessions call the groups.
    private let marks: [String]

    init(_ groups: [WeightedGroup], stickySeconds: Int? = nil) {
        self.groups = groups
        self.stickySeconds = stickySeconds
        marks = stickySeconds == nil ? [] : groups.map { SessionCookie.mark(of: $0.serverGroup) }
        totalWeight = groups.reduce(0) { $0 + max(0, $1.weight) }
    }

    /// The group that a session's cookie names; nil when it is none of these, or has no share any more.
    func group(marked mark: String) -> String? {
        guard let place = marks.firstIndex(of: mark), groups[place].weight > 0 else { return nil }
        return groups[place].serverGroup
    }

    /// The group that a number below `totalWeight` falls to; nil when all shares are 0.
    func group(at number: Int) -> String? {
        var rest = number
        for group in groups where group.weight > 0 {
            rest -= group.weight
            if rest < 0 { return group.serverGroup }
        }
        return nil
    }
}
