// SPDX-License-Identifier: Apache-2.0

/// The cluster as it is in the beginning.
public struct ClusterSpec: Sendable {
    /// The objects that are there from the start, in the order of their files.
    public var objects: [ManifestObject] = []
    /// The nodes; nil for the usual ones.
    public var nodes: [NodeSpec]?
    /// How the programs in the pods behave; the first that fits a container counts.
    public var pods: [PodScriptSpec] = []

    /// Makes the empty cluster.
    public init() {}
}

/// A node.
public struct NodeSpec: Sendable, Hashable {
    /// The node's name.
    public var name: String
    /// The zone that it stands in; nil to spread nodes over the zones in turn.
    public var zone: String?
    /// True for a node that is not there until a step adds it.
    public var joinsLater: Bool
    /// The node whose address it has, when it takes that one's place; nil for an address of its own.
    public var addressOf: String?

    /// Makes a node.
    public init(
        name: String,
        zone: String? = nil,
        joinsLater: Bool = false,
        addressOf: String? = nil
    ) {
        self.name = name
        self.zone = zone
        self.joinsLater = joinsLater
        self.addressOf = addressOf
    }
}

/// How the program in some pods behaves.
public struct PodScriptSpec: Sendable, Hashable {
    /// What a program does with SIGTERM.
    public enum Termination: String, Sendable, Hashable, CaseIterable {
        /// It goes on serving what has begun and refuses the rest, then ends.
        case drain
        /// It ends at once and cuts its connections.
        case exit
        /// It goes on serving until it is killed.
        case ignore
    }

    /// The image; nil for any.
    public var image: Glob?
    /// Labels that the pod must have.
    public var labels: [LabelValue] = []
    /// From the start of the container to a listening program.
    public var startUp: ClosedRange<Duration>?
    /// From listening to answering the readiness probe well.
    public var readyAfter: ClosedRange<Duration>?
    /// What readiness probes find while it listens; nil for true.
    public var isReady: Bool?
    /// How long an answer takes.
    public var latency: ClosedRange<Duration>?
    /// The status of answers; nil for 200.
    public var status: Int?
    /// The body of answers; nil for the pod's name.
    public var body: String?
    /// Header fields of requests that answers tell again as `echo-NAME`.
    public var echo: [String] = []
    /// How it speaks on WebSockets; nil for as before.
    public var websocket: PodStreamSpec?
    /// How it answers calls of gRPC; nil for as before.
    public var grpc: PodStreamSpec?
    /// What SIGTERM does; nil for the usual behaviour.
    public var onTermination: Termination?
    /// How long the program takes to end once it may.
    public var shutDown: ClosedRange<Duration>?
    /// Ends by itself after so long, again and again.
    public var crashAfter: ClosedRange<Duration>?

    /// Makes a script that changes nothing.
    public init() {}
}

/// A label that an object must have.
public struct LabelValue: Sendable, Hashable {
    /// The label.
    public var key: String
    /// Its value.
    public var value: String

    /// Makes a label.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
