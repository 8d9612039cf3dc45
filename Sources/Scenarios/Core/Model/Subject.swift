// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubernetesAPI
public import Ports

/// What an expectation is about.
public enum Subject: Sendable {
    /// Requests as their clients saw them.
    case traffic(TrafficCondition)
    /// Connections as their clients saw them.
    case connections(ConnectionCondition)
    /// WebSockets and calls of gRPC that have ended.
    case streams(StreamCondition)
    /// The state of an object.
    case object(ObjectCondition)
    /// That there is no such object.
    case gone(ObjectCondition)
    /// Events that components report.
    case events(EventCondition)
    /// Calls that the cloud answered.
    case calls(CallCondition)
    /// Calls that the API server answered.
    case apiCalls(APICallCondition)
    /// How many resources the cloud has.
    case cloud(CloudCondition)
    /// How many servers the load balancers hold for healthy.
    case servers(ServersCondition)
    /// How long the certificate of a Secret is still valid.
    case certificate(CertificateCondition)
}

/// What is said about calls that the API server answered.
public struct APICallCondition: Sendable, Hashable {
    /// Who called, by host or user agent.
    public var client: Glob?
    /// The verb.
    public var verb: Glob?
    /// The plural of the resource.
    public var resource: String?
    /// The path.
    public var path: Glob?
    /// True for calls that change something, false for those that only read.
    public var isWrite: Bool?
    /// The status.
    public var status: StatusPattern?
    /// The reason of a refusal.
    public var reason: Glob?
}

/// A kind of resource of the cloud that is counted.
public enum CloudKind: String, Sendable, Hashable, CaseIterable {
    /// Load balancers.
    case loadBalancers = "load-balancers"
    /// Listeners of all load balancers.
    case listeners
    /// Rules of all listeners.
    case rules
    /// Server groups.
    case serverGroups = "server-groups"
    /// Servers in all groups.
    case servers
    /// Certificates in the certificate service.
    case certificates
    /// Certificates on all listeners.
    case listenerCertificates = "listener-certificates"
    /// Access lists.
    case acls
}

/// How many resources of some kinds there are in the cloud.
public struct CloudCondition: Sendable, Hashable {
    /// A kind with its limits.
    public struct Part: Sendable, Hashable {
        /// The kind.
        public var kind: CloudKind
        /// How many there may be.
        public var bounds: Bounds
    }

    /// All that is said; never empty.
    public var parts: [Part]
}

/// What was counted in the cloud at an instant.
public struct CloudCount: Sendable {
    /// When.
    public var at: Instant
    /// How many of each kind.
    public var numbers: [CloudKind: Int]

    /// Makes a count.
    public init(at: Instant, numbers: [CloudKind: Int]) {
        self.at = at
        self.numbers = numbers
    }
}

/// How many servers are healthy in the eyes of the zone that sees the fewest.
public struct ServersCondition: Sendable, Hashable {
    /// The Deployment whose pods count; nil for every server.
    public var deployment: String?
    /// How many there may be.
    public var healthy: Bounds
}

/// How long a Secret's certificate is valid from each instant on.
public struct CertificateCondition: Sendable, Hashable {
    /// The Secret.
    public var secret: ObjectReference
    /// The least time that is left.
    public var left: Duration
}

/// Which certificate is meant.
public enum CertificatePattern: Sendable, Hashable {
    /// The one that was last put into a Secret for the host, and can be used.
    case newest
    /// One whose subject or serial fits.
    case named(Glob)
}

/// Which pods are meant by what answered: a pod's name, `tea-*`, or a Deployment's name.
public struct ServerPattern: Sendable, Hashable {
    /// The text as it was written.
    public var glob: Glob
}

/// What is said about requests.
public struct TrafficCondition: Sendable, Hashable {
    /// The traffic that counts, by name; never empty.
    public var traffic: [String]
    /// Only requests to such a host count.
    public var host: Glob?
    /// Only requests for such a path count.
    public var path: Glob?
    /// The status.
    public var status: StatusPattern?
    /// What became of it: `answered`, `refused`, …; any of them.
    public var outcome: [Glob]?
    /// Who answered; any of them.
    public var servedBy: [ServerPattern]?
    /// The certificate that was shown.
    public var certificate: CertificatePattern?
    /// What the answer's header fields say.
    public var headers: [HeaderCondition] = []
    /// True when it must be answered by whoever answered its traffic first.
    public var isSameServer = false
    /// It took less.
    public var fasterThan: Duration?
    /// It took more.
    public var slowerThan: Duration?

    /// Makes a condition that every request of some traffic meets.
    public init(traffic: [String]) {
        self.traffic = traffic
    }

    /// True when it says nothing about a request.
    public var isEmpty: Bool {
        status == nil && outcome == nil && servedBy == nil && certificate == nil && headers.isEmpty
            && fasterThan == nil && slowerThan == nil && !isSameServer
    }
}

/// What is said about a header field of an answer.
public struct HeaderCondition: Sendable, Hashable {
    /// Its name, in small letters.
    public var name: String
    /// Its value; nil when it may not be there.
    public var value: Glob?
}

/// What is said about connections.
public struct ConnectionCondition: Sendable, Hashable {
    /// The traffic that counts, by name; empty for all.
    public var traffic: [String] = []
    /// Only connections that ask for such a name count.
    public var serverName: Glob?
    /// What became of it: `open`, `refused`, `certificate expired`, …; any of them.
    public var outcome: [Glob]?
    /// The certificate that was shown.
    public var certificate: CertificatePattern?
    /// The version of HTTP: `HTTP/2.0`.
    public var version: Glob?

    /// True when it says nothing about a connection.
    public var isEmpty: Bool { outcome == nil && certificate == nil && version == nil }
}

/// What is said about streams that have ended.
public struct StreamCondition: Sendable, Hashable {
    /// The traffic that counts, by name; empty for all.
    public var traffic: [String] = []
    /// How it ended; any of them.
    public var outcome: [Glob]?
    /// The close code or the status that it ended with; any of them.
    public var code: [Int]?
    /// Who was at the other end; any of them.
    public var servedBy: [ServerPattern]?
    /// No answer to a message took longer.
    public var answersWithin: Duration?
    /// It was open for longer.
    public var longerThan: Duration?
    /// It was open for less.
    public var shorterThan: Duration?

    /// Makes a condition that every stream meets.
    public init() {}

    /// True when it says nothing about a stream.
    public var isEmpty: Bool {
        outcome == nil && code == nil && servedBy == nil && answersWithin == nil && longerThan == nil
            && shorterThan == nil
    }
}

/// What is said about an object.
public struct ObjectCondition: Sendable, Hashable {
    /// Its type.
    public var type: ResourceType
    /// Its namespace; empty for cluster-scoped objects.
    public var namespace: String
    /// Its name; nil for any.
    public var name: String?
    /// Labels that it must have.
    public var labels: [LabelValue]
    /// Members that it must have, as a part of the object.
    public var tree: JSONValue
}

/// What is said about events.
public struct EventCondition: Sendable, Hashable {
    /// The reason: `FailedApplyModel`.
    public var reason: Glob?
    /// `Normal` or `Warning`.
    public var type: String?
    /// The kind of the object that it is about.
    public var kind: String?
    /// The name of the object that it is about.
    public var name: Glob?
    /// The object's namespace.
    public var namespace: String?
    /// A text within the message.
    public var messageContains: String?
}

/// What is said about calls that the cloud answered.
public struct CallCondition: Sendable, Hashable {
    /// The action: `CreateRule`, `*Rules`.
    public var action: Glob?
    /// The product: `Alb`.
    public var product: Glob?
    /// The id of the main object.
    public var resource: Glob?
    /// Who called.
    public var client: Glob?
    /// True for calls that change something, false for those that only read.
    public var isWrite: Bool?
    /// The error code; `none` for calls that succeeded.
    public var code: Glob?
}
