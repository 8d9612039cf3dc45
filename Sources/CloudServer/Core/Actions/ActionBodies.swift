// SPDX-License-Identifier: Apache-2.0
import JSON

/// Carries an action out: checks, then changes, then the answer's members.
typealias ActionBody = @Sendable (AccountState, Call) throws(CloudRefusal) -> JSONObject

/// The actions that are carried out.
///
/// One that is in the tables and not here answers that it is not
/// implemented.
enum ActionBodies {
    static func body(of action: ActionDescription) -> ActionBody? { byService[action.service]?[action.name] }

    private static let byService: [CloudService: [String: ActionBody]] = [
        .alb: [loadBalancers, listeners, serverGroups, policies, general].reduce(into: [:]) { all, some in
            all.merge(some) { first, _ in first }
        },
        .cas: certificates, .casWithOrders: numberedCertificates, .vpc: networks, .ecs: instances,
        .sts: tokens, .sls: logs, .tag: namedTags,
    ]

    private static let loadBalancers: [String: ActionBody] = [
        "CreateLoadBalancer": { state, call throws(CloudRefusal) in try state.createLoadBalancer(call) },
        "DeleteLoadBalancer": { state, call throws(CloudRefusal) in try state.deleteLoadBalancer(call) },
        "GetLoadBalancerAttribute": { state, call throws(CloudRefusal) in
            try state.getLoadBalancerAttribute(call)
        },
        "ListLoadBalancers": { state, call throws(CloudRefusal) in try state.listLoadBalancers(call) },
        "UpdateLoadBalancerAttribute": { state, call throws(CloudRefusal) in
            try state.updateLoadBalancerAttribute(call)
        },
        "UpdateLoadBalancerEdition": { state, call throws(CloudRefusal) in
            try state.updateLoadBalancerEdition(call)
        },
        "UpdateLoadBalancerAddressTypeConfig": { state, call throws(CloudRefusal) in
            try state.updateLoadBalancerAddressTypeConfig(call)
        },
        "UpdateLoadBalancerZones": { state, call throws(CloudRefusal) in
            try state.updateLoadBalancerZones(call)
        },
        "StartShiftLoadBalancerZones": { state, call throws(CloudRefusal) in
            try state.startShiftLoadBalancerZones(call)
        },
        "CancelShiftLoadBalancerZones": { state, call throws(CloudRefusal) in
            try state.cancelShiftLoadBalancerZones(call)
        },
        "EnableDeletionProtection": { state, call throws(CloudRefusal) in
            try state.enableDeletionProtection(call)
        },
        "DisableDeletionProtection": { state, call throws(CloudRefusal) in
            try state.disableDeletionProtection(call)
        },
        "EnableLoadBalancerAccessLog": { state, call throws(CloudRefusal) in
            try state.enableLoadBalancerAccessLog(call)
        },
        "DisableLoadBalancerAccessLog": { state, call throws(CloudRefusal) in
            try state.disableLoadBalancerAccessLog(call)
        },
        "EnableLoadBalancerIpv6Internet": { state, call throws(CloudRefusal) in
            try state.enableLoadBalancerIpv6Internet(call)
        },
        "DisableLoadBalancerIpv6Internet": { state, call throws(CloudRefusal) in
            try state.disableLoadBalancerIpv6Internet(call)
        },
        "AttachCommonBandwidthPackageToLoadBalancer": { state, call throws(CloudRefusal) in
            try state.attachCommonBandwidthPackageToLoadBalancer(call)
        },
        "DetachCommonBandwidthPackageFromLoadBalancer": { state, call throws(CloudRefusal) in
            try state.detachCommonBandwidthPackageFromLoadBalancer(call)
        },
        "LoadBalancerJoinSecurityGroup": { state, call throws(CloudRefusal) in
            try state.loadBalancerJoinSecurityGroup(call)
        },
        "LoadBalancerLeaveSecurityGroup": { state, call throws(CloudRefusal) in
            try state.loadBalancerLeaveSecurityGroup(call)
        },
    ]

    private static let listeners: [String: ActionBody] = [
        "CreateListener": { state, call throws(CloudRefusal) in try state.createListener(call) },
        "DeleteListener": { state, call throws(CloudRefusal) in try state.deleteListener(call) },
        "StartListener": { state, call throws(CloudRefusal) in try state.startListener(call) },
        "StopListener": { state, call throws(CloudRefusal) in try state.stopListener(call) },
        "GetListenerAttribute": { state, call throws(CloudRefusal) in try state.getListenerAttribute(call) },
        "ListListeners": { state, call throws(CloudRefusal) in try state.listListeners(call) },
        "UpdateListenerAttribute": { state, call throws(CloudRefusal) in
            try state.updateListenerAttribute(call)
        },
        "UpdateListenerLogConfig": { state, call throws(CloudRefusal) in
            try state.updateListenerLogConfig(call)
        },
        "AssociateAdditionalCertificatesWithListener": { state, call throws(CloudRefusal) in
            try state.associateAdditionalCertificates(call)
        },
        "DissociateAdditionalCertificatesFromListener": { state, call throws(CloudRefusal) in
            try state.dissociateAdditionalCertificates(call)
        },
        "ListListenerCertificates": { state, call throws(CloudRefusal) in
            try state.listListenerCertificates(call)
        },
        "GetListenerHealthStatus": { state, call throws(CloudRefusal) in
            try state.getListenerHealthStatus(call)
        },
        "CreateRule": { state, call throws(CloudRefusal) in try state.createRule(call) },
        "CreateRules": { state, call throws(CloudRefusal) in try state.createRules(call) },
        "UpdateRuleAttribute": { state, call throws(CloudRefusal) in try state.updateRuleAttribute(call) },
        "UpdateRulesAttribute": { state, call throws(CloudRefusal) in try state.updateRulesAttribute(call) },
        "DeleteRule": { state, call throws(CloudRefusal) in try state.deleteRule(call) },
        "DeleteRules": { state, call throws(CloudRefusal) in try state.deleteRules(call) },
        "ListRules": { state, call throws(CloudRefusal) in try state.listRules(call) },
    ]

    private static let serverGroups: [String: ActionBody] = [
        "CreateServerGroup": { state, call throws(CloudRefusal) in try state.createServerGroup(call) },
        "DeleteServerGroup": { state, call throws(CloudRefusal) in try state.deleteServerGroup(call) },
        "ListServerGroups": { state, call throws(CloudRefusal) in try state.listServerGroups(call) },
        "UpdateServerGroupAttribute": { state, call throws(CloudRefusal) in
            try state.updateServerGroupAttribute(call)
        },
        "ApplyHealthCheckTemplateToServerGroup": { state, call throws(CloudRefusal) in
            try state.applyHealthCheckTemplate(call)
        },
        "AddServersToServerGroup": { state, call throws(CloudRefusal) in
            try state.addServersToServerGroup(call)
        },
        "RemoveServersFromServerGroup": { state, call throws(CloudRefusal) in
            try state.removeServersFromServerGroup(call)
        },
        "ReplaceServersInServerGroup": { state, call throws(CloudRefusal) in
            try state.replaceServersInServerGroup(call)
        },
        "UpdateServerGroupServersAttribute": { state, call throws(CloudRefusal) in
            try state.updateServerGroupServersAttribute(call)
        },
        "ListServerGroupServers": { state, call throws(CloudRefusal) in try state.listServerGroupServers(call)
        },
        "CreateHealthCheckTemplate": { state, call throws(CloudRefusal) in
            try state.createHealthCheckTemplate(call)
        },
        "GetHealthCheckTemplateAttribute": { state, call throws(CloudRefusal) in
            try state.getHealthCheckTemplateAttribute(call)
        },
        "UpdateHealthCheckTemplateAttribute": { state, call throws(CloudRefusal) in
            try state.updateHealthCheckTemplateAttribute(call)
        },
        "DeleteHealthCheckTemplates": { state, call throws(CloudRefusal) in
            try state.deleteHealthCheckTemplates(call)
        },
        "ListHealthCheckTemplates": { state, call throws(CloudRefusal) in
            try state.listHealthCheckTemplates(call)
        },
    ]

    private static let policies: [String: ActionBody] = [
        "CreateAcl": { state, call throws(CloudRefusal) in try state.createAcl(call) },
        "UpdateAclAttribute": { state, call throws(CloudRefusal) in try state.updateAclAttribute(call) },
        "DeleteAcl": { state, call throws(CloudRefusal) in try state.deleteAcl(call) },
        "ListAcls": { state, call throws(CloudRefusal) in try state.listAcls(call) },
        "AddEntriesToAcl": { state, call throws(CloudRefusal) in try state.addEntriesToAcl(call) },
        "RemoveEntriesFromAcl": { state, call throws(CloudRefusal) in try state.removeEntriesFromAcl(call) },
        "ListAclEntries": { state, call throws(CloudRefusal) in try state.listAclEntries(call) },
        "AssociateAclsWithListener": { state, call throws(CloudRefusal) in try state.associateAcls(call) },
        "DissociateAclsFromListener": { state, call throws(CloudRefusal) in try state.dissociateAcls(call) },
        "ListAclRelations": { state, call throws(CloudRefusal) in try state.listAclRelations(call) },
        "CreateSecurityPolicy": { state, call throws(CloudRefusal) in try state.createSecurityPolicy(call) },
        "UpdateSecurityPolicyAttribute": { state, call throws(CloudRefusal) in
            try state.updateSecurityPolicyAttribute(call)
        },
        "DeleteSecurityPolicy": { state, call throws(CloudRefusal) in try state.deleteSecurityPolicy(call) },
        "ListSecurityPolicies": { state, call throws(CloudRefusal) in try state.listSecurityPolicies(call) },
        "ListSystemSecurityPolicies": { state, call throws(CloudRefusal) in
            try state.listSystemSecurityPolicies(call)
        },
        "ListSecurityPolicyRelations": { state, call throws(CloudRefusal) in
            try state.listSecurityPolicyRelations(call)
        },
        "CreateAScripts": { state, call throws(CloudRefusal) in try state.createAScripts(call) },
        "UpdateAScripts": { state, call throws(CloudRefusal) in try state.updateAScripts(call) },
        "DeleteAScripts": { state, call throws(CloudRefusal) in try state.deleteAScripts(call) },
        "ListAScripts": { state, call throws(CloudRefusal) in try state.listAScripts(call) },
    ]

    private static let general: [String: ActionBody] = [
        "ListAsynJobs": { state, call throws(CloudRefusal) in try state.listAsynJobs(call) },
        "TagResources": { state, call throws(CloudRefusal) in try state.tagResources(call) },
        "UnTagResources": { state, call throws(CloudRefusal) in try state.untagResources(call) },
        "ListTagResources": { state, call throws(CloudRefusal) in try state.listTagResources(call) },
        "ListTagKeys": { state, call throws(CloudRefusal) in try state.listTagKeys(call) },
        "ListTagValues": { state, call throws(CloudRefusal) in try state.listTagValues(call) },
        "MoveResourceGroup": { state, call throws(CloudRefusal) in try state.moveResourceGroup(call) },
        "DescribeRegions": { state, call throws(CloudRefusal) in try state.describeRegions(call) },
        "DescribeZones": { state, call throws(CloudRefusal) in try state.describeZones(call) },
    ]

    private static let certificates: [String: ActionBody] = [
        "CreateSSLCertificateWithName": { state, call throws(CloudRefusal) in
            try state.createSSLCertificate(call)
        },
        "DescribeSSLCertificateList": { state, call throws(CloudRefusal) in
            try state.describeSSLCertificateList(call)
        },
        "DescribeSSLCertificatePublicKeyDetail": { state, call throws(CloudRefusal) in
            try state.describeSSLCertificateDetail(call)
        },
        "DeleteSSLCertificate": { state, call throws(CloudRefusal) in try state.deleteSSLCertificate(call) },
    ]

    private static let numberedCertificates: [String: ActionBody] = [
        "UploadUserCertificate": { state, call throws(CloudRefusal) in try state.uploadUserCertificate(call)
        },
        "GetUserCertificateDetail": { state, call throws(CloudRefusal) in
            try state.getUserCertificateDetail(call)
        },
        "DeleteUserCertificate": { state, call throws(CloudRefusal) in try state.deleteUserCertificate(call)
        },
        "ListCert": { state, call throws(CloudRefusal) in try state.listCert(call) },
        "ListUserCertificateOrder": { state, call throws(CloudRefusal) in
            try state.listUserCertificateOrder(call)
        },
    ]

    private static let networks: [String: ActionBody] = [
        "DescribeVpcs": { state, call throws(CloudRefusal) in try state.describeVpcs(call) },
        "DescribeVpcAttribute": { state, call throws(CloudRefusal) in try state.describeVpcAttribute(call) },
        "DescribeVSwitches": { state, call throws(CloudRefusal) in try state.describeVSwitches(call) },
        "DescribeVSwitchAttributes": { state, call throws(CloudRefusal) in
            try state.describeVSwitchAttributes(call)
        },
        "DescribeZones": { state, call throws(CloudRefusal) in try state.describeNetworkZones(call) },
        "DescribeRegions": { state, call throws(CloudRefusal) in try state.describeNetworkRegions(call) },
        "CreateVpc": { state, call throws(CloudRefusal) in try state.createVpc(call) },
        "CreateVSwitch": { state, call throws(CloudRefusal) in try state.createVSwitch(call) },
        "DeleteVpc": { state, call throws(CloudRefusal) in try state.deleteVpc(call) },
        "DeleteVSwitch": { state, call throws(CloudRefusal) in try state.deleteVSwitch(call) },
        "AllocateEipAddress": { state, call throws(CloudRefusal) in try state.allocateEipAddress(call) },
        "ReleaseEipAddress": { state, call throws(CloudRefusal) in try state.releaseEipAddress(call) },
        "DescribeEipAddresses": { state, call throws(CloudRefusal) in try state.describeEipAddresses(call) },
        "CreateCommonBandwidthPackage": { state, call throws(CloudRefusal) in
            try state.createCommonBandwidthPackage(call)
        },
        "DeleteCommonBandwidthPackage": { state, call throws(CloudRefusal) in
            try state.deleteCommonBandwidthPackage(call)
        },
        "DescribeCommonBandwidthPackages": { state, call throws(CloudRefusal) in
            try state.describeCommonBandwidthPackages(call)
        },
    ]

    private static let instances: [String: ActionBody] = [
        "RunInstances": { state, call throws(CloudRefusal) in try state.runInstances(call) },
        "DeleteInstances": { state, call throws(CloudRefusal) in try state.deleteInstances(call) },
        "AuthorizeSecurityGroup": { state, call throws(CloudRefusal) in
            try state.authorizeSecurityGroup(call)
        },
        "RevokeSecurityGroup": { state, call throws(CloudRefusal) in try state.revokeSecurityGroup(call) },
        "DescribeSecurityGroupAttribute": { state, call throws(CloudRefusal) in
            try state.describeSecurityGroupAttribute(call)
        },
        "DescribeInstances": { state, call throws(CloudRefusal) in try state.describeInstances(call) },
        "DescribeNetworkInterfaces": { state, call throws(CloudRefusal) in
            try state.describeNetworkInterfaces(call)
        },
        "DescribeRegions": { state, call throws(CloudRefusal) in try state.describeNetworkRegions(call) },
        "DescribeZones": { state, call throws(CloudRefusal) in try state.describeNetworkZones(call) },
        "DescribeInstanceAttribute": { state, call throws(CloudRefusal) in
            try state.describeInstanceAttribute(call)
        },
        "DescribeNetworkInterfaceAttribute": { state, call throws(CloudRefusal) in
            try state.describeNetworkInterfaceAttribute(call)
        },
        "CreateSecurityGroup": { state, call throws(CloudRefusal) in try state.createSecurityGroup(call) },
        "DeleteSecurityGroup": { state, call throws(CloudRefusal) in try state.deleteSecurityGroup(call) },
        "DescribeSecurityGroups": { state, call throws(CloudRefusal) in
            try state.describeSecurityGroups(call)
        },
    ]

    private static let namedTags: [String: ActionBody] = [
        "TagResources": { state, call throws(CloudRefusal) in try state.tagNamedResources(call) },
        "UntagResources": { state, call throws(CloudRefusal) in try state.untagNamedResources(call) },
        "ListTagResources": { state, call throws(CloudRefusal) in try state.listNamedTagResources(call) },
    ]

    private static let tokens: [String: ActionBody] = [
        "AssumeRole": { state, call throws(CloudRefusal) in try state.assumeRole(call) },
        "GetCallerIdentity": { state, call throws(CloudRefusal) in try state.getCallerIdentity(call) },
    ]

    private static let logs: [String: ActionBody] = [
        "OpenProductDataCollection": { state, call throws(CloudRefusal) in
            try state.switchDataCollection(call)
        },
        "CloseProductDataCollection": { state, call throws(CloudRefusal) in
            try state.switchDataCollection(call)
        },
        "AnalyzeProductLog": { state, call throws(CloudRefusal) in try state.analyzeProductLog(call) },
    ]
}
