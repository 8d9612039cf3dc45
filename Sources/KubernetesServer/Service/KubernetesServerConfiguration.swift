// SPDX-License-Identifier: Apache-2.0
public import Ports

/// How an API server is set up.
public struct KubernetesServerConfiguration: Sendable {
    /// The addresses of Services, as `10.96.0.0/16`.
    public var serviceRange: String
    /// The tokens that callers must show one of; nil lets everybody do everything.
    public var tokens: [String]?
    /// Who shows a client certificate: its common name and organizations; nil for a certificate of a stranger.
    public var certified: (@Sendable (CertificateChain) -> (name: String, groups: [String])?)?
    /// How long after a change a watch that did not see it gets a bookmark; nil sends none but the first.
    public var bookmarkInterval: Duration?
    /// How long a watch may last when its caller names no time; nil for ever.
    public var watchTimeout: ClosedRange<Duration>?
    /// How old history may get, at least, before it is forgotten, and how often that is done; nil keeps all of it.
    public var compactionInterval: Duration?
    /// How many events may wait for a slow watcher before its watch is ended.
    public var watchBuffer: Int
    /// How long the next piece of a request may take; nil for ever.
    public var clientPatience: Duration?
    /// How long a connection without requests stays open; nil for ever.
    public var idleTimeout: Duration?
    /// How large a request's body may be, in bytes.
    public var bodyLimit: Int
    /// How long the names of a new custom resource take to be accepted; zero accepts them with the creation.
    public var establishDelay: Duration
    /// Whether groups are listed as APIServices, as the real server does; simulations have no use for it.
    public var listsGroups: Bool
    /// Where the `kubernetes` Service says the server is.
    public var advertisedPort: Int

    /// Makes a configuration; without arguments that of a simulation.
    public init(
        serviceRange: String = "10.96.0.0/16",
        tokens: [String]? = nil,
        certified: (@Sendable (CertificateChain) -> (name: String, groups: [String])?)? = nil,
        bookmarkInterval: Duration? = .seconds(60),
        watchTimeout: ClosedRange<Duration>? = nil,
        compactionInterval: Duration? = nil,
        watchBuffer: Int = 10_000,
        clientPatience: Duration? = nil,
        idleTimeout: Duration? = nil,
        bodyLimit: Int = 3 * 1024 * 1024,
        establishDelay: Duration = .zero,
        listsGroups: Bool = false,
        advertisedPort: Int = 6443
    ) {
        self.serviceRange = serviceRange
        self.tokens = tokens
        self.certified = certified
        self.bookmarkInterval = bookmarkInterval
        self.watchTimeout = watchTimeout
        self.compactionInterval = compactionInterval
        self.watchBuffer = watchBuffer
        self.clientPatience = clientPatience
        self.idleTimeout = idleTimeout
        self.bodyLimit = bodyLimit
        self.establishDelay = establishDelay
        self.listsGroups = listsGroups
        self.advertisedPort = advertisedPort
    }
}
