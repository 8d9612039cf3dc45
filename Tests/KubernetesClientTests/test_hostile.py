# SPDX-License-Identifier: Apache-2.0
"""What nobody should send: the server answers or closes, goes on serving others, and its memory stays bounded."""

import http.client
import json
import socket
import ssl
import time
import urllib.parse

import pytest

import fuzz
from conftest import Server


@pytest.fixture(scope="module")
def bare():
    """A server of this module's own: what is sent here is no company for other tests."""
    server = Server("--no-controller", "--no-cluster", "--nodes", "0")
    yield server
    server.stop()


def context():
    made = ssl.create_default_context()
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def connect(server):
    url = urllib.parse.urlsplit(server.endpoints["kubernetes"]["url"])
    return http.client.HTTPSConnection(url.hostname, url.port, context=context(), timeout=60)


def call(server, method, path, body=None, kind="application/json", connection=None, **fields):
    fields = {"Authorization": f"Bearer {server.endpoints['kubernetes']['token']}", "Content-Type": kind, **fields}
    connection = connection or connect(server)
    connection.request(method, path, body, fields)
    answer = connection.getresponse()
    content = answer.read()
    return answer.status, json.loads(content) if content.startswith(b"{") else content.decode()


MAPS = "/api/v1/namespaces/default/configmaps"


def test_a_body_that_is_cut_off_is_refused(bare):
    status, answer = call(bare, "POST", MAPS, b'{"metadata":{"name":"cut"')
    assert status == 400 and answer["reason"] == "BadRequest"


def test_a_huge_body_is_refused(bare):
    before = fuzz.resident(bare.process.pid)
    status, answer = call(bare, "POST", MAPS, b'{"data":{"a":"' + b"x" * 4_000_000 + b'"}}')
    assert (status, answer["reason"]) == (413, "RequestEntityTooLarge")
    assert "limit is 3145728" in answer["message"]
    assert fuzz.resident(bare.process.pid) < before + 100


def test_a_body_without_end_takes_no_memory(bare):
    before = fuzz.resident(bare.process.pid)
    url = urllib.parse.urlsplit(bare.endpoints["kubernetes"]["url"])
    with context().wrap_socket(socket.create_connection((url.hostname, url.port))) as sock:
        sock.settimeout(30)
        sock.sendall(
            b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
            b"Authorization: Bearer %s\r\n\r\n" % (MAPS.encode(), bare.endpoints["kubernetes"]["token"].encode())
        )
        piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        try:
            for _ in range(200):
                sock.sendall(piece)
        except OSError:
            pass  # closed, which is fine
    assert fuzz.resident(bare.process.pid) < before + 100


@pytest.mark.parametrize("kind", ["text/plain", "application/cbor", "multipart/form-data", "x"])
def test_an_unknown_content_type_is_refused(bare, kind):
    status, answer = call(bare, "POST", MAPS, b"{}", kind)
    assert (status, answer["reason"]) == (415, "UnsupportedMediaType")


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"metadata":{"labels":'])
def test_nesting_without_end_is_refused(bare, opening):
    status, _ = call(bare, "POST", MAPS, opening * 100_000)
    assert status == 400


def test_yaml_that_grows_is_refused(bare):
    lines = [b"l0: &l0 [x,x]"] + [b"l%d: &l%d [*l%d,*l%d,*l%d]" % (i, i, i - 1, i - 1, i - 1) for i in range(1, 40)]
    status, _ = call(bare, "POST", MAPS, b"\n".join(lines), "application/yaml")
    assert status == 400
    assert call(bare, "POST", MAPS, b"a: " + b"[" * 100_000, "application/yaml")[0] == 400


def test_bytes_that_are_no_text_are_refused(bare):
    status, answer = call(bare, "POST", MAPS, b'{"metadata":{"name":"t"},"data":{"a":"\xff\xfe"}}')
    assert status in (201, 400)  # Go's parser puts U+FFFD in their place
    if status == 201:
        assert call(bare, "GET", f"{MAPS}/t")[1]["data"]["a"] == "\ufffd\ufffd"


def test_protobuf_that_is_none_is_refused(bare):
    for body in (b"k8s\x00", b"k8s\x00\xff\xff\xff", b"x" * 1000, b"k8s\x00" + b"\x0a\xff\xff\xff\xff\x0f"):
        assert call(bare, "POST", MAPS, body, "application/vnd.kubernetes.protobuf")[0] == 400


def test_unknown_fields_are_warned_of_or_refused(bare):
    body = json.dumps({"metadata": {"name": "unknown"}, "nope": 1})
    assert call(bare, "POST", f"{MAPS}?fieldValidation=Strict", body)[0] == 400
    assert call(bare, "POST", f"{MAPS}?fieldValidation=Ignore", body)[0] == 201


def test_half_open_connections_disturb_nobody(bare):
    before = fuzz.resident(bare.process.pid)
    url = urllib.parse.urlsplit(bare.endpoints["kubernetes"]["url"])
    silent = [socket.create_connection((url.hostname, url.port)) for _ in range(100)]
    slow = []
    for _ in range(50):
        sock = context().wrap_socket(socket.create_connection((url.hostname, url.port)))
        sock.sendall(b"POST /api/v1/namespaces HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
        slow.append(sock)
    began = time.time()
    assert call(bare, "GET", "/api/v1/namespaces")[0] == 200
    assert time.time() - began < 5
    assert fuzz.resident(bare.process.pid) < before + 100
    for sock in silent + slow:
        sock.close()


def test_a_request_that_never_gets_whole_is_given_up(bare):
    url = urllib.parse.urlsplit(bare.endpoints["kubernetes"]["url"])
    with context().wrap_socket(socket.create_connection((url.hostname, url.port))) as sock:
        sock.settimeout(60)
        sock.sendall(b"POST /api/v1/namespaces HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
        began = time.time()
        try:
            assert sock.recv(1000) == b""
        except (ConnectionError, ssl.SSLError):
            pass
        assert 20 < time.time() - began < 45


def test_a_watcher_that_does_not_read_takes_no_memory(bare):
    token = bare.endpoints["kubernetes"]["token"]
    url = urllib.parse.urlsplit(bare.endpoints["kubernetes"]["url"])
    watchers = []
    for _ in range(10):
        raw = socket.create_connection((url.hostname, url.port))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock = context().wrap_socket(raw)
        sock.sendall(
            f"GET {MAPS}?watch=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        watchers.append(sock)
    time.sleep(1)
    before = fuzz.resident(bare.process.pid)
    connection = connect(bare)
    body = {"metadata": {"name": "big"}, "data": {"a": "x" * 100_000}}
    call(bare, "POST", MAPS, json.dumps(body), connection=connection)
    for number in range(300):
        body["data"]["b"] = str(number)
        assert call(bare, "PUT", f"{MAPS}/big", json.dumps(body), connection=connection)[0] == 200
    # 300 events of 100 kB for each of ten watchers would be 300 MB, were they copied for each.
    assert fuzz.resident(bare.process.pid) < before + 200
    for sock in watchers:
        sock.close()


def test_three_thousand_odd_inputs(bare):
    kubernetes = bare.endpoints["kubernetes"]
    statuses, _ = fuzz.run(kubernetes["url"], kubernetes["token"], bare.process.pid, 3000, seed=7)
    assert sum(count for status, count in statuses.items() if isinstance(status, int)) > 2500
