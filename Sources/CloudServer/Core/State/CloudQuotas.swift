// SPDX-License-Identifier: Apache-2.0

/// What an account may hold; figures that differ by edition are for Basic, Standard and StandardWithWaf.
///
/// - Source: the quotas of the product documentation; documented.
public struct CloudQuotas: Sendable, Hashable {
    /// A figure for each edition.
    public struct ByEdition: Sendable, Hashable {
        /// For Basic.
        public var basic: Int
        /// For Standard.
        public var standard: Int
        /// For StandardWithWaf.
        public var standardWithWAF: Int

        /// Makes figures.
        public init(_ basic: Int, _ standard: Int, _ standardWithWAF: Int) {
            self.basic = basic
            self.standard = standard
            self.standardWithWAF = standardWithWAF
        }

        func of(_ edition: String) -> Int {
            switch edition {
            case "Basic": basic
            case "Standard": standard
            default: standardWithWAF
            }
        }
    }

    /// Load balancers in the region.
    public var loadBalancers = 60
    /// Listeners of a load balancer.
    public var listenersPerLoadBalancer = 50
    /// Rules of a load balancer.
    public var rulesPerLoadBalancer = ByEdition(40, 100, 100)
    /// Additional certificates of a load balancer.
    public var certificatesPerLoadBalancer = ByEdition(10, 25, 25)
    /// Servers of a load balancer, summed over its groups.
    public var serversPerLoadBalancer = ByEdition(200, 1000, 1000)
    /// Servers of a group.
    public var serversPerGroup = 1000
    /// Server groups in the region.
    public var serverGroups = 3000
    /// Listeners and rules that use one group.
    public var usesPerServerGroup = 50
    /// Actions of a rule.
    public var actionsPerRule = ByEdition(3, 5, 5)
    /// Condition values of a rule.
    public var conditionsPerRule = ByEdition(5, 10, 10)
    /// Condition values with wildcards of a rule.
    public var wildcardsPerRule = ByEdition(5, 10, 10)
    /// ACLs in the region.
    public var acls = 1000
    /// Entries of an ACL.
    public var entriesPerACL = 500
    /// ACLs of a listener.
    public var aclsPerListener = 3
    /// ACL entries of a listener.
    public var aclEntriesPerListener = 500
    /// ACL entries of a load balancer, summed over its listeners.
    public var aclEntriesPerLoadBalancer = 800
    /// Listeners of an ACL.
    public var listenersPerACL = 50
    /// Groups that one server may be in.
    public var groupsPerServer = 200
    /// Security policies of one's own in the region.
    public var securityPolicies = 50
    /// Listeners of such a policy.
    public var listenersPerSecurityPolicy = 10
    /// Health check templates in the region.
    public var healthCheckTemplates = 50
    /// Security groups of a load balancer.
    public var securityGroupsPerLoadBalancer = 4
    /// Tags of a resource.
    public var tagsPerResource = 20
    /// Scripts of a listener.
    public var scriptsPerListener = 3

    /// The quotas that scenarios and the control address may set, by the names that they use.
    public static let names: [(name: String, set: @Sendable (inout CloudQuotas, Int) -> Void)] = [
        ("load-balancers", { $0.loadBalancers = $1 }), ("listeners", { $0.listenersPerLoadBalancer = $1 }),
        ("rules", { $0.rulesPerLoadBalancer = ByEdition($1, $1, $1) }),
        ("certificates", { $0.certificatesPerLoadBalancer = ByEdition($1, $1, $1) }),
        ("servers", { $0.serversPerLoadBalancer = ByEdition($1, $1, $1) }),
        ("servers-per-group", { $0.serversPerGroup = $1 }), ("server-groups", { $0.serverGroups = $1 }),
        ("uses-per-server-group", { $0.usesPerServerGroup = $1 }),
        ("groups-per-server", { $0.groupsPerServer = $1 }),
        ("actions-per-rule", { $0.actionsPerRule = ByEdition($1, $1, $1) }),
        ("conditions-per-rule", { $0.conditionsPerRule = ByEdition($1, $1, $1) }),
        ("wildcards-per-rule", { $0.wildcardsPerRule = ByEdition($1, $1, $1) }), ("acls", { $0.acls = $1 }),
        ("acl-entries", { $0.entriesPerACL = $1 }), ("acls-per-listener", { $0.aclsPerListener = $1 }),
        ("acl-entries-per-listener", { $0.aclEntriesPerListener = $1 }),
        ("acl-entries-per-load-balancer", { $0.aclEntriesPerLoadBalancer = $1 }),
        ("listeners-per-acl", { $0.listenersPerACL = $1 }),
        ("security-policies", { $0.securityPolicies = $1 }),
        ("listeners-per-security-policy", { $0.listenersPerSecurityPolicy = $1 }),
        ("health-check-templates", { $0.healthCheckTemplates = $1 }),
        ("security-groups", { $0.securityGroupsPerLoadBalancer = $1 }), ("tags", { $0.tagsPerResource = $1 }),
    ]

    /// Sets a quota by its name; false when there is none of that name.
    @discardableResult
    public mutating func set(_ name: String, _ limit: Int) -> Bool {
        guard let quota = Self.names.first(where: { $0.name == name }) else { return false }
        quota.set(&self, limit)
        return true
    }

    /// Makes the figures that new accounts have.
    public init() {}

    /// No figure that a simulation would meet: for scale tests.
    public static let generous: CloudQuotas = {
        var quotas = CloudQuotas()
        let many = 1_000_000
        quotas.loadBalancers = many
        quotas.listenersPerLoadBalancer = many
        quotas.rulesPerLoadBalancer = ByEdition(many, many, many)
        quotas.certificatesPerLoadBalancer = ByEdition(many, many, many)
        quotas.serversPerLoadBalancer = ByEdition(many, many, many)
        quotas.serversPerGroup = many
        quotas.serverGroups = many
        quotas.usesPerServerGroup = many
        quotas.groupsPerServer = many
        return quotas
    }()
}
