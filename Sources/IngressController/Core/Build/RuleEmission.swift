// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import KubernetesAPI

/// Writes the rules of one listener in their order: group, then rule, then path.
///
/// - Source: the open-source builder; seen upstream. Where the product differs the profile decides.
struct RuleEmission {
    private let port: ListenerPort
    private let users: [Contribution]
    private let context: BuildContext
    private(set) var problems: [Problem] = []
    /// Groups of weighted canaries, used by the rules of others.
    private(set) var shared: Set<String> = []

    /// A canary's draft that waits for its production rule.
    private struct Waiting {
        var canary: Contribution
        var draft: RuleDraft
    }

    private var shares: [RuleDraft.Place: [(weight: Int, group: String, owner: ObjectKey)]] = [:]
    private var waiting: [RuleDraft.Place: [Waiting]] = [:]
    private var production: Set<RuleDraft.Place> = []
    private var rules: [Rule] = []
    /// The rank of each rule where the most specific one goes first.
    private var ranks: [RuleRank] = []

    init(port: ListenerPort, users: [Contribution], context: BuildContext) {
        self.port = port
        self.users = users
        self.context = context
    }

    mutating func run() -> [Rule] {
        for user in users where user.canary == nil { production.formUnion(user.drafts.map(\.place)) }
        for user in users { register(user) }
        for user in users {
            if let adopted = user.adopted[port] {
                rules += adopted
                ranks += adopted.map { RuleRank($0, order: user.order) }
            }
            switch user.canary {
            case nil: for draft in user.drafts { emit(draft, of: user) }
            case .weight, .silent: break
            case .matching: emitCanary(user)
            }
        }
        return context.profile.has(.rulesKeepWrittenOrder) ? rules : sorted()
    }

    /// The rules with the most specific ones first; equal ones in the order in which they are written.
    private func sorted() -> [Rule] {
        zip(ranks, rules).enumerated().sorted { left, right in
            left.element.0 == right.element.0
                ? left.offset < right.offset : left.element.0 < right.element.0
        }.map(\.element.1)
    }

    // MARK: Canaries

    private mutating func register(_ user: Contribution) {
        guard let canary = user.canary else { return }
        let places = user.drafts.map(\.place)
        if places.allSatisfy({ !production.contains($0) }), context.profile.kind == .managed, !places.isEmpty
        {
            problems.append(
                Problem(
                    .ingress(user.ingress),
                    .leftOut,
                    "the canary has no production Ingress with the same host and path on listener \(port)"
                )
            )
        }
        switch canary {
        case .silent: break
        case .weight(let weight) where weight != 0 || context.profile.kind == .managed:
            add(weight, of: user)
        case .weight: break
        case .matching where !context.profile.has(.canaryOrderMatters):
            for draft in user.drafts where user.listens.takes(host: draft.place.host, on: port) {
                waiting[draft.place, default: []].append(Waiting(canary: user, draft: draft))
            }
        case .matching: break
        }
    }

    private mutating func add(_ weight: Int, of user: Contribution) {
        guard weight != 0 else { return }
        for draft in user.drafts {
            guard let group = draft.implicitGroup else { continue }
            let sum = (shares[draft.place] ?? []).reduce(weight) { $0 + $1.weight }
            if sum > 100, !context.profile.has(.canaryOrderMatters) {
                problems.append(
                    Problem(
                        .ingress(user.ingress),
                        .leftOut,
                        "the canaries of \(draft.place.host)\(draft.place.path) would get \(sum) percent together"
                    )
                )
                continue
            }
            shares[draft.place, default: []].append((weight, group.description, user.ingress))
        }
    }

    /// A canary by header or cookie at its own place in the order.
    private mutating func emitCanary(_ user: Contribution) {
        for draft in user.drafts where production.contains(draft.place) {
            if context.profile.has(.canaryOrderMatters) {
                emitMatching(draft, of: user)
            } else {
                emitWaiting(at: draft.place) { $0.canary.ingress == user.ingress }
            }
        }
    }

    private mutating func emitWaiting(at place: RuleDraft.Place, where isWanted: (Waiting) -> Bool) {
        guard let all = waiting[place] else { return }
        waiting[place] = all.filter { !isWanted($0) }
        // A header outranks a cookie.
        let wanted = all.filter(isWanted)
        let byHeader = wanted.filter { $0.canary.hasHeader },
            byCookie = wanted.filter { !$0.canary.hasHeader }
        for one in byHeader + byCookie { emitMatching(one.draft, of: one.canary) }
    }

    private mutating func emitMatching(_ draft: RuleDraft, of user: Contribution) {
        guard case .matching(let header, let cookie) = user.canary else { return }
        if context.profile.kind == .oss {
            emit(draft, of: user, canary: .init(header: header, cookie: cookie))
            return
        }
        // One that selects nobody is there with the defect only, and has everybody.
        if header == nil, cookie == nil { emit(draft, of: user, canary: .init()) }
        if let header { emit(draft, of: user, canary: .init(header: header)) }
        if let cookie { emit(draft, of: user, canary: .init(cookie: cookie)) }
    }

    // MARK: Rules

    private mutating func emit(
        _ draft: RuleDraft,
        of user: Contribution,
        canary: RuleConditionBuilder.CanaryConditions? = nil
    ) {
        guard user.listens.takes(host: draft.place.host, on: port) else { return }
        if user.canary == nil { emitWaiting(at: draft.place) { _ in true } }
        do throws(BuildError) {
            let conditions = try RuleConditionBuilder.conditions(
                annotation: draft.annotationConditions,
                hosts: draft.hosts,
                paths: draft.patterns,
                canary: canary ?? .init(),
                profile: context.profile
            )
            let rule = Rule(
                owner: user.ingress,
                direction: draft.direction,
                conditions: conditions,
                actions: try actions(draft, of: user)
            )
            rules.append(rule)
            ranks.append(RuleRank(rule, order: user.order))
        } catch {
            problems.append(Problem(.ingress(user.ingress), error.effect, error.message))
        }
    }

    private mutating func actions(
        _ draft: RuleDraft,
        of user: Contribution
    ) throws(BuildError) -> [RuleAction] {
        if user.listens.redirects(on: port, context.profile), draft.direction == .request {
            return RuleActionBuilder.redirected(
                draft.actions,
                port: user.listens.redirectPort(context.profile),
                context.profile
            )
        }
        var actions = draft.actions
        if let group = draft.implicitGroup {
            actions.append(.forward(targets(group.description, draft, user), stickySeconds: nil))
        }
        return try RuleActionBuilder.ordered(actions, direction: draft.direction)
    }

    /// The Service of the path, and those of canaries by weight with their shares.
    private mutating func targets(_ main: String, _ draft: RuleDraft, _ user: Contribution) -> [WeightedGroup]
    {
        guard user.canary == nil, let canaries = shares[draft.place], !canaries.isEmpty else {
            return [WeightedGroup(serverGroup: main)]
        }
        let sum = canaries.reduce(0) { $0 + $1.weight }
        shared.formUnion(canaries.map(\.group))
        let rest = sum == 100 ? [] : [WeightedGroup(serverGroup: main, weight: 100 - sum)]
        return rest + canaries.map { WeightedGroup(serverGroup: $0.group, weight: $0.weight) }
    }
}

extension Contribution {
    /// True for a canary that looks at a header.
    var hasHeader: Bool {
        if case .matching(let header, _) = canary { header != nil } else { false }
    }
}
