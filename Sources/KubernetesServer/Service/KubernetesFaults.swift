// SPDX-License-Identifier: Apache-2.0
public import KubernetesAPI
public import Ports

/// What goes wrong with an API server: set while it runs, by scenarios and tests.
///
/// The lists are looked through in order, and the first entry that fits is taken.
public struct KubernetesFaults: Sendable {
    /// Calls that are refused.
    public var refusals: [Refusal] = []
    /// Calls that take longer.
    public var delays: [Delay] = []
    /// Watches whose events are held back.
    public var stalls: [Stall] = []
    /// Watches that are cut after some events; also those opened later.
    public var cuts: [Cut] = []
    /// Watches whose events are lost, doubled or late.
    public var meddlings: [Meddling] = []
    /// Readers that are told what was so some time ago.
    public var stales: [Stale] = []
    /// True while no bookmarks are sent, but for the one that ends initial events.
    public var dropsBookmarks = false

    /// No faults.
    public init() {}

    /// Which calls a fault meets; nil meets all.
    public struct Match: Sendable, Hashable {
        /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`.
        public var verbs: Set<String>?
        /// The plural, with its group if need be: `ingresses`, `events.events.k8s.io`.
        public var resource: String?
        /// `status`, `scale` and the like; nil meets all.
        public var subresource: String?
        /// The namespace.
        public var namespace: String?
        /// The object's name.
        public var name: String?
        /// Who calls, as traces name it.
        public var client: String?

        /// Makes a match.
        public init(
            verbs: Set<String>? = nil,
            resource: String? = nil,
            subresource: String? = nil,
            namespace: String? = nil,
            name: String? = nil,
            client: String? = nil
        ) {
            self.verbs = verbs
            self.resource = resource
            self.subresource = subresource
            self.namespace = namespace
            self.name = name
            self.client = client
        }
    }

    /// Refuses calls.
    public struct Refusal: Sendable {
        /// Which calls.
        public var match: Match
        /// What they are told.
        public var status: KubernetesStatus
        /// How many more calls; nil for no bound.
        public var times: Int?
        /// Until when; nil for ever.
        public var until: Instant?
        /// The chance that it meets a call, from 0 to 1.
        public var chance: Double
        /// True when calls have their effect and only the answer is a refusal.
        public var isAfterEffect: Bool
        /// Refuses only while this holds; nil for always.
        public var condition: (@Sendable () -> Bool)?

        /// Makes an entry.
        public init(
            _ match: Match,
            status: KubernetesStatus,
            times: Int? = nil,
            until: Instant? = nil,
            chance: Double = 1,
            isAfterEffect: Bool = false,
            condition: (@Sendable () -> Bool)? = nil
        ) {
            self.match = match
            self.status = status
            self.times = times
            self.until = until
            self.chance = chance
            self.isAfterEffect = isAfterEffect
            self.condition = condition
        }
    }

    /// Delays calls.
    public struct Delay: Sendable {
        /// Which calls.
        public var match: Match
        /// By how much at least.
        public var delay: Duration
        /// Up to how much more, drawn for each call.
        public var jitter: Duration
        /// Until when; nil for ever.
        public var until: Instant?
        /// How many more calls; nil for no bound.
        public var times: Int?
        /// The chance that it meets a call, from 0 to 1.
        public var chance: Double

        /// Makes an entry.
        public init(
            _ match: Match,
            delay: Duration,
            jitter: Duration = .zero,
            until: Instant? = nil,
            times: Int? = nil,
            chance: Double = 1
        ) {
            self.match = match
            self.delay = delay
            self.jitter = jitter
            self.until = until
            self.times = times
            self.chance = chance
        }
    }

    /// Loses, doubles or delays single events of watches.
    public struct Meddling: Sendable {
        /// What happens to an event.
        public enum Effect: Sendable, Hashable {
            /// It is never told.
            case drop
            /// It is told twice.
            case duplicate
            /// It is told later, and those behind it wait.
            case delay(ClosedRange<Duration>)
            /// It is told later, and those behind it may overtake it.
            case reorder(ClosedRange<Duration>)
        }

        /// Which watches; verbs and names do not matter.
        public var match: Match
        /// What happens.
        public var effect: Effect
        /// To how many more events; nil for no bound.
        public var times: Int?
        /// Until when; nil for ever.
        public var until: Instant?
        /// The chance that it meets an event, from 0 to 1.
        public var chance: Double

        /// Makes an entry.
        public init(
            _ match: Match,
            _ effect: Effect,
            times: Int? = nil,
            until: Instant? = nil,
            chance: Double = 1
        ) {
            self.match = match
            self.effect = effect
            self.times = times
            self.until = until
            self.chance = chance
        }
    }

    /// Answers gets and lists with what was so at a revision, as an API server does that is behind its store; the
    /// watches of the same readers hear nothing meanwhile.
    public struct Stale: Sendable {
        /// Whose calls; verbs do not matter.
        public var match: Match
        /// The revision that is shown.
        public var revision: Int64
        /// Until when; nil for ever.
        public var until: Instant?

        /// Makes an entry.
        public init(_ match: Match, revision: Int64, until: Instant? = nil) {
            self.match = match
            self.revision = revision
            self.until = until
        }
    }

    /// Holds the events of watches back; they are told when it is over.
    public struct Stall: Sendable {
        /// Which watches; verbs and names do not matter.
        public var match: Match
        /// Until when; nil until the faults are set anew.
        public var until: Instant?

        /// Makes an entry.
        public init(_ match: Match, until: Instant? = nil) {
            self.match = match
            self.until = until
        }
    }

    /// Cuts watches after some events.
    public struct Cut: Sendable {
        /// Which watches; verbs and names do not matter.
        public var match: Match
        /// After how many events.
        public var events: Int
        /// Until when new watches are met; nil for ever.
        public var until: Instant?

        /// Makes an entry.
        public init(_ match: Match, events: Int, until: Instant? = nil) {
            self.match = match
            self.events = events
            self.until = until
        }
    }
}

extension KubernetesStatus {
    /// The refusals that scenarios use most, by their HTTP status: 409, 410, 429, 500, 503, 504.
    ///
    /// - Source: the errors of the Kubernetes API machinery (seen upstream).
    public static func fault(_ code: Int) -> KubernetesStatus {
        switch code {
        case 403:
            KubernetesStatus(
                code: 403,
                reason: "Forbidden",
                message: "forbidden: the caller may not do this"
            )
        case 409:
            KubernetesStatus(
                code: 409,
                reason: "Conflict",
                message:
                    "Operation cannot be fulfilled: the object has been modified; please apply your changes to "
                    + "the latest version and try again"
            )
        case 410:
            KubernetesStatus(code: 410, reason: "Expired", message: "too old resource version")
        case 429:
            KubernetesStatus(
                code: 429,
                reason: "TooManyRequests",
                message: "the server has received too many requests and has asked us to try again later",
                retryAfterSeconds: 1
            )
        case 503:
            KubernetesStatus(
                code: 503,
                reason: "ServiceUnavailable",
                message: "the server is currently unable to handle the request"
            )
        case 504:
            KubernetesStatus(
                code: 504,
                reason: "Timeout",
                message: "the server was unable to return a response in time"
            )
        default: KubernetesStatus(code: code, reason: "InternalError", message: "an error on the server")
        }
    }
}
