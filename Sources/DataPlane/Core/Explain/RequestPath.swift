// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes

/// A request whose way is asked for.
public struct ExplainedRequest: Sendable {
    /// Method, authority, path and header fields.
    public var head: HTTPRequest
    /// The client's address.
    public var source: String
    /// The name asked for in the TLS handshake; nil for none.
    public var serverName: String?

    /// Makes a request; the server name is the host unless it is given.
    public init(head: HTTPRequest, source: String = "192.0.2.1", serverName: String? = nil) {
        self.head = head
        self.source = source
        self.serverName = serverName ?? head.authority.map(RequestFacts.hostName)
    }
}

/// The way of a request through a load balancer, with a reason at each step.
public struct RequestPath: Sendable, CustomStringConvertible {
    /// One thing that was looked at.
    public struct Step: Sendable, Hashable, CustomStringConvertible {
        /// `listener`, `certificate`, `request`, `rule`, `action`, `server group`, `server`.
        public var subject: String
        /// What was found.
        public var finding: String

        /// The subject and what was found.
        public var description: String { "\(subject): \(finding)" }
    }

    /// A server of the group that the request goes to.
    public struct Candidate: Sendable, Hashable, CustomStringConvertible {
        /// The server's address.
        public var server: String
        /// Its health in the eyes of the zone; `Unavailable` when it is not checked.
        public var health: String
        /// True when it may be chosen now.
        public var isUsable: Bool

        /// One line.
        public var description: String { "\(server) \(health)\(isUsable ? "" : ", not used")" }
    }

    /// Where the request ends.
    public enum Outcome: Sendable, Hashable {
        /// Nobody listens.
        case refused
        /// The load balancer answers by itself.
        case answered(status: Int, reason: String)
        /// The load balancer redirects.
        case redirected(status: Int, location: String)
        /// It goes to one of the servers of one of these groups.
        case forwarded(serverGroups: [String])
    }

    /// The steps in their order.
    public internal(set) var steps: [Step] = []
    /// The rules that were tried, the last of which matched unless none did.
    public internal(set) var rules: [RuleTrial] = []
    /// When no rule matched: the one that came closest.
    public internal(set) var nearestMiss: RuleTrial?
    /// The servers of the groups, in their order.
    public internal(set) var candidates: [Candidate] = []
    /// Where the request ends.
    public internal(set) var outcome = Outcome.refused

    mutating func add(_ subject: String, _ finding: String) {
        steps.append(Step(subject: subject, finding: finding))
    }

    /// All steps, one in a line, then the nearest miss and the outcome.
    public var description: String {
        var lines = steps.map(\.description)
        lines += rules.filter { !$0.holds }.map { "  not \($0)" }
        if let nearestMiss { lines.append("nearest miss: \(nearestMiss)") }
        lines += candidates.map { "  server \($0)" }
        switch outcome {
        case .refused: lines.append("outcome: connection refused")
        case .answered(let status, let reason): lines.append("outcome: \(status) \(reason)")
        case .redirected(let status, let location): lines.append("outcome: \(status) to \(location)")
        case .forwarded(let groups): lines.append("outcome: forwarded to \(groups.joined(separator: " or "))")
        }
        return lines.joined(separator: "\n")
    }
}
