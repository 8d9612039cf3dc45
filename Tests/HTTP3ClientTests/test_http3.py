# SPDX-License-Identifier: Apache-2.0
"""HTTP/3 clients of other makes against the load balancer's QUIC listener."""

import asyncio
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import time
import http.client

import pytest
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from conftest import HOST
from h3client import connected


def in_quic(shop, body):
    async def run():
        async with connected(*shop.address("QUIC"), HOST, shop.pem) as client:
            return await body(client)

    return asyncio.run(run())


def test_a_build_without_quic_says_how_to_get_one(any_shop):
    if any_shop.failure is None:
        pytest.skip("this build has QUIC")
    assert "--traits QUIC" in any_shop.failure


def test_the_backend_answers_and_learns_of_the_client(shop):
    answer = in_quic(shop, lambda client: client.request("GET", HOST, "/cart?n=1", headers=[("x-own", "yes")]))
    told = json.loads(answer.body)
    headers = {name.lower(): value for name, value in told["headers"]}
    assert answer.status == 200
    assert (told["method"], told["path"]) == ("GET", "/cart?n=1")
    assert headers["host"] == HOST and headers["x-own"] == "yes"


def test_rules_hold_as_on_https(shop):
    answer = in_quic(shop, lambda client: client.request("GET", HOST, "/tea"))
    host, port = shop.address("HTTPS")
    connection = http.client.HTTPSConnection(host, port, context=ssl._create_unverified_context())
    connection.request("GET", "/tea", headers={"Host": HOST})
    other = connection.getresponse()
    assert (answer.status, answer.body) == (418, b"tea") == (other.status, other.read())


def test_https_tells_of_the_quic_listener(shop):
    host, port = shop.address("HTTPS")
    connection = http.client.HTTPSConnection(host, port, context=ssl._create_unverified_context())
    connection.request("GET", "/", headers={"Host": HOST})
    told = connection.getresponse().getheader("alt-svc")
    assert told and told.startswith('h3=":443"')


def test_requests_of_a_client_that_moves_come_from_its_new_address(shop):
    async def moving(client):
        async def source():
            told = json.loads((await client.request("GET", HOST, "/")).body)
            return next(value for name, value in told["headers"] if name.lower() == "x-forwarded-for")

        first = await source()
        await client.move("127.0.0.77")
        for _ in range(20):  # the first one from there may come before the path is proven
            last = await source()
            if last != first:
                break
            await asyncio.sleep(0.1)
        return first, last

    assert in_quic(shop, moving) == ("127.0.0.1", "127.0.0.77")


def test_bodies_of_half_a_megabyte_pass_both_ways(shop):
    async def both(client):
        return (
            await client.request("POST", HOST, "/upload", body=b"x" * 500_000),
            await client.request("GET", HOST, "/large"),
        )

    up, down = in_quic(shop, both)
    assert json.loads(up.body)["body"] == 500_000
    assert len(down.body) == 44 * 20_000


def test_a_reader_that_pauses_longer_than_the_idle_time_gets_the_rest(shop):
    shop.environment.patiently("UpdateListenerAttribute", ListenerId=shop.quic, IdleTimeout=1)
    shop.balancer.settle()

    async def pausing(client):
        asked = asyncio.ensure_future(client.request("GET", HOST, "/large/2", patience=20))
        while sum(len(answer.body) for answer in client.answers.values()) < 2 * 880_000 - 250_000:
            await asyncio.sleep(0)
        time.sleep(4)  # nothing is acknowledged meanwhile
        return await asked

    try:
        assert len(in_quic(shop, pausing).body) == 2 * 880_000
    finally:
        shop.environment.patiently("UpdateListenerAttribute", ListenerId=shop.quic, IdleTimeout=15)
        shop.balancer.settle()


def test_a_hundred_requests_share_a_connection(shop):
    async def many(client):
        return await asyncio.gather(*(client.request("GET", HOST, f"/n/{n}") for n in range(100)))

    answers = in_quic(shop, many)
    assert [json.loads(answer.body)["path"] for answer in answers] == [f"/n/{n}" for n in range(100)]


def test_a_certificate_for_another_name_is_not_believed(shop):
    async def run():
        async with connected(*shop.address("QUIC"), "other.example.com", shop.pem) as client:
            await client.request("GET", "other.example.com", "/")

    with pytest.raises(ConnectionError):
        asyncio.run(run())


def test_rubbish_on_the_port_changes_nothing(shop):
    host, port = shop.address("QUIC")
    rubbish = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for size in (0, 1, 20, 400, 1200, 1400):
        for first in (0x00, 0x40, 0xC0, 0xFF):
            rubbish.sendto((bytes([first]) + os.urandom(size))[:size], (host, port))
    answer = in_quic(shop, lambda client: client.request("GET", HOST, "/"))
    assert answer.status == 200


def test_an_unknown_version_is_answered_with_the_known_one(shop):
    host, port = shop.address("QUIC")
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.settimeout(5)
    identifier = bytes(range(8))
    packet = b"\xc0\x1a\x2a\x3a\x4a" + bytes([8]) + identifier + bytes([8]) + identifier
    probe.sendto(packet.ljust(1200, b"\0"), (host, port))
    reply = probe.recv(2048)
    assert reply[0] & 0x80 and reply[1:5] == b"\0\0\0\0"
    assert b"\0\0\0\1" in reply[5:]


@pytest.mark.skipif(shutil.which("gtlsclient") is None, reason="gtlsclient is not installed (ngtcp2-client)")
@pytest.mark.parametrize("move", [[], ["--change-local-addr=20ms"], ["--change-local-addr=20ms", "--nat-rebinding"]])
def test_gtlsclient_is_served_also_when_it_moves(shop, move):
    host, port = shop.address("QUIC")
    done = subprocess.run(
        [
            "gtlsclient", "--exit-on-all-streams-close", f"--sni={HOST}", *move, host, str(port),
            f"https://{HOST}/tea",
        ],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert "[:status: 418]" in done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("gtlsclient") is None, reason="gtlsclient is not installed (ngtcp2-client)")
def test_a_client_that_comes_back_sends_its_request_with_its_first_packet(shop, tmp_path):
    host, port = shop.address("QUIC")

    def visit(path):
        done = subprocess.run(
            [
                "gtlsclient", "--exit-on-all-streams-close", f"--sni={HOST}", f"--session-file={tmp_path}/session",
                f"--tp-file={tmp_path}/parameters", host, str(port), f"https://{HOST}{path}",
            ],
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.stdout + done.stderr

    first = visit("/tea")
    assert "[:status: 418]" in first and "0RTT" not in first
    again = visit("/tea")
    assert "[:status: 418]" in again
    assert "tx" in again and "0RTT" in again
    assert "Early data was rejected" not in again


@pytest.mark.skipif(shutil.which("gtlsclient") is None, reason="gtlsclient is not installed (ngtcp2-client)")
def test_when_many_handshakes_hang_a_client_has_to_show_where_it_is(shop):
    host, port = shop.address("QUIC")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for number in range(300):
            if number % 20 == 0:
                time.sleep(0.02)  # the socket's queue is short
            configuration = QuicConfiguration(is_client=True, alpn_protocols=["h3"], server_name=HOST)
            begun = QuicConnection(configuration=configuration)
            begun.connect((host, port), now=0.0)
            for datagram, _ in begun.datagrams_to_send(now=0.0):
                stranger.sendto(datagram, (host, port))
        done = subprocess.run(
            [
                "gtlsclient", "--exit-on-all-streams-close", f"--sni={HOST}", host, str(port),
                f"https://{HOST}/tea",
            ],
            capture_output=True,
            text=True,
            timeout=20,
        )
    told = done.stdout + done.stderr
    assert "Retry" in told
    assert "[:status: 418]" in told


def memory(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) // 1024


def test_answers_that_nobody_takes_do_not_pile_up(shop):
    """The client asks for fifty megabytes and then reads nothing: what waits, waits at the server."""

    async def idle(client):
        await client.request("GET", HOST, "/large")  # what the first answer needs is there from here on
        before = memory(shop.environment.process)
        streams = [asyncio.ensure_future(client.request("GET", HOST, "/large", patience=60)) for _ in range(60)]
        await asyncio.sleep(0.05)
        time.sleep(3)  # the event loop reads nothing meanwhile
        grown = memory(shop.environment.process) - before
        assert grown < 40, f"{grown} MB"
        return sum(len(answer.body) for answer in await asyncio.gather(*streams))

    assert in_quic(shop, idle) == 60 * 44 * 20_000
