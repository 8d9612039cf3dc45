// SPDX-License-Identifier: Apache-2.0

/// What an account can hold.
///
/// Its words are no raw values of the language: those would be hashed and compared as texts at each look-up.
enum ResourceKind: Sendable, Hashable, CaseIterable {
    case loadBalancer
    case listener
    case rule
    case serverGroup
    /// A member of a server group; its parent is the group.
    case server
    case acl
    /// A line of an ACL; its parent is the ACL.
    case aclEntry
    /// An ACL on a listener; its parent is the listener.
    case aclRelation
    /// A certificate on a listener; its parent is the listener.
    case listenerCertificate
    case securityPolicy
    case healthCheckTemplate
    case aScript
    case certificate
    case vpc
    case vSwitch
    /// An asynchronous job; its parent is the resource that it works on.
    case job
    /// The first answer to a client token.
    case token
    /// A transition that is under way.
    case work
    /// A key pair that a role was assumed with.
    case session
    /// An elastic address.
    case eip
    /// A common bandwidth package.
    case bandwidthPackage
    case securityGroup
    /// What a security group lets through; its parent is the group.
    case securityGroupRule
    /// An instance of elastic compute that was made by a call; those of the cluster's nodes are not kept here.
    case instance

    /// The word that jobs, tags and the database use for it.
    var rawValue: String {
        switch self {
        case .loadBalancer: "loadbalancer"
        case .listener: "listener"
        case .rule: "rule"
        case .serverGroup: "servergroup"
        case .server: "server"
        case .acl: "acl"
        case .aclEntry: "aclentry"
        case .aclRelation: "aclrelation"
        case .listenerCertificate: "listenercertificate"
        case .securityPolicy: "securitypolicy"
        case .healthCheckTemplate: "healthchecktemplate"
        case .aScript: "ascript"
        case .certificate: "certificate"
        case .vpc: "vpc"
        case .vSwitch: "vswitch"
        case .job: "job"
        case .token: "token"
        case .work: "work"
        case .session: "session"
        case .eip: "eip"
        case .bandwidthPackage: "bandwidthpackage"
        case .securityGroup: "securitygroup"
        case .securityGroupRule: "securitygrouprule"
        case .instance: "instance"
        }
    }

    private static let byWord = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The kind that a word names.
    init?(rawValue: String) {
        guard let kind = Self.byWord[rawValue] else { return nil }
        self = kind
    }

    /// The kind in error codes.
    var codeName: String {
        switch self {
        case .loadBalancer: "LoadBalancer"
        case .listener: "Listener"
        case .rule: "Rule"
        case .serverGroup: "ServerGroup"
        case .server: "BackendServer"
        case .acl, .aclRelation: "Acl"
        case .aclEntry: "AclEntry"
        case .listenerCertificate, .certificate: "Certificate"
        case .securityPolicy: "SecurityPolicy"
        case .healthCheckTemplate: "HealthCheckTemplate"
        case .aScript: "Ascript"
        case .vpc: "Vpc"
        case .vSwitch: "VSwitch"
        case .eip: "Eip"
        case .bandwidthPackage: "CommonBandwidthPackage"
        case .securityGroup: "SecurityGroup"
        case .securityGroupRule: "SecurityGroupRule"
        case .instance: "Ecs"
        case .job, .token, .work, .session: "Job"
        }
    }

    /// The kind in messages.
    var words: String {
        switch self {
        case .loadBalancer: "load balancer"
        case .listener: "listener"
        case .rule: "forwarding rule"
        case .serverGroup: "server group"
        case .server: "backend server"
        case .acl, .aclRelation: "access control list"
        case .aclEntry: "entry"
        case .listenerCertificate, .certificate: "certificate"
        case .securityPolicy: "security policy"
        case .healthCheckTemplate: "health check template"
        case .aScript: "script"
        case .vpc: "network"
        case .vSwitch: "switch"
        case .eip: "elastic address"
        case .bandwidthPackage: "bandwidth package"
        case .securityGroup: "security group"
        case .securityGroupRule: "rule of a security group"
        case .instance: "instance"
        case .job, .token, .work, .session: "job"
        }
    }

    /// What its ids begin with.
    ///
    /// - Source: the ids in the vendor's documents; that 18 letters or digits follow is assumed.
    var prefix: String {
        switch self {
        case .loadBalancer: "alb-"
        case .listener: "lsn-"
        case .rule: "rule-"
        case .serverGroup: "sgp-"
        case .acl: "acl-"
        case .securityPolicy: "sp-"
        case .healthCheckTemplate: "hct-"
        case .aScript: "as-"
        case .vpc: "vpc-"
        case .vSwitch: "vsw-"
        case .eip: "eip-"
        case .bandwidthPackage: "cbwp-"
        case .securityGroup: "sg-"
        case .securityGroupRule: "sgr-"
        case .instance: "i-"
        default: ""
        }
    }

    /// The member that carries the status.
    var statusMember: String {
        switch self {
        case .loadBalancer: "LoadBalancerStatus"
        case .listener: "ListenerStatus"
        case .rule: "RuleStatus"
        case .serverGroup: "ServerGroupStatus"
        case .acl: "AclStatus"
        case .securityPolicy: "SecurityPolicyStatus"
        case .aScript: "AScriptStatus"
        default: "Status"
        }
    }
}
