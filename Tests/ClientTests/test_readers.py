# SPDX-License-Identifier: Apache-2.0
"""Clients that take their answers slowly get them whole, also where the load balancer ends the connection."""

import socket
import ssl
import time

import h2.config
import h2.connection
import hyperframe.frame
import pytest


@pytest.fixture(scope="module")
def balancer(environment, backends, certificates):
    made = environment.load_balancer()
    group = environment.server_group([backends[0].port])
    made.listener("HTTP", 80, group, IdleTimeout=1)
    made.listener(
        "HTTPS",
        443,
        group,
        IdleTimeout=1,
        Certificates=[{"CertificateId": certificates["default.example.org"]}],
    )
    made.settle()
    return made


def connect(address, secure=False, protocols=()):
    """A connection whose side of the network holds little."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    opened.settimeout(20)
    opened.connect(address)
    if not secure:
        return opened
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(protocols)
    return context.wrap_socket(opened)


def read(opened, pauses=()):
    """All that comes until the end, with pauses in seconds after so many bytes."""
    taken, pauses = b"", list(pauses)
    while piece := opened.recv(65_536):
        taken += piece
        if pauses and len(taken) > pauses[0][0]:
            time.sleep(pauses.pop(0)[1])
    return taken


@pytest.mark.parametrize("port, secure", [(80, False), (443, True)])
@pytest.mark.parametrize("pauses", [[], [(1_000_000, 3)], [(7_000_000, 6)]], ids=["none", "early", "late"])
def test_the_last_answer_of_a_connection_comes_whole(balancer, port, secure, pauses):
    with connect(balancer.address(port), secure) as opened:
        opened.sendall(b"GET /large/9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        head, _, body = read(opened, pauses).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert len(body) == 9 * 880_000


@pytest.mark.parametrize("port, secure", [(80, False), (443, True)])
def test_an_idle_connection_ends_after_its_answer_has_come(balancer, port, secure):
    with connect(balancer.address(port), secure) as opened:
        opened.sendall(b"GET /large/9 HTTP/1.1\r\nHost: a\r\n\r\n")
        _, _, body = read(opened, [(7_800_000, 4)]).partition(b"\r\n\r\n")
    assert len(body) == 9 * 880_000


def frames(opened):
    """The frames that come until the connection ends; h2's own reader takes none after GOAWAY."""
    waiting = b""
    while piece := opened.recv(65_536):
        waiting += piece
        while len(waiting) >= 9:
            frame, length = hyperframe.frame.Frame.parse_frame_header(memoryview(waiting[:9]))
            if len(waiting) < 9 + length:
                break
            frame.parse_body(memoryview(waiting[9 : 9 + length]))
            waiting = waiting[9 + length :]
            yield frame


def test_an_answer_over_http2_waits_for_its_window(balancer):
    """The connection is idle for the load balancer long before its client wants the rest."""
    with connect(balancer.address(443), True, ["h2"]) as opened:
        client = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        client.initiate_connection()
        client.increment_flow_control_window(10_000_000)
        fields = [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/large")]
        client.send_headers(1, fields, end_stream=True)
        opened.sendall(client.data_to_send())
        taken, seen = 0, []
        for frame in frames(opened):
            if isinstance(frame, hyperframe.frame.GoAwayFrame):
                seen.append("GOAWAY")
            if not isinstance(frame, hyperframe.frame.DataFrame):
                continue
            before, taken = taken, taken + len(frame.data)
            if before < 830_000 <= taken:
                time.sleep(3)
            if "END_STREAM" in frame.flags:
                seen.append("END_STREAM")
            else:
                opened.sendall(hyperframe.frame.WindowUpdateFrame(1, len(frame.data)).serialize())
        assert taken == 880_000
        assert sorted(seen) == ["END_STREAM", "GOAWAY"]


def test_servers_of_old_clients_are_asked_in_their_version(balancer, environment, backends):
    import json

    def ask(head):
        with connect(balancer.address(80)) as opened:
            opened.sendall(head)
            head, _, body = read(opened).partition(b"\r\n\r\n")
        return head, json.loads(body)

    head, seen = ask(b"GET /old HTTP/1.0\r\nHost: a\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ") and seen["version"] == "HTTP/1.0"
    head, seen = ask(b"GET /old HTTP/1.0\r\n\r\n")
    assert "Host" not in dict(seen["headers"])
    head, seen = ask(b"POST /old HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc")
    assert (seen["version"], seen["body"]) == ("HTTP/1.0", 3)
    head, seen = ask(b"GET /new HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert seen["version"] == "HTTP/1.1"
