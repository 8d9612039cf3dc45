// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// A load balancer as one zone serves it.
final class ServedLoadBalancer {
    let id: String
    var address: String
    var configuration: LoadBalancerConfiguration
    /// By transport and port, in the order in which they were opened.
    var listeners: [SlotID] = []
    /// By the group's id; only looked up, or read in sorted order.
    var groups: [String: ServedGroup] = [:]

    init(_ configuration: LoadBalancerConfiguration, address: String) {
        id = configuration.id
        self.address = address
        self.configuration = configuration
    }
}

/// A server group as one zone serves it.
final class ServedGroup {
    let id: String
    var configuration: ServerGroupConfiguration
    var list: ServerList
    /// How connections to its servers are made.
    var options: ConnectOptions

    init(_ configuration: ServerGroupConfiguration, list: ServerList, connectTimeout: Duration) {
        id = configuration.id
        self.configuration = configuration
        self.list = list
        options = ServedGroup.options(configuration, connectTimeout)
    }

    /// True when a client's version is HTTP/1.0 and servers are asked in it.
    func asksInOldVersion(for version: HTTPVersion) -> Bool {
        version == .http10 && options.plainVersion == .http11
    }

    /// How a connection is made for a client that speaks a version.
    ///
    /// - Source: documented: servers are asked in HTTP/1.0 when the client is.
    func options(for version: HTTPVersion) -> ConnectOptions {
        guard asksInOldVersion(for: version) else { return options }
        var old = options
        old.plainVersion = .http10
        return old
    }

    /// - Source: documented: HTTP/1.1 to HTTP groups, TLS to HTTPS groups, HTTP/2 to gRPC groups.
    static func options(_ configuration: ServerGroupConfiguration, _ timeout: Duration) -> ConnectOptions {
        let name = configuration.backendProtocol.uppercased()
        return ConnectOptions(
            tls: name == "HTTPS" ? ClientHello(applicationProtocols: ["http/1.1"]) : nil,
            plainVersion: name == "GRPC" ? .http2 : .http11,
            timeout: timeout
        )
    }
}

/// What a listener serves from one version on; requests keep the one that they began with.
final class ListenerVersion {
    let compiled: CompiledListener
    let version: Int64
    let loadBalancer: ServedLoadBalancer
    private(set) lazy var table: RuleTable = {
        let (table, isNew) = compiled.table()
        if isNew { table.mistakes.forEach(tell) }
        return table
    }()
    /// For each rule, and for the default action at the end, the group that it forwards to when it names one.
    private lazy var groups = [ServedGroup?](repeating: nil, count: table.rules.count + 1)
    private let tell: (String) -> Void

    init(
        _ compiled: CompiledListener,
        version: Int64,
        loadBalancer: ServedLoadBalancer,
        tell: @escaping (String) -> Void
    ) {
        self.compiled = compiled
        self.version = version
        self.loadBalancer = loadBalancer
        self.tell = tell
    }

    /// The group that an action forwards to, remembered by the rule's place; nil when it does not exist.
    func group(_ id: String, place: Int?) -> ServedGroup? {
        let slot = place ?? groups.count - 1
        if let known = groups[slot], known.id == id { return known }
        let found = loadBalancer.groups[id]
        groups[slot] = found
        return found
    }
}

/// A listener that is open, or should be.
final class ServedListener {
    let id: String
    let key: Key
    /// Port and protocol, as traces write it.
    let label: String
    let scheme: String
    let loadBalancer: String
    var listening: (any Listening)?
    /// Why it is not open; nil when it is.
    var failure: NetworkFailure?
    let chooser: ListenerChooser?
    /// What it serves, or served last.
    var current: ListenerVersion
    /// What tells clients of the QUIC listener; nil while none is open.
    var alternativeService: HTTPField? { didSet { tellsAlternative = alternativeService != nil } }
    /// True while there is one: asked for each answer, which should not copy a field for that.
    private(set) var tellsAlternative = false

    /// What cannot change while a listener lives.
    struct Key: Hashable {
        var id: String
        var port: Int
        var listenerProtocol: ListenerConfiguration.ListenerProtocol
    }

    init(
        _ configuration: ListenerConfiguration,
        loadBalancer: String,
        chooser: ListenerChooser?,
        version: ListenerVersion
    ) {
        id = configuration.id
        key = Key(configuration)
        label = "\(configuration.port)/\(configuration.listenerProtocol.rawValue)"
        scheme = configuration.listenerProtocol.scheme
        self.loadBalancer = loadBalancer
        self.chooser = chooser
        current = version
    }

    /// What the templates of a rule are filled with for a request.
    func values(_ facts: RequestFacts) -> Template.Values {
        Template.Values(
            scheme: scheme,
            host: facts.host,
            port: key.port,
            path: facts.path,
            query: facts.query
        )
    }
}

extension ServedListener.Key {
    init(_ configuration: ListenerConfiguration) {
        self.init(
            id: configuration.id,
            port: configuration.port,
            listenerProtocol: configuration.listenerProtocol
        )
    }
}
