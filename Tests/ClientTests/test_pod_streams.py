# SPDX-License-Identifier: Apache-2.0
"""Pods that speak WebSocket and gRPC by their script, with real clients in front of the whole environment."""

import asyncio
import base64
import json
import ssl
import urllib.error

import grpc
import pytest
import websockets
from environment import Environment
from test_pods import Cluster, eventually, objects

SCRIPTS = {
    "tea": {"websocket": {"goodbye": True}, "grpc": True, "onTerm": "drain"},
    "plain": {"body": "plain"},
    "coffee": {"websocket": {"push": "200ms", "pushes": 3}, "grpc": {"push": "200ms", "pushes": 3}},
}


def workload(name):
    template = {
        "metadata": {
            "labels": {"app": name},
            "annotations": {"albedo.dev/script": json.dumps(SCRIPTS[name])},
        },
        "spec": {"containers": [{"name": name, "image": f"{name}:v1", "ports": [{"containerPort": 8080}]}]},
    }
    return [
        (
            "/apis/apps/v1/namespaces/default/deployments",
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": name},
                "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": template},
            },
        ),
        (
            "/api/v1/namespaces/default/services",
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": name},
                "spec": {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]},
            },
        ),
    ]


def ingress(name, host, paths, annotations):
    return (
        "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": name, "annotations": annotations},
            "spec": {
                "ingressClassName": "alb",
                "tls": [{"hosts": [host], "secretName": "cafe-tls"}],
                "rules": [
                    {
                        "host": host,
                        "http": {
                            "paths": [
                                {
                                    "path": path,
                                    "pathType": "Prefix",
                                    "backend": {"service": {"name": service, "port": {"number": 80}}},
                                }
                                for path, service in paths.items()
                            ]
                        },
                    }
                ],
            },
        },
    )


def secret(certificate, key):
    def encoded(file):
        return base64.b64encode(file.read_bytes()).decode()

    return (
        "/api/v1/namespaces/default/secrets",
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "cafe-tls"},
            "type": "kubernetes.io/tls",
            "data": {"tls.crt": encoded(certificate), "tls.key": encoded(key)},
        },
    )


def serve(authority, annotations, paths):
    """An environment with two workloads behind one Ingress; gives it, its cluster and the address of port 443."""
    environment = Environment()
    cluster = Cluster(environment)
    ingress_class, (path, alb_config), *_ = objects(environment, {})
    alb_config["spec"]["listeners"] = [{"port": 443, "protocol": "HTTPS"}]
    cluster.call("POST", *ingress_class)

    def made():
        try:
            return cluster.call("POST", path, alb_config)
        except urllib.error.HTTPError as error:
            # The controller installs the definition after its start.
            assert error.code == 404
            return None

    assert eventually(made)
    cluster.call("POST", *secret(*authority.issue("cafe.example.com")))
    for name in SCRIPTS:
        for path, body in workload(name):
            cluster.call("POST", path, body)
    cluster.call("POST", *ingress("cafe", "cafe.example.com", paths, annotations))

    def address():
        bound = [
            (balancer["address"], listener["boundPort"])
            for balancer in environment.control("/load-balancers")
            for listener in balancer["listeners"]
            if listener["boundPort"] and listener["port"] == 443
        ]
        return bound[0] if bound else None

    found = eventually(address)
    assert found, "no load balancer came"
    return environment, cluster, found


@pytest.fixture(scope="module")
def sockets(authority):
    environment, cluster, address = serve(authority, {}, {"/tea": "tea", "/coffee": "coffee", "/plain": "plain"})
    yield cluster, address
    environment.stop()


@pytest.fixture(scope="module")
def calls(authority):
    annotations = {"alb.ingress.kubernetes.io/backend-protocol": "grpc"}
    environment, cluster, address = serve(authority, annotations, {"/shop.Talk/": "tea", "/shop.Feed/": "coffee"})
    credentials = grpc.ssl_channel_credentials(authority.root.read_bytes())
    options = (("grpc.ssl_target_name_override", "cafe.example.com"),)
    with grpc.secure_channel(f"{address[0]}:{address[1]}", credentials, options) as channel:
        yield cluster, channel
    environment.stop()


def connect(address, path):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return websockets.connect(
        f"wss://cafe.example.com{path}", host=address[0], port=address[1], ssl=context, compression=None
    )


async def opened(address, path, limit=60):
    """A socket, tried until the zone forwards it."""
    while True:
        try:
            return await connect(address, path)
        except (websockets.InvalidStatus, OSError):
            limit -= 1
            if not limit:
                raise
            await asyncio.sleep(1)


def test_a_pod_answers_each_message_of_a_socket(sockets):
    async def talk():
        socket = await opened(sockets[1], "/tea/chat")
        for message in ("hello", "x" * 50_000, b"\x00\x01"):
            await socket.send(message)
            assert await socket.recv() == message
        await socket.close(1000)
        assert socket.close_code == 1000

    asyncio.run(asyncio.wait_for(talk(), 90))


def test_a_pod_pushes_by_itself(sockets):
    async def listen():
        socket = await opened(sockets[1], "/coffee/feed")
        assert [await socket.recv() for _ in range(3)] == ["push 1", "push 2", "push 3"]
        await socket.close()

    asyncio.run(asyncio.wait_for(listen(), 90))


def test_a_pod_that_goes_says_goodbye(sockets):
    cluster, address = sockets

    async def hold():
        socket = await opened(address, "/tea/chat")
        path = "/apis/apps/v1/namespaces/default/deployments/tea"
        deployment = cluster.call("GET", path)
        deployment["spec"]["replicas"] = 0
        cluster.call("PUT", path, deployment)
        await socket.wait_closed()
        assert socket.close_code == 1001

    asyncio.run(asyncio.wait_for(hold(), 90))


def test_a_program_without_sockets_answers_as_ever(sockets):
    async def refused():
        await opened(sockets[1], "/coffee/feed")
        with pytest.raises(websockets.InvalidStatus) as answer:
            await connect(sockets[1], "/plain")
        assert answer.value.response.status_code == 200

    asyncio.run(asyncio.wait_for(refused(), 90))


def test_a_pod_answers_a_call(calls):
    def ask():
        try:
            return calls[1].unary_unary("/shop.Talk/Order")(b"tea", timeout=10)
        except grpc.RpcError:
            return None

    assert eventually(ask) == b"tea"


def test_a_pod_answers_each_message_of_a_call(calls):
    answers = list(calls[1].stream_stream("/shop.Talk/Chat")(iter([b"1", b"22", b"333"]), timeout=10))
    assert answers == [b"1", b"22", b"333"]


def test_a_pod_feeds_a_call_and_ends_it(calls):
    answers = list(calls[1].unary_stream("/shop.Feed/Watch")(b"menu", timeout=20))
    assert answers == [b"menu", b"push 1", b"push 2", b"push 3"]
