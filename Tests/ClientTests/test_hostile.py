# SPDX-License-Identifier: Apache-2.0
"""Bytes that nobody should send: the right refusal or a close, and the process lives on."""

import os
import random
import re
import socket
import ssl
import time

import pytest
from conftest import curl


@pytest.fixture(scope="module")
def balancer(environment, backends, certificates):
    made = environment.load_balancer()
    group = environment.server_group([backends[0].port])
    made.listener("HTTP", 80, group)
    made.listener(
        "HTTPS", 443, group, Certificates=[{"CertificateId": certificates["default.example.org"]}]
    )
    made.settle()
    return made


@pytest.fixture(autouse=True)
def alive(balancer):
    yield
    assert curl(balancer.url(80) + "/")[0] == 200


def exchange(address, *pieces, pause=0.0, limit=5.0):
    """Sends pieces; all that comes back until the connection ends, and whether it ended."""
    found = b""
    with socket.create_connection(address, timeout=limit) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                if pause:
                    time.sleep(pause)
            while data := connection.recv(65536):
                found += data
        except (ConnectionError, BrokenPipeError):
            return found, True
        except TimeoutError:
            return found, False
    return found, True


def statuses(found):
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d\d\d)", found)]


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    "request_head",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0,44\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nX: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX\0Y: z\r\n\r\n",
        b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_nothing_gets_past_as_two_requests(balancer, backends, request_head):
    before = len(backends[0].server.seen)
    found, is_over = exchange(balancer.address(80), request_head + SMUGGLED)
    assert is_over
    assert statuses(found) in ([400], []), found[:200]
    assert not any(path == "/smuggled" for _, path in backends[0].server.seen[before:])


@pytest.mark.parametrize("chunks", [b"g\r\n", b"-1\r\n", b"5\r\nabc\r\n0\r\n\r\n", b"1\r\nab\r\n", b"1" * 2000])
def test_broken_chunks(balancer, chunks):
    found, is_over = exchange(
        balancer.address(80), b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
        limit=3,
    )  # fmt: skip
    assert statuses(found)[:1] in ([400], [502], [])


def test_requests_ahead_are_answered_in_order(balancer):
    pieces = b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(20))
    last = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    found, is_over = exchange(balancer.address(80), pieces + last)
    assert is_over and statuses(found) == [200] * 21
    assert re.findall(rb'"path": "/(\w+)"', found) == [b"%d" % n for n in range(20)] + [b"last"]


def test_a_request_byte_by_byte(balancer):
    text = b"POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
    found, _ = exchange(balancer.address(80), *[bytes([byte]) for byte in text], pause=0.002)
    assert statuses(found) == [200]


def test_heads_without_end(balancer):
    found, is_over = exchange(balancer.address(80), b"GET /" + b"a" * 200_000)
    assert is_over and statuses(found) in ([414], [])
    found, is_over = exchange(balancer.address(80), b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 60_000)
    assert is_over and statuses(found) in ([400], [])


def test_tls_garbage(balancer):
    address = balancer.address(443)
    for garbage in (b"\x16\x03\x01\x00\x05hello", b"\x80" * 100, os.urandom(500), b"\x16\x03\x01\xff\xff" + b"a" * 70_000):
        _, is_over = exchange(address, garbage, limit=3)
        assert is_over or garbage[0] == 0x16


def test_random_bytes(balancer):
    source = random.Random(7)
    words = [b"GET ", b"POST ", b"/", b" HTTP/1.1", b"\r\n", b"\n", b"Host: a", b"Content-Length: 7", b":", b"\0",
             b"Transfer-Encoding: chunked", b"5\r\n", b"\r\n\r\n", b"Upgrade: websocket", b"Connection: upgrade"]  # fmt: skip
    for _ in range(150):
        text = b"".join(source.choice(words) for _ in range(source.randint(1, 15)))
        with socket.create_connection(balancer.address(80), timeout=2) as connection:
            connection.sendall(text)
            connection.shutdown(socket.SHUT_WR)
            try:
                while connection.recv(65536):
                    pass
            except (ConnectionError, TimeoutError):
                pass


def memory(process):
    text = open(f"/proc/{process.pid}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) // 1024


def test_a_slow_reader_makes_the_server_wait(environment, balancer):
    before = memory(environment.process)
    connections = []
    for _ in range(40):
        connection = socket.create_connection(balancer.address(80), timeout=5)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        connections.append(connection)
    time.sleep(2)
    grown = memory(environment.process) - before
    for connection in connections:
        connection.close()
    assert grown < 60, f"{grown} MB for 40 readers of 880 kB"


def test_a_flood_of_resets_ends_the_connection(balancer):
    import h2.config
    import h2.connection
    import h2.exceptions

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    plain = socket.create_connection(balancer.address(443), timeout=5)
    with context.wrap_socket(plain, server_hostname="a.example") as connection:
        client = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        client.initiate_connection()
        connection.sendall(client.data_to_send())
        fields = [(":method", "GET"), (":path", "/"), (":scheme", "https"), (":authority", "a.example")]
        try:
            for number in range(1, 20_001, 2):
                client.send_headers(number, fields, end_stream=True)
                client.reset_stream(number)
                connection.sendall(client.data_to_send())
                if number % 1001 == 0:
                    connection.setblocking(False)
                    try:
                        if connection.recv(65536) == b"":
                            break
                    except ssl.SSLWantReadError:
                        pass
                    connection.setblocking(True)
        except (ConnectionError, BrokenPipeError, ssl.SSLError, h2.exceptions.ProtocolError):
            pass


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def h2_frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def h2_request(stream, path=b"/"):
    """A whole GET in HPACK without the dynamic table."""
    block = b"\x82\x87\x04" + bytes([len(path)]) + path + b"\x41\x09a.example"
    return h2_frame(1, 5, stream, block)


def h2_connect(balancer, limit=5.0):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    plain = socket.create_connection(balancer.address(443), timeout=limit)
    connection = context.wrap_socket(plain, server_hostname="a.example")
    connection.sendall(PREFACE + h2_frame(4, 0, 0))
    return connection


def flood(connection, frames, seconds=10.0):
    """Sends frames until the other side ends the connection; whether it did."""
    connection.setblocking(False)
    deadline = time.time() + seconds
    pending = b""
    for frame in frames:
        pending += frame
        while len(pending) > 64 * 1024:
            if time.time() > deadline:
                return False
            try:
                pending = pending[connection.send(pending) :]
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError, BlockingIOError):
                time.sleep(0.005)
            except (ConnectionError, ssl.SSLError, OSError):
                return True
            try:
                if connection.recv(65536) == b"":
                    return True
            except (ssl.SSLWantReadError, BlockingIOError):
                pass
            except (ConnectionError, ssl.SSLError, OSError):
                return True
    connection.settimeout(seconds)
    try:
        if pending:
            connection.sendall(pending)
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except (ConnectionError, ssl.SSLError, OSError):
        pass
    return True


@pytest.mark.parametrize(
    "name, frames",
    [
        ("pings", (h2_frame(6, 0, 0, b"12345678") for _ in range(200_000))),
        ("settings", (h2_frame(4, 0, 0, b"\0\4\0\1\0\0") for _ in range(200_000))),
        ("priorities", (h2_frame(2, 0, 1, b"\0\0\0\0\1") for _ in range(200_000))),
        (
            "continuations",
            (h2_frame(1, 1, 1, b"\x82") if number == 0 else h2_frame(9, 0, 1, b"\x82") for number in range(200_000)),
        ),
        (
            "resets",
            (
                h2_request(number) + h2_frame(3, 0, number, b"\0\0\0\x08")
                for number in range(1, 100_000, 2)
            ),
        ),
        ("empty data", (h2_frame(1, 4, 1, b"\x83\x87\x84") if n == 0 else h2_frame(0, 0, 1) for n in range(200_000))),
        ("windows", (h2_frame(8, 0, 0, b"\x7f\xff\xff\xff") for _ in range(3))),
        ("a stream of ours", (h2_frame(1, 5, 2, b"\x82\x87\x84") for _ in range(1))),
        ("a huge frame", (h2_frame(0, 0, 1, b"a" * 70_000) for _ in range(1))),
        ("no frames", (b"\xff" * 20 for _ in range(1))),
    ],
)
def test_floods_of_frames_end_the_connection(environment, balancer, name, frames):
    before = memory(environment.process)
    with h2_connect(balancer) as connection:
        assert flood(connection, frames), name
    assert memory(environment.process) - before < 60


def test_requests_whose_answers_nobody_takes_do_not_pile_up(environment, balancer):
    """A client that only sends is not listened to for long: its answers wait in the socket, not here."""
    before = memory(environment.process)
    with h2_connect(balancer) as connection:
        connection.sendall(h2_frame(4, 0, 0, b"\0\4\x7f\xff\xff\xff") + h2_frame(8, 0, 0, b"\x7f\xff\0\0"))
        connection.setblocking(False)
        sent, deadline = 0, time.time() + 6
        pending = b""
        for number in range(1, 400_000, 2):
            pending += h2_request(number, b"/large")
            if len(pending) < 16 * 1024:
                continue
            while pending and time.time() < deadline:
                try:
                    count = connection.send(pending)
                    pending, sent = pending[count:], sent + count
                except (ssl.SSLWantWriteError, ssl.SSLWantReadError, BlockingIOError):
                    time.sleep(0.01)
                except (ConnectionError, ssl.SSLError, OSError):
                    deadline = 0
            if time.time() >= deadline:
                break
        grown = memory(environment.process) - before
    assert grown < 120, f"{grown} MB after {sent} bytes of requests"


def test_heads_and_bodies_that_drip_hold_nobody_up(balancer):
    """Sixty clients begin a head, sixty a body, and go on too slowly: others are served all the same."""
    connections = []
    for number in range(120):
        connection = socket.create_connection(balancer.address(80), timeout=5)
        text = b"GET / HTTP/1.1\r\nHost: a\r\nX: " if number % 2 else b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n"
        connection.sendall(text)
        connections.append(connection)
    for _ in range(3):
        for connection in connections:
            connection.sendall(b"a")
        assert curl("--max-time", "3", balancer.url(80) + "/")[0] == 200
    for connection in connections:
        connection.close()
