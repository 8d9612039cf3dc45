# SPDX-License-Identifier: Apache-2.0
"""A served environment with the cloud's calls: what the tests of this folder stand on."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALBEDO = os.environ.get("ALBEDO", str(ROOT / ".build/debug/albedo"))


class CloudError(Exception):
    """A refusal: its code, message and status."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body.get('Code')}: {body.get('Message')}")
        self.code = body.get("Code")


def _encode(text):
    return urllib.parse.quote(str(text), safe="-_.~")


def flatten(value, prefix=""):
    """`{"A": [{"B": 1}]}` as `{"A.1.B": "1"}`."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = ((str(number + 1), item) for number, item in enumerate(value))
    else:
        if isinstance(value, bool):
            value = "true" if value else "false"
        return {prefix: str(value)}
    found = {}
    for key, item in items:
        found.update(flatten(item, f"{prefix}.{key}" if prefix else key))
    return found


class Environment:
    """`albedo serve` while it runs."""

    def __init__(self, *options):
        self.directory = tempfile.mkdtemp(prefix="albedo-clients-")
        self.process = subprocess.Popen(
            [ALBEDO, "serve", "--directory", self.directory, *options],
            stdout=subprocess.DEVNULL,
            stderr=open(os.path.join(self.directory, "log"), "w"),
        )
        deadline = time.time() + 60
        path = os.path.join(self.directory, "endpoints.json")
        while not os.path.exists(path):
            if time.time() > deadline or self.process.poll() is not None:
                raise RuntimeError(open(os.path.join(self.directory, "log")).read())
            time.sleep(0.05)
        self.endpoints = json.load(open(path))
        self.load_balancers_made = 0

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)

    # The cloud

    def call(self, action, version="2020-06-16", **parameters):
        cloud = self.endpoints["cloud"]
        query = flatten(parameters)
        query.update(
            Action=action,
            Version=version,
            Format="JSON",
            AccessKeyId=cloud["accessKeyId"],
            SignatureMethod="HMAC-SHA1",
            SignatureVersion="1.0",
            SignatureNonce=str(uuid.uuid4()),
            RegionId=cloud["region"],
            Timestamp=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        text = "&".join(f"{_encode(key)}={_encode(query[key])}" for key in sorted(query))
        key = (cloud["accessKeySecret"] + "&").encode()
        to_sign = ("POST&%2F&" + _encode(text)).encode()
        signature = base64.b64encode(hmac.new(key, to_sign, hashlib.sha1).digest()).decode()
        body = (text + "&Signature=" + _encode(signature)).encode()
        host = "cas.aliyuncs.com" if version == "2020-04-07" else None
        request = urllib.request.Request(cloud["url"] + "/", data=body)
        if host:
            request.add_header("Host", host)
        try:
            return json.load(urllib.request.urlopen(request, timeout=30))
        except urllib.error.HTTPError as error:
            raise CloudError(error.code, json.load(error)) from None

    def patiently(self, action, **parameters):
        """Repeats a call for as long as something is being configured."""
        deadline = time.time() + 20
        while True:
            try:
                return self.call(action, **parameters)
            except CloudError as error:
                if "Incorrect" not in (error.code or "") and "InConfiguring" not in (error.code or ""):
                    raise
                if time.time() > deadline:
                    raise
                time.sleep(0.05)

    def load_balancer(self):
        cloud = self.endpoints["cloud"]
        found = self.call(
            "CreateLoadBalancer",
            VpcId=cloud["vpcId"],
            AddressType="Internet",
            LoadBalancerEdition="Standard",
            LoadBalancerName=f"clients-{uuid.uuid4().hex[:8]}",
            LoadBalancerBillingConfig={"PayType": "PostPay"},
            ZoneMappings=[
                {"ZoneId": switch["zoneId"], "VSwitchId": switch["id"]} for switch in cloud["vSwitches"][:2]
            ],
        )
        return LoadBalancer(self, found["LoadBalancerId"])

    def server_group(self, ports, protocol="HTTP", health=None, **attributes):
        attributes.setdefault("HealthCheckConfig", health or {"HealthCheckEnabled": False})
        group = self.call(
            "CreateServerGroup",
            ServerGroupName=f"group-{uuid.uuid4().hex[:8]}",
            ServerGroupType="Ip",
            VpcId=self.endpoints["cloud"]["vpcId"],
            Protocol=protocol,
            **attributes,
        )["ServerGroupId"]
        self.patiently(
            "AddServersToServerGroup",
            ServerGroupId=group,
            Servers=[
                {
                    "ServerType": "Ip",
                    "ServerId": "127.0.0.1",
                    "ServerIp": "127.0.0.1",
                    "Port": port,
                    "Weight": 100,
                    "RemoteIpEnabled": True,
                }
                for port in ports
            ],
        )
        return group

    def certificate(self, certificate, key):
        """Uploads a certificate in PEM; its id."""
        found = self.call(
            "UploadUserCertificate",
            version="2020-04-07",
            Name=f"cert-{uuid.uuid4().hex[:8]}",
            Cert=certificate,
            Key=key,
        )
        return f"{found['CertId']}-cn-hangzhou"

    # The control address

    def control(self, path, body=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.endpoints["control"]["url"] + path, data=data, method=method or ("POST" if data else "GET")
        )
        return json.load(urllib.request.urlopen(request, timeout=30))


def forward(*groups, **more):
    """A forward action: groups, or pairs of a group and its weight."""
    tuples = [
        {"ServerGroupId": group[0], "Weight": group[1]} if isinstance(group, tuple) else {"ServerGroupId": group}
        for group in groups
    ]
    return {"Type": "ForwardGroup", "ForwardGroupConfig": {"ServerGroupTuples": tuples, **more}}


class LoadBalancer:
    """A load balancer and how to reach its listeners."""

    def __init__(self, environment, identifier):
        self.environment = environment
        self.id = identifier
        self.priority = 0

    def listener(self, protocol, port, group, **attributes):
        found = self.environment.patiently(
            "CreateListener",
            LoadBalancerId=self.id,
            ListenerProtocol=protocol,
            ListenerPort=port,
            DefaultActions=[
                {
                    "Type": "ForwardGroup",
                    "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": group}]},
                }
            ],
            **attributes,
        )["ListenerId"]
        self.wait(port)
        return found

    def rules(self, listener, *rules, direction="Request"):
        """Makes rules of pairs of conditions and actions, in their order."""
        made = []
        for start in range(0, len(rules), 10):
            batch = []
            for conditions, actions in rules[start : start + 10]:
                self.priority += 1
                numbered = [dict(action, Order=place + 1) for place, action in enumerate(actions)]
                batch.append(
                    {
                        "RuleName": f"rule-{self.priority}",
                        "Priority": self.priority,
                        "Direction": direction,
                        "RuleConditions": conditions,
                        "RuleActions": numbered,
                    }
                )
            found = self.environment.patiently("CreateRules", ListenerId=listener, Rules=batch)
            made += [rule["RuleId"] for rule in found["RuleIds"]]
        self.settle()
        return made

    def report(self):
        return next(one for one in self.environment.control("/load-balancers") if one["id"] == self.id)

    def settle(self):
        """Waits until both zones serve the present version."""
        deadline = time.time() + 20
        steady = 0
        while time.time() < deadline:
            report = self.report()
            busy = any(listener["status"] != "Running" for listener in report["listeners"])
            if not busy and all(zone["servedVersion"] == report["version"] for zone in report["zones"]):
                steady += 1
                if steady > 3:
                    return
            else:
                steady = 0
            time.sleep(0.03)
        raise TimeoutError("the zones do not get the newest version")

    def wait(self, port):
        deadline = time.time() + 20
        while time.time() < deadline:
            found = [one for one in self.report()["zones"][0]["listeners"] if one["port"] == port]
            if found and found[0]["boundPort"]:
                return
            time.sleep(0.03)
        raise TimeoutError(f"no listener on {port}")

    def address(self, port):
        """Where the first zone's listener really is."""
        zone = self.report()["zones"][0]
        bound = next(one["boundPort"] for one in zone["listeners"] if one["port"] == port)
        return zone["address"], bound

    def url(self, port, scheme="http"):
        host, bound = self.address(port)
        return f"{scheme}://{host}:{bound}"
