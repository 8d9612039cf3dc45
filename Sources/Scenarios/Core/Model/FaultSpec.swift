// SPDX-License-Identifier: Apache-2.0

/// Something that goes wrong for a while.
public struct FaultSpec: Sendable, Hashable {
    /// The word that a fault begins with: what it hits.
    public enum Word: String, Sendable, Hashable, CaseIterable {
        /// Calls of the cloud.
        case cloud
        /// Calls of the API server.
        case kubernetes
        /// Watches of the API server.
        case watch
        /// Packets between hosts.
        case network
    }

    /// What goes wrong.
    public enum Effect: Sendable, Hashable {
        /// Calls of the cloud fail or are slow.
        case cloud(CloudFaultSpec)
        /// Calls of the API server fail or are slow.
        case kubernetes(KubernetesFaultSpec)
        /// Watches end, stall or lose their history.
        case watch(WatchFaultSpec)
        /// Packets are lost or slow.
        case network(NetworkFaultSpec)
    }

    /// What goes wrong.
    public var effect: Effect
    /// How long it lasts; nil until it is cleared or used up.
    public var duration: Duration?
    /// How many times it strikes; nil for every time.
    public var times: Int?
    /// The chance that it strikes, from 0 to 1.
    public var probability: Double

    /// The word that it begins with.
    public var word: Word {
        switch effect {
        case .cloud: .cloud
        case .kubernetes: .kubernetes
        case .watch: .watch
        case .network: .network
        }
    }
}

/// Calls of the cloud that fail or are slow.
public struct CloudFaultSpec: Sendable, Hashable {
    /// What happens to calls.
    public enum Effect: Sendable, Hashable {
        /// They answer an error code.
        case code(String)
        /// They are slow.
        case latency(ClosedRange<Duration>)
        /// They are carried out and never answered.
        case lostReply
        /// They are neither carried out nor answered.
        case hang
        /// So many pass, others are refused.
        case throttle(perSecond: Double, burst: Int)
        /// Only so many of a call's items are carried out; the answer is a code, or a success.
        case applyPart(items: Int, code: String?)
        /// The lists in the answer lack so many items at their end; nil for all of them.
        case shortAnswer(items: Int?)
        /// The lists in the answer lack the rows that hold one of these values.
        case omitRows([String])
        /// The work that they begin fails in the end.
        case failJob(code: String)
        /// The work that they begin never ends.
        case hangJob
    }

    /// What happens.
    public var effect: Effect
    /// The action; nil for every action.
    public var action: Glob?
    /// True when the call has its effect and only the answer is an error or late.
    public var isAfterEffect: Bool
}

/// Calls of the API server that fail or are slow.
public struct KubernetesFaultSpec: Sendable, Hashable {
    /// The reasons of a Status that can be given, each with its code.
    public static let reasons: [(reason: String, code: Int)] = [
        ("Conflict", 409), ("Forbidden", 403), ("InternalError", 500), ("ServiceUnavailable", 503),
        ("Timeout", 504),
        ("TooManyRequests", 429), ("Unauthorized", 401),
    ]

    /// What happens to calls.
    public enum Effect: Sendable, Hashable {
        /// They answer a reason.
        case reason(String)
        /// They are slow.
        case latency(ClosedRange<Duration>)
        /// Reads tell what was so that long before the fault began, and watches are silent.
        case stale(age: Duration)
        /// A webhook that they pass through cannot be reached.
        case webhookDown
        /// A webhook that they pass through shows the certificate of a Secret, which counts while it is valid.
        case webhookCertificate(secret: ObjectReference)
    }

    /// What happens.
    public var effect: Effect
    /// The verb, `get` or `patch`; nil for every one.
    public var verb: String?
    /// The plural of the resource; nil for every one.
    public var resource: String?
    /// The host that calls; nil for every one.
    public var client: String?
    /// True when the call has its effect and only the answer is a refusal.
    public var isAfterEffect = false
}

/// Watches that end, stall or lose their history.
public struct WatchFaultSpec: Sendable, Hashable {
    /// What happens to watches.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// They end, and can be opened again.
        case cut
        /// They stay open and say nothing until the fault is over.
        case stall
        /// The history is compacted, so that going on from an old revision answers 410.
        case compact
        /// Events are lost.
        case drop
        /// Events come twice.
        case duplicate
        /// Events come late, in order.
        case delay
        /// Events come late, and others overtake them.
        case reorder
    }

    /// What happens.
    public var action: Action
    /// The plural of the resource; nil for every one.
    public var resource: String?
    /// The host that watches; nil for every one.
    public var client: String?
    /// How late events are, for `delay` and `reorder`.
    public var latency: ClosedRange<Duration>?
}

/// Packets that are lost or slow.
public struct NetworkFaultSpec: Sendable, Hashable {
    /// What happens to packets.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// None gets through.
        case cut
        /// Some are lost.
        case loss
        /// They take longer.
        case latency
        /// Those of HTTP/3 clients that move to another address are lost, as where a balancer spreads packets by
        /// addresses and does not look at connection ids.
        case loseMoves = "lose-moves"
        /// None of QUIC gets through, while TCP goes on: a dead UDP path.
        case cutQUIC = "cut-quic"
    }

    /// What happens.
    public var action: Action
    /// Two hosts between which it happens, or one that is cut off from all.
    public var hosts: [String]
    /// The share that is lost, from 0 to 1, for `loss`.
    public var loss: Double?
    /// What a packet takes longer, for `latency`.
    public var latency: ClosedRange<Duration>?
}
