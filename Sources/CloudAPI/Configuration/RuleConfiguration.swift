// SPDX-License-Identifier: Apache-2.0

/// A forwarding rule.
public struct RuleConfiguration: Sendable, Hashable {
    /// The rule's id.
    public var id: String
    /// The rule's name.
    public var name: String
    /// 1 to 10000; the lowest number is tried first.
    public var priority: Int
    /// All must hold.
    public var conditions: [RuleCondition]
    /// In their order; for requests the last one is the final one.
    public var actions: [RuleAction]

    /// Makes a rule.
    public init(id: String, name: String, priority: Int, conditions: [RuleCondition], actions: [RuleAction]) {
        self.id = id
        self.name = name
        self.priority = priority
        self.conditions = conditions
        self.actions = actions
    }
}

/// A condition of a rule; it holds when any of its values matches.
public enum RuleCondition: Sendable, Hashable {
    /// Host patterns: `*` and `?`, or a regular expression after `~`.
    case host([String])
    /// Path patterns: `*` and `?`, or a regular expression after `~` (with case) or `~*` (without).
    case path([String])
    /// A header field's value.
    case header(key: String, values: [String])
    /// Query parameters.
    case queryString([KeyValue])
    /// Methods.
    case method([String])
    /// Cookies.
    case cookie([KeyValue])
    /// Source addresses as CIDR blocks.
    case sourceIP([String])
    /// A header field of the answer; response direction only.
    case responseHeader(key: String, values: [String])
    /// Status codes of the answer; response direction only.
    case responseStatusCode([String])
}

/// A key with a value.
public struct KeyValue: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: String

    /// Makes a pair.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// What a rule does with a request or an answer.
public enum RuleAction: Sendable, Hashable {
    /// Forwards to one of some server groups; final.
    case forward([WeightedGroup], stickySeconds: Int?)
    /// Answers with a redirect; final. Parts may hold `${protocol}`, `${host}`, `${port}`, `${path}`, `${query}`.
    case redirect(RedirectTarget)
    /// Answers by itself; final.
    case fixedResponse(status: Int, contentType: String, content: String)
    /// Changes what the server sees; parts may hold the redirect variables and `${1}` to `${3}`.
    case rewrite(host: String?, path: String?, query: String?)
    /// Sets a header field. `valueType` is UserDefined, ReferenceHeader or SystemDefined; without `covers` a field of
    /// that name which is there already stays.
    case insertHeader(key: String, value: String, valueType: String, covers: Bool = true)
    /// Removes a header field.
    case removeHeader(key: String)
    /// Limits requests a second, in total and for each client address.
    case trafficLimit(qps: Int?, perIPQPS: Int?)
    /// Sends copies to other groups.
    case mirror([WeightedGroup])
    /// Answers preflight requests and sets CORS header fields.
    case cors(CORSConfiguration)
}

/// A server group and its share.
public struct WeightedGroup: Sendable, Hashable {
    /// The server group's id.
    public var serverGroup: String
    /// 0 to 100.
    public var weight: Int

    /// Makes a share.
    public init(serverGroup: String, weight: Int = 100) {
        self.serverGroup = serverGroup
        self.weight = weight
    }
}

/// Where a redirect leads.
public struct RedirectTarget: Sendable, Hashable {
    /// `${protocol}`, HTTP or HTTPS.
    public var scheme: String
    /// A host or `${host}`.
    public var host: String
    /// A port or `${port}`.
    public var port: String
    /// A path or `${path}`.
    public var path: String
    /// A query or `${query}`.
    public var query: String
    /// 301, 302, 303, 307 or 308.
    public var status: Int

    /// Makes a target; each part defaults to the request's own.
    public init(
        scheme: String = "${protocol}",
        host: String = "${host}",
        port: String = "${port}",
        path: String = "${path}",
        query: String = "${query}",
        status: Int = 301
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.status = status
    }
}

/// A Cors action.
public struct CORSConfiguration: Sendable, Hashable {
    /// Origins, or `*`.
    public var allowOrigin: [String]
    /// Methods.
    public var allowMethods: [String]
    /// Request header fields.
    public var allowHeaders: [String]
    /// Response header fields.
    public var exposeHeaders: [String]
    /// True when credentials are allowed.
    public var allowCredentials: Bool
    /// Seconds, -1 to 172800.
    public var maxAge: Int

    /// Makes an action.
    public init(
        allowOrigin: [String],
        allowMethods: [String],
        allowHeaders: [String],
        exposeHeaders: [String] = [],
        allowCredentials: Bool = true,
        maxAge: Int = 172_800
    ) {
        self.allowOrigin = allowOrigin
        self.allowMethods = allowMethods
        self.allowHeaders = allowHeaders
        self.exposeHeaders = exposeHeaders
        self.allowCredentials = allowCredentials
        self.maxAge = maxAge
    }
}
