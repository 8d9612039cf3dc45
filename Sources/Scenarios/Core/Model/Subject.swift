// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubernetesAPI

/// What an expectation is about.
public enum Subject: Sendable {
    /// Requests as their clients saw them.
    case traffic(TrafficCondition)
    /// Connections as their clients saw them.
    case connections(ConnectionCondition)
    /// The state of an object.
    case object(ObjectCondition)
    /// That there is no such object.
    case gone(ObjectCondition)
    /// Events that components report.
    case events(EventCondition)
    /// Calls that the cloud answered.
    case calls(CallCondition)
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
            && fasterThan == nil && slowerThan == nil
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
