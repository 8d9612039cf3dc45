// SPDX-License-Identifier: Apache-2.0

/// Clients that send requests on and on.
public struct TrafficSpec: Sendable, Hashable {
    /// The protocol that clients speak.
    public enum ClientProtocol: String, Sendable, Hashable, CaseIterable {
        /// What the server and the client agree on: HTTP/2 over TLS, HTTP/1.1 in plain text.
        case auto
        /// As `auto`, and over HTTP/3 where an answer tells of it, as browsers do.
        case browser
        /// HTTP/1.1.
        case h1
        /// HTTP/2.
        case h2
        /// HTTP/3 over QUIC.
        case h3
    }

    /// How the beginnings of requests are spread in time.
    public enum Arrivals: String, Sendable, Hashable, CaseIterable {
        /// Exactly as far apart as the rate says.
        case regular
        /// At random with the same mean, as independent people come.
        case random
    }

    /// Which of several requests is sent.
    public enum Selection: String, Sendable, Hashable, CaseIterable {
        /// One after another.
        case turn
        /// Any of them.
        case random
        /// All of them each time: a matrix of probes.
        case all
    }

    /// What clients do with their connections.
    public enum Connections: String, Sendable, Hashable, CaseIterable {
        /// They keep them for the next request.
        case reuse
        /// They open one for each request.
        case new
    }

    /// The name.
    public var name: String
    /// What is asked for, in turn; never empty.
    public var requests: [RequestLine]
    /// The time from one request to the next, all clients together.
    public var interval: Duration
    /// How many clients take turns; at least 1.
    public var clients: Int
    /// The protocol.
    public var `protocol`: ClientProtocol
    /// Header fields of every request.
    public var headers: [HeaderField]
    /// The body of every request; empty for none.
    public var body: String
    /// When it begins.
    public var from: Duration
    /// When it ends; nil for the end of the run.
    public var until: Duration?
    /// What happens to connections.
    public var connections: Connections
    /// True when a request is sent once more on a new connection, when the one that it reused ended before any
    /// byte of an answer came.
    public var retriesOnNewConnection: Bool
    /// How long a client waits for an answer.
    public var timeout: Duration
    /// The AlbConfig whose load balancer is asked; nil for the one there is.
    public var albConfig: String?
    /// True when each client sends the cookies that it was given.
    public var keepsCookies = false
    /// How the beginnings of requests are spread in time.
    public var arrivals = Arrivals.regular
    /// Which of several requests is sent.
    public var selection = Selection.turn
    /// The addresses that the clients come from, given out in turn; empty for one of the network's own.
    public var addresses: [String] = []
    /// How long a client stays at one of them; nil for ever.
    public var moves: Duration?
    /// How streams are held that requests open; nil for requests that are answered and over.
    public var stream: StreamSpec?
    /// How many requests there are; nil for as many as the time allows.
    public var count: Int?
    /// Where its name stands.
    public var place: SourcePlace
}

/// A header field as it is sent.
public struct HeaderField: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// Makes a field.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A single request in the middle of the steps.
public struct ProbeSpec: Sendable, Hashable {
    /// The name under which its record appears: the step's name, or `probe-3` for the third step.
    public var name: String
    /// What is asked for.
    public var request: RequestLine
    /// The protocol.
    public var `protocol`: TrafficSpec.ClientProtocol
    /// Header fields.
    public var headers: [HeaderField]
    /// The body; empty for none.
    public var body: String
    /// How long the client waits for an answer.
    public var timeout: Duration
    /// The AlbConfig whose load balancer is asked; nil for the one there is.
    public var albConfig: String?
}
