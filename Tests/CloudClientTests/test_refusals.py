# SPDX-License-Identifier: Apache-2.0
"""What the service refuses, with the codes and statuses that its documents name."""

import pytest

from certificates import self_signed
from environment import forward, host_rule
from wire import Refusal


class World:
    """One of everything on the shared cloud, whose work ends at once."""

    def __init__(self, cloud):
        cloud.control("/reset", {})
        cloud.faults(account={"transitions": {"all": 0}})
        self.cloud = cloud
        self.call = cloud.caller.call
        self.zones = cloud.zone_mappings()
        self.vpc = cloud.cloud["vpcId"]
        self.balancer, self.group = cloud.load_balancer(), cloud.server_group()
        self.listener = cloud.listener(self.balancer, self.group)
        self.basic = cloud.load_balancer(LoadBalancerEdition="Basic")
        self.basic_listener = cloud.listener(self.basic, self.group)
        self.certificate, self.other = self.upload("one"), self.upload("two")
        self.secure = cloud.listener(self.balancer, self.group, 443, "HTTPS",
                                     Certificates=[{"CertificateId": self.certificate}])

    def upload(self, name):
        certificate, key = self_signed(f"{name}.example.com")
        return self.call("CreateSSLCertificateWithName", "cas", CertName=name, Certificate=certificate,
                         PrivateKey=key)["CertIdentifier"]

    def refused(self, code, action, status=400, product="alb", **parameters):
        with pytest.raises(Refusal) as refusal:
            self.call(action, product, **parameters)
        assert (refusal.value.status, refusal.value.code) == (status, code), (action, parameters)

    def new_balancer(self, **more):
        return {
            "VpcId": self.vpc, "AddressType": "Internet", "LoadBalancerEdition": "Standard",
            "LoadBalancerBillingConfig": {"PayType": "PostPay"}, "ZoneMappings": self.zones, **more,
        }

    def new_listener(self, **more):
        return {"LoadBalancerId": self.balancer, "ListenerPort": 81, "ListenerProtocol": "HTTP",
                "DefaultActions": forward(self.group), **more}

    def rule(self, priority=1, **more):
        return host_rule("a.example.com", priority, self.group, **more)

    def server(self, address, **more):
        return {"ServerId": address, "ServerIp": address, "ServerType": "Ip", "Port": 80, **more}


@pytest.fixture(scope="module")
def world(shared):
    yield World(shared)
    shared.heal()


def test_load_balancers(world):
    refused, zones, balancer = world.refused, world.zones, {"LoadBalancerId": world.balancer}
    for name in world.new_balancer():
        fields = world.new_balancer()
        del fields[name]
        refused(f"Missing{name}", "CreateLoadBalancer", **fields)
    new = world.new_balancer
    refused("DuplicatedParam.ZoneId", "CreateLoadBalancer", **new(ZoneMappings=[zones[0], zones[0]]))
    swapped = [{"ZoneId": zones[0]["ZoneId"], "VSwitchId": zones[1]["VSwitchId"]},
               {"ZoneId": zones[1]["ZoneId"], "VSwitchId": zones[0]["VSwitchId"]}]
    refused("Mismatch.ZoneIdAndVSwitchId", "CreateLoadBalancer", **new(ZoneMappings=swapped))
    strange = [zones[0], {**zones[1], "VSwitchId": "vsw-none"}]
    refused("ResourceNotFound.VSwitch", "CreateLoadBalancer", 404, **new(ZoneMappings=strange))
    refused("IllegalParam.ZoneMappings", "CreateLoadBalancer", **new(ZoneMappings=zones[:1]))
    refused("IllegalParam.LoadBalancerName", "CreateLoadBalancer", **new(LoadBalancerName="-bad"))
    refused("NotExist.ResourceGroup", "CreateLoadBalancer", **new(ResourceGroupId="rg-none"))
    refused("DryRunOperation", "CreateLoadBalancer", **new(DryRun=True))
    refused("OperationDenied.EditionNotChanged", "UpdateLoadBalancerEdition", LoadBalancerEdition="Standard", **balancer)
    refused("OperationDenied.Downgrade", "UpdateLoadBalancerEdition", LoadBalancerEdition="Basic", **balancer)
    refused("OperationDenied.AddressTypeNotChanged", "UpdateLoadBalancerAddressTypeConfig", AddressType="Internet",
            **balancer)
    refused("OperationDenied.ZoneMappingsNotChanged", "UpdateLoadBalancerZones", ZoneMappings=zones, **balancer)
    refused("OperationDenied.AccessLogDisabled", "DisableLoadBalancerAccessLog", **balancer)
    refused("OperationDenied.NonDualStackInstance", "EnableLoadBalancerIpv6Internet", **balancer)
    refused("ResourceNotFound.CommonBandwidthPackage", "AttachCommonBandwidthPackageToLoadBalancer", 404,
            BandwidthPackageId="cbwp-none", **balancer)
    refused("ResourceNotAssociated.SecurityGroup", "LoadBalancerLeaveSecurityGroup", SecurityGroupIds=["sg-1"], **balancer)
    refused("ResourceQuotaExceeded.SecurityGroupNum", "LoadBalancerJoinSecurityGroup",
            SecurityGroupIds=[f"sg-{place}" for place in range(5)], **balancer)
    refused("ResourceNotFound.LoadBalancer", "EnableDeletionProtection", 404, ResourceId="alb-none")
    world.call("EnableDeletionProtection", ResourceId=world.balancer)
    refused("OperationDenied.DeletionProtectionEnabled", "DeleteLoadBalancer", **balancer)
    world.call("DisableDeletionProtection", ResourceId=world.balancer)
    world.call("StartShiftLoadBalancerZones", ZoneMappings=zones[:1], **balancer)
    refused("OperationDenied.ConfigLastActiveZoneNotSupport", "StartShiftLoadBalancerZones", ZoneMappings=zones[1:],
            **balancer)
    world.call("CancelShiftLoadBalancerZones", ZoneMappings=zones[:1], **balancer)


def test_listeners_and_their_certificates(world):
    refused, new, cloud = world.refused, world.new_listener, world.cloud
    certificates = [{"CertificateId": world.certificate}]
    refused("ResourceAlreadyExist.Listener", "CreateListener", **new(ListenerPort=80))
    refused("ResourceNotFound.LoadBalancer", "CreateListener", 404, **new(LoadBalancerId="alb-none"))
    refused("ResourceNotFound.ServerGroup", "CreateListener", 404, **new(DefaultActions=forward("sgp-none")))
    refused("IllegalParam.ServerGroupTuples", "CreateListener", **new(DefaultActions=forward(world.group, world.group)))
    for name, value in [("ListenerPort", 0), ("ListenerPort", 65536), ("ListenerPort", "x"), ("IdleTimeout", 601),
                        ("RequestTimeout", 601), ("ListenerDescription", "x"), ("ListenerProtocol", "FTP")]:
        refused(f"IllegalParam.{name}", "CreateListener", **new(**{name: value}))
    refused("InvalidParameter", "CreateListener", **new(ListenerProtocol="HTTPS"))
    refused("ResourceNotFound.Certificate", "CreateListener", 404,
            **new(ListenerProtocol="HTTPS", Certificates=[{"CertificateId": "1-cn-hangzhou"}]))
    refused("ResourceNotFound.SecurityPolicy", "CreateListener", 404,
            **new(ListenerProtocol="HTTPS", SecurityPolicyId="sp-none", Certificates=certificates))
    grpc, secure = cloud.server_group(Protocol="gRPC"), cloud.server_group(Protocol="HTTPS")
    refused("OperationDenied.GRPCServerGroup", "CreateListener", **new(DefaultActions=forward(grpc)))
    refused("OperationDenied.ServerGroupProtocolNotSupport", "CreateListener",
            **new(ListenerProtocol="QUIC", DefaultActions=forward(secure), Certificates=certificates))
    quic = cloud.listener(world.balancer, world.group, 443, "QUIC", Certificates=certificates)
    upgrade = {"QuicUpgradeEnabled": True, "QuicListenerId": quic}
    world.call("UpdateListenerAttribute", ListenerId=world.secure, QuicConfig=upgrade)
    refused("ResourceInUse.Listener", "DeleteListener", ListenerId=quic)
    second = cloud.listener(world.balancer, world.group, 8443, "HTTPS", Certificates=certificates)
    refused("ResourceAlreadyAssociated.Listener", "UpdateListenerAttribute", ListenerId=second, QuicConfig=upgrade)
    refused("IllegalParam.XForwardedForProcessingMode", "UpdateListenerAttribute", ListenerId=second,
            XForwardedForConfig={"XForwardedForEnabled": False, "XForwardedForProcessingMode": "remove"})
    refused("IncorrectStatus.Listener", "StartListener", ListenerId=world.listener)
    refused("OperationDenied.AccessLogDisabled", "UpdateListenerLogConfig", ListenerId=world.listener,
            AccessLogRecordCustomizedHeadersEnabled=True)
    refused("OperationDenied.HttpListenerNotSupport", "ListListenerCertificates", ListenerId=world.listener)
    associate, dissociate = (
        "AssociateAdditionalCertificatesWithListener", "DissociateAdditionalCertificatesFromListener"
    )
    other = {"ListenerId": world.secure, "Certificates": [{"CertificateId": world.other}]}
    default = {"ListenerId": world.secure, "Certificates": certificates}
    refused("OperationDenied.DefaultCertificateUsed", associate, **default)
    world.call(associate, **other)
    refused("ResourceAlreadyAssociated.Certificate", associate, **other)
    refused("ResourceAlreadyAssociated.Certificate", "UpdateListenerAttribute", **other)
    refused("OperationDenied.DefaultCertificateUsed", dissociate, **default)
    world.call(dissociate, **other)
    refused("ResourceNotAssociated.Certificate", dissociate, **other)


def test_rules(world):
    refused, rule, listener = world.refused, world.rule, {"ListenerId": world.listener}
    first = world.call("CreateRule", **listener, **rule())["RuleId"]
    forwarding = rule()["RuleActions"][0]
    insert = {"Type": "InsertHeader", "Order": 1,
              "InsertHeaderConfig": {"Key": "a", "Value": "b", "ValueType": "UserDefined"}}

    def wrong(code, listener=listener, **more):
        refused(code, "CreateRule", **listener, **rule(**{"priority": 20, **more}))

    wrong("Conflict.Priority", priority=1)
    wrong("IllegalParam.Priority", priority=0)
    wrong("IllegalParam.Priority", priority=10001)
    refused("Conflict.Priority", "CreateRules", Rules=[rule(5), rule(5)], **listener)
    refused("IllegalParam.Rules", "CreateRules", Rules=[rule(place) for place in range(50, 61)], **listener)
    refused("ResourceNotFound.Listener", "CreateRule", 404, ListenerId="lsn-none", **rule(9))
    refused("ResourceNotFound.Rule", "DeleteRules", 404, RuleIds=[first, "rule-none"])
    second = world.call("CreateRule", ListenerId=world.secure, **rule())["RuleId"]
    refused("OperationDenied.ListenerIdInconsistent", "UpdateRulesAttribute",
            Rules=[{"RuleId": first, "RuleName": "one"}, {"RuleId": second, "RuleName": "two"}])
    foreign = world.call("CreateRule", ListenerId=world.basic_listener, **rule())["RuleId"]
    refused("OperationDenied.CrossLoadBalancerRules", "DeleteRules", RuleIds=[first, foreign])
    fixed = {"Type": "FixedResponse", "Order": 2, "FixedResponseConfig": {"HttpCode": "200", "Content": "x"}}
    rewrite = {"Type": "Rewrite", "Order": 1, "RewriteConfig": {"Path": "/x"}}
    wrong("OperationDenied.RewriteMissingForwardGroup", RuleActions=[rewrite, fixed])
    wrong("IllegalParam.Order", RuleActions=[{**insert, "Order": 2}, forwarding])
    for key in ("Host", "x-forwarded-for", "Cookie", "SLB-ID"):
        reserved = {**insert, "InsertHeaderConfig": {**insert["InsertHeaderConfig"], "Key": key}}
        wrong("IllegalParam.Key", RuleActions=[reserved, {**forwarding, "Order": 2}])
    hosts = {"Type": "Host", "HostConfig": {"Values": [f"h{place}.example.com" for place in range(6)]}}
    paths = {"Type": "Path", "PathConfig": {"Values": [f"/p{place}" for place in range(5)]}}
    wrong("QuotaExceeded.RuleMatchEvaluationsNum", RuleConditions=[hosts, paths])
    many = [{**insert, "Order": place} for place in range(1, 6)]
    wrong("QuotaExceeded.RuleActionsNum", RuleActions=[*many, {**forwarding, "Order": 9}])
    wrong("MissingRuleConditions", RuleConditions=[])
    everybody = {"Type": "SourceIp", "SourceIpConfig": {"Values": ["0.0.0.0/0"]}}
    wrong("IllegalParam.Values", RuleConditions=[everybody])
    some = {"Type": "SourceIp", "SourceIpConfig": {"Values": ["1.1.1.0/24"]}}
    wrong("IllegalParam.RuleConditions", {"ListenerId": world.basic_listener}, RuleConditions=[some])
    limit = {"Type": "TrafficLimit", "Order": 1, "TrafficLimitConfig": {"QPS": 5, "PerIpQps": 6}}
    wrong("IllegalParam.PerIpQps", RuleActions=[limit, {**forwarding, "Order": 2}])

    def mirrored(mirror, target):
        copy = {"Type": "TrafficMirror", "Order": 1, "TrafficMirrorConfig": {
            "TargetType": "ForwardGroupMirror", "MirrorGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": mirror}]}}}
        return [copy, {**forward(target)[0], "Order": 2}]

    instances = world.cloud.server_group(ServerGroupType="Instance")
    wrong("OperationDenied.IpGroupCanNotUsedForMirrorAction",
          RuleActions=mirrored(world.cloud.server_group(), world.group))
    wrong("OperationDenied.SameGroupForForwardAndMirrorAction", RuleActions=mirrored(instances, instances))
    secure = world.cloud.server_group(Protocol="HTTPS")
    wrong("OperationDenied.ProtocolMustSameForForwardGroupAction",
          RuleActions=[{**forward(world.group, secure)[0], "Order": 1}])
    made = world.call("CreateRules", Rules=[rule(40), rule(41)], **listener)["RuleIds"]
    ids = {one["Priority"]: one["RuleId"] for one in made}
    world.call("UpdateRulesAttribute", Rules=[{"RuleId": ids[40], "Priority": 41}, {"RuleId": ids[41], "Priority": 40}])
    refused("ResourceInUse.ServerGroup", "DeleteServerGroup", ServerGroupId=world.group)


def test_server_groups_and_servers(world):
    refused, server, group = world.refused, world.server, {"ServerGroupId": world.group}
    new = {"ServerGroupName": "new", "VpcId": world.vpc, "ServerGroupType": "Ip",
           "HealthCheckConfig": {"HealthCheckEnabled": False}}
    refused("MissingHealthCheckConfig", "CreateServerGroup", ServerGroupName="new", VpcId=world.vpc)
    refused("ResourceNotFound.Vpc", "CreateServerGroup", 404, **{**new, "VpcId": "vpc-none"})
    refused("IllegalParam.VpcId", "CreateServerGroup", **{**new, "ServerGroupType": "Fc"})
    refused("OperationDenied.VpcNotSupportIpv6", "CreateServerGroup", Ipv6Enabled=True, **new)
    refused("Mismatch.ServerGroupSchedulerAndSlowStartEnable", "CreateServerGroup", Scheduler="Wlc",
            SlowStartConfig={"SlowStartEnabled": True}, **new)
    for name, value in [("HealthCheckInterval", 51), ("HealthCheckTimeout", 301), ("HealthyThreshold", 1),
                        ("UnhealthyThreshold", 11), ("HealthCheckConnectPort", 65536), ("HealthCheckMethod", "PUT"),
                        ("HealthCheckPath", "x")]:
        check = {"HealthCheckEnabled": True, name: value}
        refused(f"IllegalParam.{name}", "CreateServerGroup", **{**new, "HealthCheckConfig": check})
    slow = world.cloud.server_group(SlowStartConfig={"SlowStartEnabled": True})
    shown = world.call("ListServerGroups", ServerGroupIds=[slow])["ServerGroups"][0]
    assert shown["SlowStartConfig"] == {"SlowStartDuration": 30, "SlowStartEnabled": True}
    refused("Mismatch.LoadBalancerEditionAndSlowStartEnable", "CreateListener",
            **world.new_listener(LoadBalancerId=world.basic, DefaultActions=forward(slow)))
    add = "AddServersToServerGroup"
    world.call(add, Servers=[server("10.0.0.5")], **group)
    refused("Conflict.BackendServer", add, Servers=[server("10.0.0.5")], **group)
    refused("DuplicatedParam.BackendServer", add, Servers=[server("10.0.0.6"), server("10.0.0.6")], **group)
    refused("Mismatch.ServerType", add, Servers=[{"ServerId": "i-1", "ServerType": "Ecs", "Port": 80}], **group)
    refused("IllegalParam.Weight", add, Servers=[server("10.0.0.7", Weight=101)], **group)
    refused("IllegalParam.ServerIp", add, Servers=[{**server("10.0.0.8"), "ServerIp": "10.0.0.9"}], **group)
    for action in ("RemoveServersFromServerGroup", "UpdateServerGroupServersAttribute"):
        refused("ResourceNotFound.BackendServer", action, 404, Servers=[server("10.0.0.99")], **group)
    replace = "ReplaceServersInServerGroup"
    refused("DuplicatedParam.BackendServer", replace, AddedServers=[server("10.0.0.5")],
            RemovedServers=[server("10.0.0.5")], **group)
    refused("ResourceNotFound.BackendServer", replace, 404, AddedServers=[server("10.0.0.55")],
            RemovedServers=[server("10.0.0.56")], **group)
    refused("ResourceNotFound.HealthCheckTemplate", "ApplyHealthCheckTemplateToServerGroup", 404,
            HealthCheckTemplateId="hct-none", **group)


def test_access_lists_and_policies(world):
    refused, call, listener = world.refused, world.call, {"ListenerId": world.listener}
    one, two = (call("CreateAcl", AclName=name)["AclId"] for name in ("one", "two"))
    refused("Conflict.Acl", "UpdateAclAttribute", AclId=one, AclName="two")
    call("AddEntriesToAcl", AclId=one, AclEntries=[{"Entry": "10.0.0.0/8"}])
    refused("ResourceAlreadyExist.AclEntry", "AddEntriesToAcl", AclId=one, AclEntries=[{"Entry": "10.0.0.0/8"}])
    refused("ResourceNotFound.AclEntry", "RemoveEntriesFromAcl", 404, AclId=one, Entries=["11.0.0.0/8"])
    refused("IllegalParam.Entry", "AddEntriesToAcl", AclId=one, AclEntries=[{"Entry": "banana"}])
    many = [{"Entry": f"10.{place}.0.0/16"} for place in range(21)]
    refused("IllegalParam.AclEntries", "AddEntriesToAcl", AclId=one, AclEntries=many)
    call("AssociateAclsWithListener", AclIds=[one], AclType="White", **listener)
    refused("ResourceInUse.Acl", "AssociateAclsWithListener", AclIds=[one], AclType="White", **listener)
    refused("OperationDenied.AclNotSupport", "AssociateAclsWithListener", AclIds=[two], AclType="Black", **listener)
    refused("OperationDenied.LbAssociatedAclCanNotJoinSecurityGroup", "LoadBalancerJoinSecurityGroup",
            LoadBalancerId=world.balancer, SecurityGroupIds=["sg-1"])
    refused("ResourceInUse.Acl", "DeleteAcl", AclId=one)
    refused("ResourceNotAssociated.Acl", "DissociateAclsFromListener", 404, AclIds=[two], **listener)
    call("DissociateAclsFromListener", AclIds=[one], **listener)
    strong = "ECDHE-RSA-AES128-GCM-SHA256"
    policy = call("CreateSecurityPolicy", SecurityPolicyName="strong", TLSVersions=["TLSv1.2"], Ciphers=[strong])
    for versions in (["TLSv1.2", "TLSv1.3"], ["TLSv1.0"]):
        refused("IllegalParam.Ciphers", "CreateSecurityPolicy", SecurityPolicyName="wrong", TLSVersions=versions,
                Ciphers=[strong])
    call("UpdateListenerAttribute", ListenerId=world.secure, SecurityPolicyId=policy["SecurityPolicyId"])
    refused("ResourceInUse.SecurityPolicy", "DeleteSecurityPolicy", SecurityPolicyId=policy["SecurityPolicyId"])


def test_tags_groups_and_pages(world):
    refused = world.refused
    target = {"ResourceType": "loadbalancer", "ResourceId": [world.balancer]}
    for key in ("aliyunx", "acs:x", "a http://x", "https://a"):
        refused("IllegalParam.TagKey", "TagResources", Tag=[{"Key": key, "Value": "x"}], **target)
    refused("ResourceNotFound.LoadBalancer", "TagResources", 404, ResourceType="loadbalancer", ResourceId=["alb-none"],
            Tag=[{"Key": "x", "Value": "x"}])
    refused("MissingResourceId", "ListTagResources", ResourceType="loadbalancer")
    refused("NotExist.ResourceGroup", "MoveResourceGroup", ResourceType="loadbalancer", ResourceId=world.balancer,
            NewResourceGroupId="rg-none")
    for action in ("ListLoadBalancers", "ListListeners", "ListRules", "ListServerGroups", "ListAcls"):
        for size in (0, 101, "x"):
            refused("IllegalParam.MaxResults", action, MaxResults=size)
        refused("InvalidParameter", action, NextToken="garbage")
    assert world.call("ListLoadBalancers", LoadBalancerIds=["alb-none"])["LoadBalancers"] == []
    assert world.call("ListAsynJobs", JobIds=["none"])["TotalCount"] == 0
