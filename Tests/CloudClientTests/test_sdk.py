# SPDX-License-Identifier: Apache-2.0
"""The vendor's own Python SDK, unchanged, with both of its signatures."""

import pytest
from alibabacloud_alb20200616 import models
from alibabacloud_alb20200616.client import Client
from alibabacloud_tea_openapi.models import Config

from environment import forward, host_rule


def client(cloud, **more):
    return Client(Config(
        access_key_id=cloud.cloud["accessKeyId"],
        access_key_secret=cloud.cloud["accessKeySecret"],
        region_id=cloud.cloud["region"],
        endpoint=cloud.cloud["url"].removeprefix("http://"),
        protocol="http",
        **more,
    ))


def request(name, **fields):
    return getattr(models, f"{name}Request")().from_map(fields)


@pytest.mark.parametrize("signature", ["v3", "v2"])
def test_a_strict_account_serves_the_sdk_through_a_whole_life(fresh, signature):
    fresh.faults(account={"signatures": "strict"})
    sdk = client(fresh, signature_algorithm="v2") if signature == "v2" else client(fresh)

    def patiently(call, *arguments):
        def attempt():
            try:
                return call(*arguments).body.to_map()
            except Exception as error:
                if getattr(error, "code", "") and error.code.startswith(("IncorrectStatus.", "ResourceIn")):
                    return None
                raise
        return fresh.until("the call is taken", attempt)

    zones = sdk.describe_zones(request("DescribeZones")).body.to_map()["Zones"]
    assert len(zones) == 2
    made = sdk.create_load_balancer(request(
        "CreateLoadBalancer",
        VpcId=fresh.cloud["vpcId"],
        AddressType="Intranet",
        LoadBalancerName="sdk",
        LoadBalancerEdition="Standard",
        LoadBalancerBillingConfig={"PayType": "PostPay"},
        ZoneMappings=fresh.zone_mappings(),
        Tag=[{"Key": "made by", "Value": "the sdk & me = fünf*~"}],
    )).body.load_balancer_id
    shown = fresh.until("active", lambda: (lambda one: one["LoadBalancerStatus"] == "Active" and one)(
        sdk.get_load_balancer_attribute(request("GetLoadBalancerAttribute", LoadBalancerId=made)).body.to_map()
    ))
    assert shown["Tags"] == [{"Key": "made by", "Value": "the sdk & me = fünf*~"}]
    group = sdk.create_server_group(request(
        "CreateServerGroup",
        ServerGroupName="tea",
        VpcId=fresh.cloud["vpcId"],
        ServerGroupType="Ip",
        HealthCheckConfig={"HealthCheckEnabled": True},
    )).body.server_group_id
    patiently(sdk.add_servers_to_server_group, request(
        "AddServersToServerGroup",
        ServerGroupId=group,
        Servers=[{"ServerId": f"10.0.0.{place}", "ServerType": "Ip", "Port": 8080} for place in range(20, 35)],
    ))
    servers = fresh.until("all servers", lambda: (lambda one: one.total_count == 15 and one)(
        sdk.list_server_group_servers(request("ListServerGroupServers", ServerGroupId=group, MaxResults=10)).body
    ))
    assert len(servers.servers) == 10 and servers.next_token
    listener = patiently(sdk.create_listener, request(
        "CreateListener",
        LoadBalancerId=made,
        ListenerPort=80,
        ListenerProtocol="HTTP",
        DefaultActions=forward(group),
    ))["ListenerId"]
    rules = patiently(sdk.create_rules, request(
        "CreateRules",
        ListenerId=listener,
        Rules=[host_rule(f"{name}.example.com", place, group) for place, name in enumerate("abcdefghij", 1)],
    ))
    assert sorted(one["Priority"] for one in rules["RuleIds"]) == list(range(1, 11))
    job = fresh.until("the job is done", lambda: (lambda one: one.jobs[0].status == "Succeeded" and one)(
        sdk.list_asyn_jobs(request("ListAsynJobs", JobIds=[rules["JobId"]])).body
    ))
    assert job.total_count == 1
    with pytest.raises(Exception) as refused:
        sdk.create_rule(request("CreateRule", ListenerId=listener, **host_rule("k.example.com", 3, group)))
    assert refused.value.code in ("Conflict.Priority", "IncorrectStatus.Listener")
    patiently(sdk.delete_load_balancer, request("DeleteLoadBalancer", LoadBalancerId=made))
    with pytest.raises(Exception) as gone:
        sdk.get_load_balancer_attribute(request("GetLoadBalancerAttribute", LoadBalancerId=made))
    assert (gone.value.code, gone.value.status_code) == ("ResourceNotFound.LoadBalancer", 404)


def test_a_wrong_secret_is_told_from_an_unknown_key(fresh):
    fresh.faults(account={"signatures": "strict"})
    for key, secret, code in [("testAK", "wrong", "SignatureDoesNotMatch"), ("nobody", "x", "InvalidAccessKeyId.NotFound")]:
        sdk = Client(Config(
            access_key_id=key, access_key_secret=secret, region_id="cn-hangzhou",
            endpoint=fresh.cloud["url"].removeprefix("http://"), protocol="http",
        ))
        with pytest.raises(Exception) as refused:
            sdk.describe_zones(request("DescribeZones"))
        assert refused.value.code == code
