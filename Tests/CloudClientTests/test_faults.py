# SPDX-License-Identifier: Apache-2.0
"""What the control address lets go wrong, and what it shows."""

import http.client
import ssl
import time
import urllib.error

import pytest

from certificates import self_signed
from environment import host_rule
from wire import Refusal


def code(call, *arguments, **parameters):
    with pytest.raises(Refusal) as refused:
        call(*arguments, **parameters)
    return refused.value.code


def test_a_throttle_has_a_bucket_for_each_action(fresh):
    fresh.faults(cloud=[{"effect": "throttle", "perSecond": 0.2, "burst": 3}])
    codes = []
    for _ in range(5):
        try:
            fresh.caller.call("ListAcls")
            codes.append(200)
        except Refusal as refusal:
            codes.append(refusal.code)
    assert codes == [200, 200, 200, "Throttling.User", "Throttling.User"]
    assert fresh.caller.call("ListServerGroups")["TotalCount"] == 0
    fresh.heal()
    assert fresh.caller.call("ListAcls")["TotalCount"] == 0


def test_errors_come_before_or_after_the_effect(fresh):
    fresh.faults(cloud=[{"action": "CreateAcl", "effect": "refuse", "code": "ServiceUnavailable", "times": 1}])
    with pytest.raises(Refusal) as refused:
        fresh.caller.call("CreateAcl", AclName="tea")
    assert refused.value.status == 503 and fresh.caller.call("ListAcls")["TotalCount"] == 0
    fresh.faults(cloud=[{"action": "CreateAcl", "effect": "refuse-after-effect", "code": "InternalError", "times": 1}])
    assert code(fresh.caller.call, "CreateAcl", AclName="tea") == "InternalError"
    assert fresh.caller.call("ListAcls")["TotalCount"] == 1


def test_a_lost_reply_is_made_good_by_the_token(fresh):
    fresh.faults(cloud=[{"action": "CreateAcl", "effect": "lose-reply", "times": 1}])
    caller = fresh.new_caller()
    caller.connection = http.client.HTTPConnection(*caller.address, timeout=1)
    with pytest.raises(OSError):
        # The helper tries a second time on a new connection; one exchange is wanted here.
        caller.connection.request("POST", "/?Action=CreateAcl&Version=2020-06-16&AclName=tea&ClientToken=once")
        caller.connection.getresponse()
    again = fresh.caller.call("CreateAcl", AclName="tea", ClientToken="once")
    assert [one["AclId"] for one in fresh.caller.call("ListAcls")["Acls"]] == [again["AclId"]]


def test_late_replies_and_late_requests(fresh):
    for effect in ("delay-reply", "delay-request"):
        fresh.faults(cloud=[{"action": "ListAcls", "effect": effect, "delay": 0.4, "times": 1}])
        began = time.monotonic()
        fresh.caller.call("ListAcls")
        assert 0.39 < time.monotonic() - began < 3


def test_jobs_fail_or_never_end(fresh):
    fresh.faults(cloud=[{"action": "CreateServerGroup", "effect": "fail-job", "code": "SystemBusy", "times": 1}])
    fields = {"ServerGroupName": "tea", "VpcId": fresh.cloud["vpcId"], "ServerGroupType": "Ip",
              "HealthCheckConfig": {"HealthCheckEnabled": False}}
    made = fresh.caller.call("CreateServerGroup", **fields)

    def job(one):
        return fresh.caller.call("ListAsynJobs", JobIds=[one["JobId"]])["Jobs"][0]

    fresh.until("the job fails", lambda: job(made)["Status"] == "Failed")
    assert job(made)["ErrorCode"] == "SystemBusy"
    assert fresh.caller.call("ListServerGroups", ServerGroupIds=[made["ServerGroupId"]])["TotalCount"] == 0
    fresh.faults(cloud=[{"action": "CreateServerGroup", "effect": "hang-job", "times": 1}])
    hung = fresh.caller.call("CreateServerGroup", **fields)
    time.sleep(0.5)
    assert job(hung)["Status"] == "Processing"
    assert code(fresh.caller.call, "UpdateServerGroupAttribute", ServerGroupId=hung["ServerGroupId"],
                ServerGroupName="other") == "IncorrectStatus.ServerGroup"


def test_a_batch_applies_in_part(fresh):
    group = fresh.server_group()
    fresh.faults(cloud=[{"action": "AddServersToServerGroup", "effect": "apply-part", "items": 2,
                         "code": "InternalError", "times": 1}])
    servers = [{"ServerId": f"10.0.0.{place}", "ServerType": "Ip", "Port": 80} for place in range(1, 6)]
    assert code(fresh.caller.call, "AddServersToServerGroup", ServerGroupId=group, Servers=servers) == "InternalError"
    shown = fresh.caller.call("ListServerGroupServers", ServerGroupId=group)["Servers"]
    assert [one["ServerId"] for one in shown] == ["10.0.0.1", "10.0.0.2"]


def test_lists_leave_rows_out(fresh):
    made = [fresh.caller.call("CreateAcl", AclName=name)["AclId"] for name in ("one", "two")]
    fresh.faults(cloud=[{"action": "ListAcls", "effect": "omit-rows", "values": [made[0]], "times": 1}])
    answer = fresh.caller.call("ListAcls")
    assert ([one["AclId"] for one in answer["Acls"]], answer["TotalCount"]) == ([made[1]], 1)
    fresh.faults(cloud=[{"action": "ListAsynJobs", "effect": "short-answer", "times": 1}])
    assert fresh.caller.call("ListAsynJobs")["Jobs"] == []
    assert fresh.caller.call("ListAcls")["TotalCount"] == 2


def test_the_log_service_collects_before_the_access_log_is_switched_on(fresh):
    load_balancer = fresh.load_balancer()
    target = {"DataType": "alb.access_log", "InstanceRegion": "cn-hangzhou", "InstanceId": load_balancer}
    fresh.caller.call("OpenProductDataCollection", "sls", path="/open-api/", TargetSLSRegion="cn-hangzhou",
                      TargetProject="shop-logs", TargetStore="alb", **target)
    fresh.caller.call("EnableLoadBalancerAccessLog", LoadBalancerId=load_balancer, LogProject="shop-logs", LogStore="alb")
    fresh.until("it is on", lambda: fresh.caller.call(
        "GetLoadBalancerAttribute", LoadBalancerId=load_balancer)["LoadBalancerStatus"] == "Active")
    shown = fresh.caller.call("GetLoadBalancerAttribute", LoadBalancerId=load_balancer)
    assert shown["AccessLogConfig"] == {"LogProject": "shop-logs", "LogStore": "alb"}
    assert code(fresh.caller.call, "EnableLoadBalancerAccessLog", LoadBalancerId=load_balancer, LogProject="shop-logs",
                LogStore="alb") == "OperationDenied.AccessLogEnabled"
    fresh.caller.call("CloseProductDataCollection", "sls", path="/open-api/", **target)
    assert fresh.caller.call("AnalyzeProductLog", "sls", path="/open-api/", extra={"Format": "xml"}, Lang="cn",
                             CloudProduct="k8s-nginx-ingress", Project="project", Logstore="store")


def test_quotas_transitions_and_states_that_last_for_reads(fresh):
    fresh.faults(account={"quotas": {"acls": 1}, "transitions": {"acl": {"reads": 3}}})
    acl = fresh.caller.call("CreateAcl", AclName="one")["AclId"]
    assert code(fresh.caller.call, "CreateAcl", AclName="two") == "QuotaExceeded.AclsNum"
    states = [fresh.caller.call("ListAcls", AclIds=[acl])["Acls"][0]["AclStatus"] for _ in range(5)]
    assert states[:2] == ["Creating", "Creating"] and states[-1] == "Available"
    fresh.heal()
    assert fresh.caller.call("CreateAcl", AclName="two")["AclId"]


def test_somebody_edits_and_deletes_at_the_console(fresh):
    load_balancer, group = fresh.load_balancer(), fresh.server_group()
    listener = fresh.listener(load_balancer, group)
    answer = fresh.faults(console=[
        {"action": "UpdateListenerAttribute", "parameters": {"ListenerId": listener, "IdleTimeout": 33}},
        {"action": "DeleteListener", "parameters": {"ListenerId": "lsn-none"}},
    ])
    assert answer["console"][0]["JobId"] and answer["console"][1]["Code"] == "ResourceNotFound.Listener"
    fresh.running(listener)
    assert fresh.caller.call("GetListenerAttribute", ListenerId=listener)["IdleTimeout"] == 33
    fresh.faults(console=[{"action": "DeleteListener", "parameters": {"ListenerId": listener}}])
    fresh.until("it is gone", lambda: fresh.caller.call("ListListeners", LoadBalancerIds=[load_balancer])["Listeners"]
                == [])


def test_a_debt_locks_load_balancers(fresh):
    load_balancer = fresh.load_balancer()
    fresh.faults(account={"arrears": True})
    shown = fresh.caller.call("GetLoadBalancerAttribute", LoadBalancerId=load_balancer)
    assert (shown["LoadBalancerStatus"], shown["LoadBalancerBussinessStatus"]) == ("Inactive", "Abnormal")
    assert code(fresh.caller.call, "DeleteLoadBalancer", LoadBalancerId=load_balancer) == (
        "IncorrectBusinessStatus.LoadBalancer"
    )
    fresh.heal()
    shown = fresh.caller.call("GetLoadBalancerAttribute", LoadBalancerId=load_balancer)
    assert shown["LoadBalancerStatus"] == "Active" and "LoadBalancerOperationLocks" not in shown


def test_zones_get_configurations_late_and_in_batches(fresh):
    load_balancer, group = fresh.load_balancer(), fresh.server_group()
    listener = fresh.listener(load_balancer, group)
    fresh.settle(load_balancer)
    before = fresh.report(load_balancer)["version"]
    fresh.faults(account={"propagation": [2, 3]})
    fresh.caller.call("CreateRule", ListenerId=listener, **host_rule("a.example.com", 1, group))
    fresh.running(listener)
    report = fresh.report(load_balancer)
    assert report["version"] == before + 1
    assert {zone["servedVersion"] for zone in report["zones"]} == {before}
    fresh.until("the zones have it", lambda: {zone["servedVersion"] for zone in fresh.report(load_balancer)["zones"]}
                == {before + 1})
    assert {zone["zone"] for zone in fresh.report(load_balancer)["zones"]} == {"cn-hangzhou-h", "cn-hangzhou-i"}


def test_a_certificate_runs_out(fresh):
    certificate, key = self_signed("a.example.com")
    made = fresh.caller.call("CreateSSLCertificateWithName", "cas", CertName="cafe", Certificate=certificate,
                             PrivateKey=key)["CertIdentifier"]
    load_balancer, group = fresh.load_balancer(), fresh.server_group()
    fresh.listener(load_balancer, group, 443, "HTTPS", Certificates=[{"CertificateId": made}])
    fresh.faults(certificates=[{"expire": "cafe"}])
    row = fresh.caller.call("DescribeSSLCertificateList", "cas", ShowSize=50, CurrentPage=1)["CertMetaList"][0]
    assert row["AfterDate"] < time.time() * 1000 and row["Sans"] == "a.example.com"

    def shown():
        pem = ssl.get_server_certificate(fresh.address(load_balancer, 443))
        return pem.split() != certificate.split()

    fresh.until("the listener shows the expired one", shown)


@pytest.mark.parametrize("body, words", [
    ({"account": {"quotas": {"teapots": 1}}}, "account.quotas"),
    ({"account": {"transitions": {"rule": "slow"}}}, "account.transitions"),
    ({"account": {"signatures": "none"}}, "account.signatures"),
    ({"certificates": [{"expire": "nothing"}]}, "there is no certificate nothing"),
    ({"console": [{"parameters": {}}]}, "console[0].action"),
    ({"cloud": [{"effect": "apply-part"}]}, "cloud[0].items"),
])
def test_a_mistake_is_named_with_its_place(cloud, body, words):
    with pytest.raises(urllib.error.HTTPError) as refused:
        cloud.control("/faults", body)
    assert refused.value.code == 400 and words in refused.value.read().decode()


def test_requests_leave_lines_in_the_access_log(fresh):
    load_balancer, group = fresh.load_balancer(), fresh.server_group()
    listener = fresh.listener(load_balancer, group)
    fresh.settle(load_balancer)

    def ask(path):
        connection = http.client.HTTPConnection(*fresh.address(load_balancer, 80), timeout=10)
        connection.request("GET", path, headers={"Host": "cafe.example.com", "User-Agent": "tester/1"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    assert ask("/before")[0] == 503
    assert fresh.control("/access-log") == []
    fresh.caller.call("EnableLoadBalancerAccessLog", LoadBalancerId=load_balancer, LogProject="shop-logs",
                      LogStore="alb")
    fresh.until("it is on", lambda: fresh.caller.call("GetLoadBalancerAttribute", LoadBalancerId=load_balancer)
                .get("AccessLogConfig") and True)
    fresh.settle(load_balancer)
    fresh.patiently("CreateRule", ListenerId=listener, RuleName="fixed", Priority=1,
                    RuleConditions=[{"Type": "Path", "PathConfig": {"Values": ["/fixed"]}}],
                    RuleActions=[{"Type": "FixedResponse", "Order": 1,
                                  "FixedResponseConfig": {"HttpCode": "418", "Content": "short", "ContentType": "text/plain"}}])
    fresh.until("the rule is served", lambda: ask("/fixed")[0] == 418)
    status, body = ask("/none?x=1")
    lines = fresh.control(f"/access-log?load-balancer={load_balancer}")
    assert all(isinstance(value, str) for line in lines for value in line.values())
    last = lines[-1]
    assert last["__topic__"] == "alb_layer7_access_log" and last["__tag__:project"] == "shop-logs"
    assert last["__tag__:logstore"] == "alb"
    assert (last["request_method"], last["request_uri"], last["status"]) == ("GET", "/none?x=1", str(status))
    assert (last["upstream_status"], last["upstream_addr"]) == ("-", "-")
    assert last["body_bytes_sent"] == str(len(body)) and last["http_user_agent"] == "tester/1"
    assert (last["http_host"], last["slb_vport"], last["app_lb_id"]) == ("cafe.example.com", "80", load_balancer)
    fixed = [line for line in lines if line["request_uri"] == "/fixed" and line["status"] == "418"]
    assert fixed and fixed[0]["body_bytes_sent"] == "5"
    assert fresh.control("/access-log?load-balancer=alb-none") == []
    fresh.patiently("DisableLoadBalancerAccessLog", LoadBalancerId=load_balancer)
    fresh.settle(load_balancer)
    count = len(fresh.control("/access-log"))
    ask("/after")
    assert len(fresh.control("/access-log")) == count


@pytest.mark.parametrize("version, cipher", [
    (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES256-GCM-SHA384"), (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES128-GCM-SHA256"),
    (ssl.TLSVersion.TLSv1_3, None),
])
def test_a_line_tells_what_tls_agreed_on_and_how_far_the_client_is(fresh, version, cipher):
    certificate, key = self_signed("cafe.example.com")
    made = fresh.caller.call("CreateSSLCertificateWithName", "cas", CertName="cafe", Certificate=certificate,
                             PrivateKey=key)["CertIdentifier"]
    load_balancer, group = fresh.load_balancer(), fresh.server_group()
    fresh.caller.call("EnableLoadBalancerAccessLog", LoadBalancerId=load_balancer, LogProject="shop-logs",
                      LogStore="alb")
    fresh.listener(load_balancer, group, 443, "HTTPS", Certificates=[{"CertificateId": made}],
                   SecurityPolicyId="tls_cipher_policy_1_2_strict_with_1_3")
    fresh.settle(load_balancer)
    context = ssl._create_unverified_context()
    context.minimum_version = context.maximum_version = version
    if cipher:
        context.set_ciphers(cipher)
    connection = http.client.HTTPSConnection(*fresh.address(load_balancer, 443), timeout=10, context=context)
    connection.request("GET", "/tls", headers={"Host": "cafe.example.com:443", "Referer": "https://example.com/",
                                               "X-Forwarded-For": "192.0.2.1", "X-Real-IP": "192.0.2.2"})
    agreed = connection.sock.cipher()[0], connection.sock.version()
    connection.getresponse().read()
    line = fresh.control(f"/access-log?load-balancer={load_balancer}")[-1]
    assert (line["ssl_cipher"], line["ssl_protocol"]) == agreed and agreed[0] == (cipher or agreed[0])
    assert 0 < int(line["tcpinfo_rtt"]) < 5_000_000
    assert (line["scheme"], line["server_protocol"]) == ("https", "HTTP/1.1")
    assert (line["host"], line["http_host"]) == ("cafe.example.com", "cafe.example.com:443")
    assert (line["http_referer"], line["http_x_forwarded_for"], line["http_x_real_ip"]) == (
        "https://example.com/", "192.0.2.1", "192.0.2.2")
    assert line["client_ip"] == "127.0.0.1" and int(line["request_length"]) > 60
