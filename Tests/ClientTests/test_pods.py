# SPDX-License-Identifier: Apache-2.0
"""From an Ingress to a real program: the whole environment with its controller, and curl in front."""

import json
import ssl
import time
import urllib.error
import urllib.request

import pytest
from backend import Backend
from conftest import curl
from environment import Environment


class Cluster:
    """The API server of an environment."""

    def __init__(self, environment):
        self.kubernetes = environment.endpoints["kubernetes"]
        self.context = ssl.create_default_context(cadata=self.kubernetes["certificateAuthority"])

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.kubernetes["url"] + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Authorization": f"Bearer {self.kubernetes['token']}",
                "Content-Type": "application/json",
            },
        )
        return json.load(urllib.request.urlopen(request, context=self.context, timeout=30))


def objects(environment, annotations):
    switches = [{"vSwitchId": one["id"]} for one in environment.endpoints["cloud"]["vSwitches"][:2]]
    ports = [{"name": "http", "port": 80, "targetPort": 8080}]
    backend = {"service": {"name": "tea", "port": {"number": 80}}}
    pod = {
        "metadata": {"labels": {"app": "tea"}, "annotations": annotations},
        "spec": {"containers": [{"name": "tea", "image": "tea:v1", "ports": [{"containerPort": 8080}]}]},
    }
    return [
        (
            "/apis/networking.k8s.io/v1/ingressclasses",
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "IngressClass",
                "metadata": {"name": "alb"},
                "spec": {
                    "controller": "ingress.k8s.alibabacloud/alb",
                    "parameters": {"apiGroup": "alibabacloud.com", "kind": "AlbConfig", "name": "alb"},
                },
            },
        ),
        (
            "/apis/alibabacloud.com/v1/albconfigs",
            {
                "apiVersion": "alibabacloud.com/v1",
                "kind": "AlbConfig",
                "metadata": {"name": "alb"},
                "spec": {
                    "config": {"name": "shop", "addressType": "Internet", "zoneMappings": switches},
                    "listeners": [{"port": 80, "protocol": "HTTP"}],
                },
            },
        ),
        (
            "/apis/apps/v1/namespaces/default/deployments",
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "tea"},
                "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "tea"}}, "template": pod},
            },
        ),
        (
            "/api/v1/namespaces/default/services",
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": "tea"},
                "spec": {"selector": {"app": "tea"}, "ports": ports},
            },
        ),
        (
            "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "Ingress",
                "metadata": {"name": "shop"},
                "spec": {
                    "ingressClassName": "alb",
                    "rules": [
                        {
                            "host": "tea.example.com",
                            "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]},
                        }
                    ],
                },
            },
        ),
    ]


@pytest.fixture(scope="module")
def program():
    made = Backend("program")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def served(program):
    environment = Environment()
    cluster = Cluster(environment)
    for path, body in objects(environment, {"albedo.dev/program": f"127.0.0.1:{program.port}"}):
        cluster.call("POST", path, body)
    yield environment, cluster
    environment.stop()


def url(environment):
    deadline = time.time() + 60
    while time.time() < deadline:
        for balancer in environment.control("/load-balancers"):
            for listener in balancer["listeners"]:
                if listener["boundPort"]:
                    return f"http://{balancer['address']}:{listener['boundPort']}"
        time.sleep(0.1)
    raise TimeoutError("no load balancer came")


def eventually(ask, limit=60):
    deadline = time.time() + limit
    while True:
        found = ask()
        if found or time.time() > deadline:
            return found
        time.sleep(0.2)


def test_a_program_answers_in_the_pods_place(served, program):
    environment, _ = served
    address = url(environment)

    def answer():
        status, _, body = curl("-H", "Host: tea.example.com", address + "/cup")
        return json.loads(body) if status == 200 else None

    seen = eventually(answer)
    assert seen["server"] == "program" and seen["path"] == "/cup"
    assert dict(seen["headers"])["Host"] == "tea.example.com"


def test_without_the_annotation_the_script_answers_again(served, program):
    environment, cluster = served
    address = url(environment)
    path = "/apis/apps/v1/namespaces/default/deployments/tea"
    deployment = cluster.call("GET", path)
    deployment["spec"]["template"]["metadata"]["annotations"] = {"albedo.dev/script": '{"body": "scripted"}'}
    cluster.call("PUT", path, deployment)

    def answers():
        bodies = {curl("-H", "Host: tea.example.com", address + "/cup")[2] for _ in range(4)}
        return bodies == {b"scripted"}

    assert eventually(answers)
