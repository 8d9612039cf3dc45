// SPDX-License-Identifier: Apache-2.0

/// Traffic as data: who asks for what, when, and over which connections.
///
/// ```swift
/// let shoppers = TrafficDescription(
///     name: "shoppers",
///     requests: [try TrafficRequest("GET https://cafe.example.com/tea")],
///     load: .constant(perSecond: 100))
/// ```
public struct TrafficDescription: Sendable, Hashable {
    /// The traffic's name, as the trace tells it.
    public var name: String
    /// What is asked for; at least one.
    public var requests: [TrafficRequest]
    /// Which of the requests begins at an arrival.
    public var selection: RequestSelection
    /// How many arrivals, and how far apart.
    public var load: LoadShape
    /// Whether arrivals are regular or random.
    public var arrivals: ArrivalPattern
    /// How long after the start the first arrival is.
    public var delay: Duration
    /// How long arrivals go on after the first; nil means until the traffic is stopped.
    public var lasting: Duration?
    /// How many arrivals there are at most; nil means no bound.
    public var count: Int?
    /// How many clients take the arrivals in turn, each with connections of its own.
    public var clients: Int
    /// The clients' IP addresses, given out in turn; empty means the host's own.
    public var clientAddresses: [String]
    /// How connections are opened and used.
    public var connections: ConnectionUse
    /// True when each client sends the cookies that it was given, as browsers do.
    public var keepsCookies = false
    /// How streams are used that requests open; nil for requests that are answered and over.
    public var stream: StreamUse?
    /// How long a request may take, connecting and redirects included.
    public var requestTimeout: Duration
    /// How many redirects are followed; what the last answer says is recorded.
    public var redirectLimit: Int
    /// Names of header fields, in small letters, that records keep of answers.
    public var keptHeaders: [String]

    /// Makes a description.
    public init(
        name: String,
        requests: [TrafficRequest],
        selection: RequestSelection = .rotation,
        load: LoadShape,
        arrivals: ArrivalPattern = .regular,
        delay: Duration = .zero,
        lasting: Duration? = nil,
        count: Int? = nil,
        clients: Int = 1,
        clientAddresses: [String] = [],
        connections: ConnectionUse = ConnectionUse(),
        requestTimeout: Duration = .seconds(30),
        redirectLimit: Int = 0,
        keptHeaders: [String] = []
    ) {
        self.name = name
        self.requests = requests
        self.selection = selection
        self.load = load
        self.arrivals = arrivals
        self.delay = delay
        self.lasting = lasting
        self.count = count
        self.clients = clients
        self.clientAddresses = clientAddresses
        self.connections = connections
        self.requestTimeout = requestTimeout
        self.redirectLimit = redirectLimit
        self.keptHeaders = keptHeaders
    }
}
