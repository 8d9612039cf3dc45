# SPDX-License-Identifier: Apache-2.0
"""`albedo serve` while it runs, with its cloud, its API server and its control address."""

import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.request

from wire import Caller, Refusal

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALBEDO = os.environ.get("ALBEDO") or str(ROOT / ".build/debug/albedo")
BUSY = ("IncorrectStatus.", "ResourceInConfiguring", "ResourceInUse.")


class Environment:
    def __init__(self, *options):
        self.options = options
        self.directory = tempfile.mkdtemp(prefix="albedo-cloud-")
        self.start()

    def start(self):
        path = os.path.join(self.directory, "endpoints.json")
        if os.path.exists(path):
            os.unlink(path)
        log = open(os.path.join(self.directory, "log"), "a")
        self.process = subprocess.Popen(
            [ALBEDO, "serve", "--directory", self.directory, *self.options], stdout=log, stderr=log
        )
        end = time.monotonic() + 60
        while not os.path.exists(path):
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(pathlib.Path(self.directory, "log").read_text())
            time.sleep(0.02)
        self.endpoints = json.load(open(path))
        self.cloud = self.endpoints["cloud"]
        self.caller = self.new_caller()

    def new_caller(self, **more):
        return Caller(self.cloud["url"], region=self.cloud["region"], **more)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.directory, ignore_errors=True)

    def kill(self):
        """Ends it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=30)

    # The control address

    def control(self, path, body=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.endpoints["control"]["url"] + path, data=data, method=method or ("POST" if data else "GET")
        )
        return json.load(urllib.request.urlopen(request, timeout=30))

    def faults(self, **kinds):
        return self.control("/faults", kinds)

    def heal(self):
        return self.control("/faults", method="DELETE")

    # The API server

    def kubernetes(self, method, path, body=None, kind="application/json"):
        kubernetes = self.endpoints["kubernetes"]
        context = ssl.create_default_context(cadata=kubernetes["certificateAuthority"])
        request = urllib.request.Request(
            kubernetes["url"] + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {kubernetes['token']}", "Content-Type": kind},
        )
        return json.load(urllib.request.urlopen(request, timeout=30, context=context))

    # The cloud

    def until(self, what, question, seconds=30, pause=0.03):
        end = time.monotonic() + seconds
        while True:
            answer = question()
            if answer:
                return answer
            assert time.monotonic() < end, f"gave up waiting: {what}"
            time.sleep(pause)

    def patiently(self, action, caller=None, **parameters):
        """Makes a call again for as long as something is busy, as the upstream controller does."""
        end = time.monotonic() + 30
        while True:
            try:
                return (caller or self.caller).call(action, **parameters)
            except Refusal as refusal:
                if not refusal.code.startswith(BUSY) or time.monotonic() > end:
                    raise
            time.sleep(0.03)

    def zone_mappings(self):
        return [{"ZoneId": one["zoneId"], "VSwitchId": one["id"]} for one in self.cloud["vSwitches"]]

    def load_balancer(self, caller=None, **more):
        fields = {
            "VpcId": self.cloud["vpcId"],
            "AddressType": "Internet",
            "AddressAllocatedMode": "Fixed",
            "LoadBalancerName": "shop",
            "LoadBalancerEdition": "Standard",
            "LoadBalancerBillingConfig": {"PayType": "PostPay"},
            "ZoneMappings": self.zone_mappings(),
            **more,
        }
        caller = caller or self.caller
        made = caller.call("CreateLoadBalancer", **fields)["LoadBalancerId"]
        self.until(
            "the load balancer is active",
            lambda: caller.call("GetLoadBalancerAttribute", LoadBalancerId=made)["LoadBalancerStatus"] == "Active",
        )
        return made

    def server_group(self, caller=None, **more):
        fields = {
            "ServerGroupName": "tea",
            "VpcId": self.cloud["vpcId"],
            "ServerGroupType": "Ip",
            "Protocol": "HTTP",
            "HealthCheckConfig": {"HealthCheckEnabled": False},
            **more,
        }
        caller = caller or self.caller
        made = caller.call("CreateServerGroup", **fields)["ServerGroupId"]
        self.until(
            "the group is available",
            lambda: caller.call("ListServerGroups", ServerGroupIds=[made])["ServerGroups"][0]["ServerGroupStatus"]
            == "Available",
        )
        return made

    def listener(self, load_balancer, group, port=80, protocol="HTTP", caller=None, **more):
        made = self.patiently(
            "CreateListener",
            caller,
            LoadBalancerId=load_balancer,
            ListenerPort=port,
            ListenerProtocol=protocol,
            DefaultActions=forward(group),
            **more,
        )["ListenerId"]
        self.running(made, caller)
        return made

    def running(self, listener, caller=None):
        caller = caller or self.caller
        self.until(
            "the listener runs",
            lambda: caller.call("GetListenerAttribute", ListenerId=listener)["ListenerStatus"] == "Running",
        )

    def report(self, load_balancer):
        return next(one for one in self.control("/load-balancers") if one["id"] == load_balancer)

    def settle(self, load_balancer):
        """Waits until every zone serves the newest version."""

        def is_settled():
            report = self.report(load_balancer)
            return all(zone["servedVersion"] == report["version"] for zone in report["zones"])

        self.until("the zones serve the newest version", lambda: is_settled() and (time.sleep(0.1) or is_settled()))

    def address(self, load_balancer, port):
        """Where the first zone's listener really is, once it is open."""

        def place():
            zone = self.report(load_balancer)["zones"][0]
            bound = [one["boundPort"] for one in zone["listeners"] if one["port"] == port]
            return bound and bound[0] and (zone["address"], bound[0])

        return self.until(f"port {port} is open", place)


def forward(*groups):
    return [{
        "Type": "ForwardGroup",
        "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": group} for group in groups]},
    }]


def host_rule(host, priority, group, **more):
    return {
        "RuleName": f"rule-80-{priority}",
        "Priority": priority,
        "RuleConditions": [{"Type": "Host", "HostConfig": {"Values": [host]}}],
        "RuleActions": [{
            "Type": "ForwardGroup",
            "Order": 1,
            "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": group, "Weight": 100}]},
        }],
        **more,
    }
