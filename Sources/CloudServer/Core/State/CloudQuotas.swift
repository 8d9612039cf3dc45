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
        return quotas
    }()
}
