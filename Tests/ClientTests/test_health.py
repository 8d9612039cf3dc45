# SPDX-License-Identifier: Apache-2.0
"""Health checks over sockets: HTTP, HTTPS, TCP and gRPC, good and bad."""

import ssl
import threading
import time
from concurrent import futures

import grpc
import pytest
from backend import Handler, Server


@pytest.fixture(scope="module")
def ports(authority, backends):
    """Ports where a plain program, one over TLS, one of gRPC, and nobody answers."""
    certificate, key = authority.issue("server.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    secure = Server(("127.0.0.1", 0), Handler)
    secure.name, secure.seen = "secure", []
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    calls = grpc.server(futures.ThreadPoolExecutor(2))
    port = calls.add_insecure_port("127.0.0.1:0")
    calls.start()
    yield {"plain": backends[0].port, "secure": secure.server_address[1], "grpc": port, "nobody": 1}
    secure.shutdown()
    calls.stop(0)


def health(kind, **more):
    return {
        "HealthCheckEnabled": True,
        "HealthCheckProtocol": kind,
        "HealthCheckInterval": 1,
        "HealthCheckTimeout": 1,
        "HealthyThreshold": 2,
        "UnhealthyThreshold": 2,
        **more,
    }


CASES = [
    ("plain", "HTTP", health("HTTP"), None),
    ("plain", "HTTP", health("HTTP", HealthCheckPath="/status/404"), "RESPONSE_MISMATCH"),
    ("plain", "HTTP", health("HTTP", HealthCheckPath="/status/404", HealthCheckCodes=["http_4xx"]), None),
    ("plain", "HTTP", health("HTTP", HealthCheckMethod="GET", HealthCheckHttpVersion="HTTP1.0"), None),
    ("plain", "HTTP", health("TCP"), None),
    ("nobody", "HTTP", health("TCP"), "CONNECT_FAILED"),
    ("nobody", "HTTP", health("HTTP"), "CONNECT_FAILED"),
    ("secure", "HTTPS", health("HTTPS"), None),
    ("plain", "HTTPS", health("HTTPS"), "CONNECT_FAILED"),
    # The program has no health service: it says so with 12.
    ("grpc", "gRPC", health("gRPC", HealthCheckMethod="POST", HealthCheckCodes=["12"]), None),
    ("grpc", "gRPC", health("gRPC", HealthCheckMethod="POST", HealthCheckCodes=["0"]), "RESPONSE_MISMATCH"),
]


@pytest.fixture(scope="module")
def groups(environment, ports, certificates):
    balancer = environment.load_balancer()
    made = []
    for number, (server, protocol, check, _) in enumerate(CASES):
        group = environment.server_group([ports[server]], protocol=protocol, health=check)
        secure = protocol == "gRPC"
        attributes = {"Certificates": [{"CertificateId": certificates["cafe.example.com"]}]} if secure else {}
        listener = balancer.listener("HTTPS" if secure else "HTTP", 9100 + number, group, **attributes)
        made.append((group, listener))
    time.sleep(2.5)
    return made


def found(environment, group, listener):
    """The reason that the listener's health names for a group's server; nil when it is well."""
    status = environment.call("GetListenerHealthStatus", ListenerId=listener)
    for entry in status["ListenerHealthStatus"]:
        for one in entry.get("ServerGroupInfos", []):
            if one["ServerGroupId"] == group:
                for server in one.get("NonNormalServers", []):
                    return server.get("Reason", {}).get("ReasonCode") or server["Status"]
    return None


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{case[1]} {case[2]['HealthCheckProtocol']} {case[3]}" for case in CASES])
def test_a_check_finds_what_there_is(environment, groups, number):
    deadline = time.time() + 20
    while found(environment, *groups[number]) != CASES[number][3] and time.time() < deadline:
        time.sleep(0.2)
    assert found(environment, *groups[number]) == CASES[number][3]
