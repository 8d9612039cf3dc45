# SPDX-License-Identifier: Apache-2.0
"""The wire itself: targets, places, sizes, formats, envelopes."""

import json
import xml.etree.ElementTree

import pytest

from wire import Refusal, flatten


def test_a_client_behind_a_proxy_variable_sends_absolute_targets(cloud):
    assert cloud.caller.call("DescribeZones", absolute=True)["Zones"]
    switches = cloud.caller.call("DescribeVSwitches", "vpc", absolute=True, VpcId=cloud.cloud["vpcId"], PageSize=10,
                                 PageNumber=1)
    assert (switches["PageNumber"], switches["PageSize"], switches["TotalCount"]) == (1, 10, 2)


def test_the_version_decides_which_product_answers_and_the_host_when_there_is_none(cloud):
    # DescribeZones exists in three products, each with an answer of its own.
    assert isinstance(cloud.caller.call("DescribeZones", "alb")["Zones"], list)
    assert "Zone" in cloud.caller.call("DescribeZones", "vpc")["Zones"]
    for host, form in [("alb.cn-hangzhou.aliyuncs.com", list), ("vpc-vpc.cn-hangzhou.aliyuncs.com", dict),
                       ("ecs-cn-hangzhou.aliyuncs.com", dict)]:
        status, _, text = cloud.caller.send("GET", f"http://{host}/?Action=DescribeZones", "", {"Host": host})
        assert status == 200 and isinstance(json.loads(text)["Zones"], form), host
    # The version wins over the host.
    status, _, text = cloud.caller.send(
        "GET", "/?Action=DescribeZones&Version=2016-04-28", "", {"Host": "alb.cn-hangzhou.aliyuncs.com"}
    )
    assert "Zone" in json.loads(text)["Zones"]


def test_a_request_line_of_sixty_kilobytes_is_read(cloud):
    rules = {f"Unknown.{place}": "x" * 90 for place in range(1, 600)}
    assert len(str(rules)) > 60_000
    assert cloud.caller.call("ListAcls", extra=rules)["TotalCount"] >= 0


def test_every_answer_has_its_envelope(cloud):
    status, headers, text = cloud.caller.send(
        "POST", "/?Action=DescribeZones&Version=2020-06-16", "", {"Host": "alb.cn-hangzhou.aliyuncs.com"}
    )
    body = json.loads(text)
    assert headers["content-type"] == "application/json;charset=utf-8"
    assert headers["x-acs-request-id"] == body["RequestId"] == body["RequestId"].upper()
    with pytest.raises(Refusal) as refused:
        cloud.caller.call("GetListenerAttribute", ListenerId="lsn-none")
    error = refused.value.body
    assert set(error) == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert all(isinstance(value, str) for value in error.values())
    # Clients look for codes anywhere in the text.
    everything = " ".join(error[name] for name in ("Message", "Recommend", "HostId")) + str(refused.value.headers)
    assert "ResourceNotFound" not in everything and "Incorrect" not in everything


@pytest.mark.parametrize("query, status, code", [
    ("Version=2020-06-16", 400, "MissingAction"),
    ("Action=Nothing&Version=2020-06-16", 404, "InvalidAction.NotFound"),
    ("Action=DescribeZones&Version=1999-01-01", 404, "InvalidVersion"),
    ("Action=DescribeZones", 400, "MissingVersion"),
    ("Action=DescribeCapacityReservation&Version=2020-06-16&LoadBalancerId=alb-1", 400, "NotImplemented"),
])
def test_what_the_gateway_does_not_know_it_says(cloud, query, status, code):
    found, _, text = cloud.caller.send("GET", f"/?{query}", "", {"Host": "127.0.0.1"})
    assert (found, json.loads(text)["Code"]) == (status, code)


def test_xml_is_answered_to_who_asks_for_it(cloud):
    answer = cloud.caller.call("AnalyzeProductLog", "sls", path="/open-api/", extra={"Format": "xml"},
                               CloudProduct="k8s-alb", Project="project", Logstore="store")
    tree = xml.etree.ElementTree.fromstring(answer)
    assert tree.tag == "AnalyzeProductLogResponse" and tree.find("RequestId").text
    answer = cloud.caller.call("DescribeZones", extra={"Format": "XML"})
    zones = xml.etree.ElementTree.fromstring(answer).findall("Zones")
    assert [zone.find("ZoneId").text for zone in zones] == ["cn-hangzhou-h", "cn-hangzhou-i"]


def test_the_metadata_service_tells_what_a_controller_was_not_told(cloud):
    def get(path, method="GET"):
        return cloud.caller.send(method, f"/latest/{path}", "", {"Host": "100.100.100.200"})

    assert get("meta-data/region-id")[2] == "cn-hangzhou"
    assert get("meta-data/vpc-id")[2] == cloud.cloud["vpcId"]
    assert get("meta-data/vswitch-id")[2] == cloud.cloud["vSwitches"][0]["id"]
    assert get("api/token", "PUT")[0] == 200
    role = get("meta-data/ram/security-credentials/")[2]
    credentials = json.loads(get(f"meta-data/ram/security-credentials/{role}")[2])
    assert {"AccessKeyId", "AccessKeySecret", "SecurityToken"} <= set(credentials)
    caller = cloud.new_caller(key=credentials["AccessKeyId"], secret=credentials["AccessKeySecret"],
                              token=credentials["SecurityToken"])
    cloud.faults(account={"signatures": "strict"})
    assert caller.call("DescribeZones")["Zones"]


def test_kubernetes_paths_are_answered_on_the_proxy_port_too(cloud):
    status, _, text = cloud.caller.send("GET", "http://127.0.0.1:6443/version", "", {"Host": "127.0.0.1:6443"})
    assert status == 200 and "gitVersion" in json.loads(text)


def test_pages_are_followed_to_their_end_and_a_strange_token_is_refused(fresh):
    made = {fresh.caller.call("CreateAcl", AclName=f"acl-{place}")["AclId"] for place in range(7)}
    found, token = [], None
    while True:
        answer = fresh.caller.call("ListAcls", MaxResults=3, NextToken=token)
        assert answer["TotalCount"] == 7 and answer["MaxResults"] == 3
        found += [one["AclId"] for one in answer["Acls"]]
        token = answer.get("NextToken")
        if not token:
            break
    assert len(found) == 7 and set(found) == made
    with pytest.raises(Refusal) as refused:
        fresh.caller.call("ListAcls", NextToken="never given")
    assert refused.value.status == 400


def test_lists_are_numbered_from_one_and_booleans_are_read_in_any_case(fresh):
    assert flatten({"A": [{"B": 1}, {"C": [True]}]}) == {"A.1.B": "1", "A.2.C.1": "true"}
    group = fresh.caller.call(
        "CreateServerGroup",
        extra={"HealthCheckConfig.HealthCheckEnabled": "False", "UpstreamKeepaliveEnabled": "TRUE",
               "ServerGroupType": "instance"},
        ServerGroupName="tea",
        VpcId=fresh.cloud["vpcId"],
    )["ServerGroupId"]
    shown = fresh.caller.call("ListServerGroups", ServerGroupIds=[group])["ServerGroups"][0]
    assert shown["ServerGroupType"] == "Instance" and shown["UpstreamKeepaliveEnabled"] is True
