# SPDX-License-Identifier: Apache-2.0
"""The calls of the upstream Go controller, in its order and its form, over the life of an ingress group.

Everything is in the query and signed the older way; the account is strict, and pods are real ones of the served
cluster. What the controller reads is compared with what it sent, field by field, as it compares: where it would
find a difference it would write again.
"""

import hashlib
import http.client
import ssl
import time

import pytest

from certificates import self_signed
from environment import BUSY, Environment
from wire import Refusal

CLUSTER = "c0ffee"
CONFIG = "kube-system/alb"


@pytest.fixture(scope="module")
def cluster():
    environment = Environment("--no-controller", "--nodes", "2")
    environment.faults(account={"signatures": "strict"})
    yield environment
    environment.stop()


class Controller:
    """The cloud's side of the upstream controller, as far as its calls go."""

    def __init__(self, environment):
        self.environment = environment
        self.caller = environment.new_caller()
        self.vpc = environment.cloud["vpcId"]
        self.groups, self.listeners, self.rules = {}, {}, {}
        self.load_balancer = None

    def call(self, action, product="alb", **parameters):
        return self.caller.call(action, product, absolute=True, **parameters)

    def retried(self, action, *codes, **parameters):
        """Repeats a call on the codes that the controller repeats it on."""
        end = time.monotonic() + 20
        while True:
            try:
                return self.call(action, **parameters)
            except Refusal as refusal:
                if not any(code in str(refusal.body) for code in codes) or time.monotonic() > end:
                    raise
            time.sleep(0.05)

    def polled(self, tries, question):
        for _ in range(tries):
            if question():
                return
            time.sleep(0.05)
        raise AssertionError("the controller gave up")

    # Reads that begin every pass

    def switches(self):
        found, page = [], 1
        while True:
            answer = self.call("DescribeVSwitches", "vpc", VpcId=self.vpc, PageNumber=page, PageSize=10)
            found += answer["VSwitches"]["VSwitch"]
            if answer["PageNumber"] * answer["PageSize"] >= answer["TotalCount"]:
                return [one for one in found if one["VSwitchId"] and one["ZoneId"]]
            page += 1

    def interfaces(self, addresses):
        """Interface ids by pod address."""
        found, page = {}, 1
        while True:
            answer = self.call("DescribeNetworkInterfaces", "ecs", VpcId=self.vpc, Status="InUse",
                               PrivateIpAddress=addresses, PageNumber=page, PageSize=100)
            for one in answer["NetworkInterfaceSets"]["NetworkInterfaceSet"]:
                for address in one["PrivateIpSets"]["PrivateIpSet"]:
                    if address["PrivateIpAddress"] in addresses:
                        found[address["PrivateIpAddress"]] = one["NetworkInterfaceId"]
            if answer["PageNumber"] * answer["PageSize"] >= answer["TotalCount"]:
                assert set(found) == set(addresses)
                return found
            page += 1

    def tags(self, resource, **more):
        pairs = {"ack.aliyun.com": CLUSTER, "ingress.k8s.alibaba/albconfig": CONFIG,
                 "ingress.k8s.alibaba/resource": resource, **more}
        return [{"Key": key, "Value": value} for key, value in pairs.items()]

    def tagged(self, action, member, *filters):
        found, token = [], None
        while True:
            answer = self.call(action, Tag=list(filters), NextToken=token)
            found += answer[member]
            token = answer.get("NextToken")
            if not token:
                return found

    # Server groups

    def make_group(self, key):
        name = f"default-{key}"
        made = self.call(
            "CreateServerGroup", ServerGroupName=name, VpcId=self.vpc, Protocol="HTTP", Scheduler="Wrr",
            ServerGroupType="instance", ServiceName=name,
            HealthCheckConfig={"HealthCheckEnabled": False},
            StickySessionConfig={"StickySessionEnabled": False},
        )["ServerGroupId"]

        def is_available():
            answer = self.call("ListServerGroups", ServerGroupIds=[made])
            assert answer["TotalCount"] == 1
            return answer["ServerGroups"][0]["ServerGroupStatus"].lower() == "available"

        self.polled(10, is_available)
        digest = hashlib.sha256(key.encode()).hexdigest()
        self.call("TagResources", ResourceType="ServerGroup", ResourceId=[made],
                  Tag=self.tags(digest, **{"ingress.k8s.alibaba/service_name": key}))
        self.groups[key] = made
        return made

    def servers(self, addresses, port, kind="eni"):
        interfaces = self.interfaces(addresses)
        return [{"ServerId": interfaces[address], "ServerIp": address, "ServerType": kind, "Port": port}
                for address in addresses]

    def await_job(self, answer):
        def is_done():
            jobs = self.call("ListAsynJobs", JobIds=[answer["JobId"]])
            assert jobs["TotalCount"] == 1
            assert jobs["Jobs"][0]["Status"] != "Failed", jobs
            return jobs["Jobs"][0]["Status"] == "Succeeded"

        self.polled(60, is_done)

    def members(self, group):
        answer = self.call("ListServerGroupServers", ServerGroupId=group)
        for one in answer["Servers"]:
            assert one["ServerType"].lower() in ("ecs", "eni", "eci") and 1 <= one["Port"] <= 65535 and one["ServerId"]
        return {(one["ServerId"], one["ServerIp"], one["Port"]) for one in answer["Servers"]
                if one["Status"] != "Removing"}

    # The load balancer and its listeners

    def make_load_balancer(self):
        made = self.call(
            "CreateLoadBalancer", VpcId=self.vpc, AddressType="Internet", AddressAllocatedMode="Dynamic",
            LoadBalancerName="k8s-alb", LoadBalancerEdition="Standard", DeletionProtectionEnabled=True,
            ModificationProtectionConfig={"Status": "ConsoleProtection"},
            LoadBalancerBillingConfig={"PayType": "PostPay"},
            ZoneMappings=[{"VSwitchId": one["VSwitchId"], "ZoneId": one["ZoneId"]} for one in self.switches()],
        )["LoadBalancerId"]
        self.polled(40, lambda: self.call("GetLoadBalancerAttribute", LoadBalancerId=made)["LoadBalancerStatus"]
                    == "Active")
        self.call("TagResources", ResourceType="LoadBalancer", ResourceId=[made],
                  Tag=self.tags("ApplicationLoadBalancer"))
        self.load_balancer = made
        return made

    LISTENER = {
        "GzipEnabled": True,
        "IdleTimeout": 60,
        "RequestTimeout": 60,
        "QuicConfig": {"QuicUpgradeEnabled": False},
        "XForwardedForConfig": {
            "XForwardedForEnabled": True, "XForwardedForProtoEnabled": False, "XForwardedForSLBIdEnabled": False,
            "XForwardedForSLBPortEnabled": False, "XForwardedForClientSrcPortEnabled": False,
            "XForwardedForClientCertClientVerifyEnabled": False, "XForwardedForClientCertFingerprintEnabled": False,
            "XForwardedForClientCertIssuerDNEnabled": False, "XForwardedForClientCertSubjectDNEnabled": False,
        },
    }

    def listener_fields(self, port, protocol, certificate=None):
        fields = {
            **self.LISTENER,
            "ListenerPort": port,
            "ListenerProtocol": protocol,
            "ListenerDescription": f"ingress-auto-listener-{port}",
            "DefaultActions": [{
                "Type": "ForwardGroup",
                "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": self.groups[f"fake-svc-{port}"]}]},
            }],
        }
        if certificate:
            fields.update(SecurityPolicyId="tls_cipher_policy_1_0", Http2Enabled=True,
                          Certificates=[{"CertificateId": certificate}])
        return fields

    def make_listener(self, port, protocol, certificate=None):
        fields = self.listener_fields(port, protocol, certificate)
        made = self.retried("CreateListener", "IncorrectStatus.LoadBalancer", LoadBalancerId=self.load_balancer,
                            **fields)["ListenerId"]
        self.running(made)
        self.listeners[port] = (made, fields)
        return made

    def running(self, listener):
        self.polled(30, lambda: self.call("GetListenerAttribute", ListenerId=listener)["ListenerStatus"].lower()
                    == "running")

    def rule(self, port, priority, host, key, path="/*"):
        return {
            "RuleName": f"rule-{port}-{priority}",
            "Priority": priority,
            "Direction": "Request",
            "RuleConditions": [
                {"Type": "Host", "HostConfig": {"Values": [host]}},
                {"Type": "Path", "PathConfig": {"Values": [path]}},
            ],
            "RuleActions": [{
                "Type": "ForwardGroup",
                "Order": 1,
                "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": self.groups[key], "Weight": 100}]},
            }],
        }

    BUSY_RULES = ("IncorrectStatus.Listener", "VipStatusNotSupport", "IncorrectStatus.Rule")

    def make_rules(self, port, *rules):
        listener = self.listeners[port][0]
        answer = self.retried("CreateRules", *self.BUSY_RULES, ListenerId=listener, Rules=list(rules))
        made = {one["Priority"]: one["RuleId"] for one in answer["RuleIds"]}
        assert set(made) == {one["Priority"] for one in rules}
        for one in rules:
            self.rules[made[one["Priority"]]] = (port, one)
        return made

    def upload(self, name, *hosts):
        pages, page = 1, 1
        while page <= pages:
            answer = self.call("DescribeSSLCertificateList", "cas", ShowSize=50, CurrentPage=page)
            assert type(answer["PageCount"]) is int
            for one in answer["CertMetaList"]:
                assert type(one["BeforeDate"]) is int and type(one["AfterDate"]) is int and type(one["KeySize"]) is int
            pages, page = answer["PageCount"], page + 1
            if any(one["CertName"] == name for one in answer["CertMetaList"]):
                raise AssertionError("the name is taken")
        certificate, key = self_signed(*hosts)
        made = self.call("CreateSSLCertificateWithName", "cas", CertName=name, Certificate=certificate, PrivateKey=key)
        assert isinstance(made["CertIdentifier"], str)
        return made["CertIdentifier"]

    # What a pass without changes would find

    def differences(self):
        """Everything that the controller would write now; empty when a reconcile is reads only."""
        found = []
        self.switches()
        groups = {one["ServerGroupId"]: one for one in self.tagged(
            "ListServerGroups", "ServerGroups", *self.tags("x")[:2])}
        for key, group in self.groups.items():
            shown = groups.get(group)
            if shown is None:
                found.append(("CreateServerGroup", key))
            elif (shown["ServerGroupName"], shown["ServiceName"], shown["Scheduler"].lower()) != (
                    f"default-{key}", f"default-{key}", "wrr"):
                found.append(("UpdateServerGroupAttribute", key, shown))
        balancers = self.tagged("ListLoadBalancers", "LoadBalancers", *self.tags("x")[:2])
        assert [one["LoadBalancerId"] for one in balancers] == [self.load_balancer]
        shown = self.call("GetLoadBalancerAttribute", LoadBalancerId=self.load_balancer)
        if shown["ModificationProtectionConfig"] != {"Reason": "", "Status": "ConsoleProtection"}:
            found.append(("UpdateLoadBalancerAttribute", shown["ModificationProtectionConfig"]))
        if not shown["DeletionProtectionConfig"]["Enabled"] or shown["LoadBalancerEdition"] != "Standard":
            found.append(("EnableDeletionProtection",))
        listeners = {one["ListenerId"]: one for one in self.call(
            "ListListeners", LoadBalancerIds=[self.load_balancer])["Listeners"]}
        for port, (listener, sent) in self.listeners.items():
            shown = listeners[listener]
            assert len(shown["DefaultActions"]) == 1
            for name, value in sent.items():
                if name == "Certificates":
                    continue
                have = shown.get(name)
                if name == "DefaultActions":
                    # Compared as a whole, with weights of 0: none may be shown.
                    value = value[0]
                    have = have[0]
                elif isinstance(value, dict):
                    have = {key: (have or {}).get(key, False) for key in value}
                if have != value:
                    found.append(("UpdateListenerAttribute", port, name, have, value))
            if sent["ListenerProtocol"] == "HTTPS":
                rows = self.call("ListListenerCertificates", ListenerId=listener)["Certificates"]
                default = [one["CertificateId"] for one in rows if one["IsDefault"]]
                if default != [one["CertificateId"] for one in sent["Certificates"]]:
                    found.append(("UpdateListenerAttribute", port, rows))
            self.running(listener)
            rules = self.call("ListRules", ListenerId=listener)["Rules"]
            for one in rules:
                sent_rule = self.rules.get(one["RuleId"], (port, None))[1]
                if sent_rule is None:
                    found.append(("DeleteRules", one["RuleId"]))
                    continue
                for name in ("RuleName", "Priority", "RuleConditions", "RuleActions"):
                    if one[name] != sent_rule[name]:
                        found.append(("UpdateRulesAttribute", name, one[name], sent_rule[name]))
            missing = {rule for rule, (at, _) in self.rules.items() if at == port} - {one["RuleId"] for one in rules}
            if missing:
                found.append(("CreateRules", missing))
        return found


# The cluster's side


def deploy(environment, name, replicas):
    labels = {"app": name}
    environment.kubernetes("POST", "/apis/apps/v1/namespaces/default/deployments", {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": name, "image": f"{name}:v1", "ports": [{"containerPort": 8080}]}]},
            },
        },
    })
    environment.kubernetes("POST", "/api/v1/namespaces/default/services", {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]},
    })
    return pods(environment, name, replicas)


def scale(environment, name, replicas):
    environment.kubernetes("PATCH", f"/apis/apps/v1/namespaces/default/deployments/{name}",
                           {"spec": {"replicas": replicas}}, "application/merge-patch+json")
    return pods(environment, name, replicas)


def pods(environment, name, count):
    """The addresses of a Service's Endpoints once there are so many, each with a Pod that is named."""

    def addresses():
        try:
            found = environment.kubernetes("GET", f"/api/v1/namespaces/default/endpoints/{name}")
        except Exception:
            return None
        rows = [row for subset in found.get("subsets") or [] for row in subset.get("addresses") or []]
        assert all(row["targetRef"]["kind"] == "Pod" for row in rows)
        return sorted(row["ip"] for row in rows) if len(rows) == count else None

    return environment.until(f"{count} pods of {name}", addresses, 60)


def get(environment, load_balancer, port, host, path="/", secure=False):
    """A request to a listener as a client makes it; its status and the certificate's names."""
    address, bound = environment.address(load_balancer, port)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(address, bound, timeout=10, context=context)
        connection._context = context
    else:
        connection = http.client.HTTPConnection(address, bound, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def serves(environment, load_balancer, port, host, path="/", status=200, secure=False):
    environment.until(
        f"{host}{path} answers {status}",
        lambda: get(environment, load_balancer, port, host, path, secure) == status,
    )


def test_the_life_of_an_ingress_group(cluster):
    controller = Controller(cluster)

    # An AlbConfig with a listener for HTTP.
    assert len(controller.switches()) >= 2
    assert controller.tagged("ListServerGroups", "ServerGroups", *controller.tags("x")[:2]) == []
    controller.make_group("fake-svc-80")
    assert controller.tagged("ListLoadBalancers", "LoadBalancers", *controller.tags("x")[:2]) == []
    balancer = controller.make_load_balancer()
    assert controller.call("ListListeners", LoadBalancerIds=[balancer])["Listeners"] == []
    controller.make_listener(80, "HTTP")
    assert controller.call("ListRules", ListenerId=controller.listeners[80][0])["Rules"] == []
    assert controller.differences() == []

    # The first Ingress.
    addresses = deploy(cluster, "tea", 1)
    group = controller.make_group("tea")
    controller.await_job(controller.call("AddServersToServerGroup", ServerGroupId=group, Servers=[
        {**one, "Weight": 100} for one in controller.servers(addresses, 8080)]))
    made = controller.make_rules(80, controller.rule(80, 1, "cafe.example.com", "tea", "/tea"))
    serves(cluster, balancer, 80, "cafe.example.com", "/tea")
    serves(cluster, balancer, 80, "cafe.example.com", "/other", status=503)
    assert controller.differences() == []

    # Scaling: one pod more, one pod less, and all replaced at once.
    more = scale(cluster, "tea", 3)
    coming = [address for address in more if address not in addresses]
    controller.await_job(controller.call("AddServersToServerGroup", ServerGroupId=group, Servers=[
        {**one, "Weight": 100} for one in controller.servers(coming, 8080)]))
    assert {address for _, address, _ in controller.members(group)} == set(more)
    before = controller.servers(more, 8080)
    fewer = scale(cluster, "tea", 1)
    leaving = [one for one in before if one["ServerIp"] not in fewer]
    controller.await_job(controller.call("RemoveServersFromServerGroup", ServerGroupId=group, Servers=leaving))
    cluster.until("they are gone", lambda: {one for _, one, _ in controller.members(group)} == set(fewer))
    stays = controller.servers(fewer, 8080)
    replaced = scale(cluster, "tea", 2)
    new = [address for address in replaced if address not in fewer]
    controller.retried("ReplaceServersInServerGroup", *BUSY, ServerGroupId=group,
                       AddedServers=[{**one, "Weight": 100} for one in controller.servers(new, 8080)],
                       RemovedServers=stays)
    cluster.until("they are replaced", lambda: {one for _, one, _ in controller.members(group)} == set(new))
    serves(cluster, balancer, 80, "cafe.example.com", "/tea")

    # A path is added, then a rule changes.
    coffee = deploy(cluster, "coffee", 1)
    other = controller.make_group("coffee")
    controller.await_job(controller.call("AddServersToServerGroup", ServerGroupId=other, Servers=[
        {**one, "Weight": 100} for one in controller.servers(coffee, 8080)]))
    made |= controller.make_rules(80, controller.rule(80, 2, "cafe.example.com", "coffee", "/coffee"))
    serves(cluster, balancer, 80, "cafe.example.com", "/coffee")
    changed = controller.rule(80, 1, "cafe.example.com", "tea", "/green-tea")
    controller.retried("UpdateRulesAttribute", *controller.BUSY_RULES, Rules=[
        {"RuleId": made[1], "RuleConditions": changed["RuleConditions"]}])
    controller.rules[made[1]] = (80, changed)
    serves(cluster, balancer, 80, "cafe.example.com", "/green-tea")
    serves(cluster, balancer, 80, "cafe.example.com", "/tea", status=503)
    controller.running(controller.listeners[80][0])
    assert controller.differences() == []

    # An Ingress with a Secret: HTTPS.
    certificate = controller.upload("default-cafe-tls-0a1b2c", "cafe.example.com")
    controller.make_group("fake-svc-443")
    controller.make_listener(443, "HTTPS", certificate)
    made443 = controller.make_rules(443, controller.rule(443, 1, "cafe.example.com", "tea"))
    serves(cluster, balancer, 443, "cafe.example.com", secure=True)
    controller.running(controller.listeners[443][0])
    assert controller.differences() == []

    # The Secret changes: a new certificate becomes the default one.
    renewed = controller.upload("default-cafe-tls-3d4e5f", "cafe.example.com")
    listener = controller.listeners[443][0]
    controller.retried("UpdateListenerAttribute", *controller.BUSY_RULES, ListenerId=listener,
                       Certificates=[{"CertificateId": renewed}])
    controller.listeners[443][1]["Certificates"] = [{"CertificateId": renewed}]
    controller.running(listener)
    # A second Secret, and it is dropped again.
    second = controller.upload("default-shop-tls-6a7b8c", "shop.example.com")
    controller.retried("AssociateAdditionalCertificatesWithListener", "IncorrectStatus.Listener",
                       ListenerId=listener, Certificates=[{"CertificateId": second}])
    controller.running(listener)
    assert controller.differences() == []
    controller.retried("DissociateAdditionalCertificatesFromListener", "IncorrectStatus.Listener",
                       ListenerId=listener, Certificates=[{"CertificateId": second}])
    controller.running(listener)

    # A tag of the user, put on and taken off by pairs.
    controller.call("TagResources", ResourceType="LoadBalancer", ResourceId=[balancer],
                    Tag=[{"Key": "team", "Value": "tea"}])
    controller.call("UnTagResources", ResourceType="LoadBalancer", ResourceId=[balancer],
                    Tag=[{"Key": "team", "Value": "tea"}])
    assert controller.differences() == []

    # A steady pass makes no write: all calls since are reads.
    calls = cluster.control("/trace")
    last = max(entry["id"] for entry in calls)
    assert controller.differences() == [] and controller.differences() == []
    after = [entry["record"]["action"] for entry in cluster.control(f"/trace?after={last}")
             if entry["kind"] == "cloud_call"]
    assert len(after) > 15
    assert all(action.startswith(("Get", "List", "Describe")) for action in after), after

    # The second Ingress goes: rules first, its groups at the very end.
    controller.retried("DeleteRules", *controller.BUSY_RULES, RuleIds=[made[2]])
    del controller.rules[made[2]]
    controller.retried("DeleteServerGroup", "ResourceInUse.ServerGroup", "IncorrectStatus.ServerGroup",
                       ServerGroupId=controller.groups.pop("coffee"))
    serves(cluster, balancer, 80, "cafe.example.com", "/coffee", status=503)

    # A listener goes with its rules.
    controller.retried("DeleteListener", "IncorrectStatus", ListenerId=listener)
    controller.listeners.pop(443)
    controller.rules.pop(made443[1])
    controller.retried("DeleteServerGroup", "ResourceInUse.ServerGroup", "IncorrectStatus.ServerGroup",
                       ServerGroupId=controller.groups.pop("fake-svc-443"))
    assert controller.differences() == []

    # The AlbConfig goes.
    assert controller.call("GetLoadBalancerAttribute", LoadBalancerId=balancer)["DeletionProtectionConfig"]["Enabled"]
    with pytest.raises(Refusal) as protected:
        controller.call("DeleteLoadBalancer", LoadBalancerId=balancer)
    assert protected.value.code == "OperationDenied.DeletionProtectionEnabled"
    controller.call("DisableDeletionProtection", ResourceId=balancer)
    controller.retried("DeleteLoadBalancer", "IncorrectStatus.LoadBalancer", LoadBalancerId=balancer)
    # Listeners and rules have gone with it, at once.
    assert controller.call("ListListeners", LoadBalancerIds=[balancer])["Listeners"] == []
    for key in sorted(controller.groups):
        controller.retried("DeleteServerGroup", "ResourceInUse.ServerGroup", "IncorrectStatus.ServerGroup",
                           ServerGroupId=controller.groups[key])
    cluster.until("nothing is left", lambda: controller.tagged(
        "ListServerGroups", "ServerGroups", *controller.tags("x")[:2]) == [])
    assert controller.tagged("ListLoadBalancers", "LoadBalancers", *controller.tags("x")[:2]) == []
    cluster.until("no zone serves it", lambda: cluster.control("/load-balancers") == [])


def test_nodes_are_found_by_their_addresses(cluster):
    controller = Controller(cluster)
    nodes = cluster.kubernetes("GET", "/api/v1/nodes")["items"]
    for node in nodes:
        address = next(one["address"] for one in node["status"]["addresses"] if one["type"] == "InternalIP")
        answer = controller.call("DescribeInstances", "ecs", VpcId=controller.vpc, InstanceNetworkType="vpc",
                                 PrivateIpAddresses=f'["{address}"]', MaxResults=50)
        instances = answer["Instances"]["Instance"]
        assert len(instances) == 1 and node["spec"]["providerID"].endswith(instances[0]["InstanceId"])
        assert not answer["NextToken"]
    everything = controller.call("DescribeNetworkInterfaces", "ecs", VpcId=controller.vpc, Status="InUse",
                                 PageNumber=1, PageSize=100)
    assert everything["TotalCount"] >= len(nodes)


def test_an_access_list_on_a_listener(cluster):
    controller = Controller(cluster)
    controller.make_group("fake-svc-80")
    balancer = controller.make_load_balancer()
    listener = controller.make_listener(80, "HTTP")
    assert controller.call("ListAcls")["Acls"] == []
    acl = controller.call("CreateAcl", AclName="acl-alb-80")["AclId"]

    def is_available():
        return controller.call("ListAcls", AclIds=[acl])["Acls"][0]["AclStatus"] == "Available"

    controller.polled(60, is_available)
    controller.call("AddEntriesToAcl", AclId=acl, AclEntries=[{"Entry": "10.0.0.0/8"}, {"Entry": "127.0.0.0/8"}])
    controller.polled(60, is_available)
    assert controller.call("ListAclRelations", AclIds=[acl])["AclRelations"][0]["RelatedListeners"] == []
    controller.retried("AssociateAclsWithListener", "IncorrectStatus", ListenerId=listener, AclType="White",
                       AclIds=[acl])
    controller.running(listener)
    shown = controller.call("GetListenerAttribute", ListenerId=listener)["AclConfig"]
    assert shown["AclType"] == "White" and [one["AclId"] for one in shown["AclRelations"]] == [acl]
    related = controller.call("ListAclRelations", AclIds=[acl])["AclRelations"][0]["RelatedListeners"]
    assert [one["ListenerId"] for one in related] == [listener]
    with pytest.raises(Refusal) as used:
        controller.call("DeleteAcl", AclId=acl)
    assert used.value.code == "ResourceInUse.Acl"
    controller.retried("DissociateAclsFromListener", "IncorrectStatus", ListenerId=listener, AclIds=[acl])
    controller.running(listener)
    controller.call("RemoveEntriesFromAcl", AclId=acl, Entries=["10.0.0.0/8", "127.0.0.0/8"])
    controller.polled(60, is_available)
    controller.call("DeleteAcl", AclId=acl)
    controller.call("DisableDeletionProtection", ResourceId=balancer)
    controller.retried("DeleteLoadBalancer", "IncorrectStatus.LoadBalancer", LoadBalancerId=balancer)
