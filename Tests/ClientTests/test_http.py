# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 with curl: framing, X-Forwarded fields, the load balancer's own answers, rules and their actions."""

import gzip
import http.client
import json
import socket
import subprocess
import time

import brotli
import pytest
from conftest import curl
from environment import forward


@pytest.fixture(scope="module")
def balancer(environment, backends):
    made = environment.load_balancer()
    group = environment.server_group([backends[0].port])
    made.http = made.listener(
        "HTTP",
        80,
        group,
        XForwardedForConfig={
            "XForwardedForEnabled": True,
            "XForwardedForProtoEnabled": True,
            "XForwardedForSLBPortEnabled": True,
        },
    )
    return made


def path(value):
    return {"Type": "Path", "PathConfig": {"Values": [value]}}


@pytest.fixture(scope="module")
def ruled(environment, balancer, backends):
    groups = [environment.server_group([backend.port]) for backend in backends[:2]]
    sticky = environment.server_group(
        [backend.port for backend in backends],
        StickySessionConfig={
            "StickySessionEnabled": True,
            "StickySessionType": "Insert",
            "CookieTimeout": 1000,
        },
    )
    own = environment.server_group(
        [backend.port for backend in backends],
        StickySessionConfig={"StickySessionEnabled": True, "StickySessionType": "Server", "Cookie": "session"},
    )
    cors = {
        "Type": "Cors",
        "CorsConfig": {
            "AllowOrigin": ["https://shop.example"],
            "AllowMethods": ["GET", "PUT"],
            "AllowHeaders": ["X-Token"],
            "ExposeHeaders": ["X-Seen"],
            "AllowCredentials": "on",
            "MaxAge": 600,
        },
    }
    redirect = {"Protocol": "HTTPS", "Port": "443", "HttpCode": "308"}
    balancer.rules(
        balancer.http,
        ([path("/moved/*")], [{"Type": "Redirect", "RedirectConfig": redirect}]),
        (
            [path("/fixed")],
            [
                {
                    "Type": "FixedResponse",
                    "FixedResponseConfig": {
                        "HttpCode": "503",
                        "ContentType": "text/plain",
                        "Content": "closed for lunch",
                    },
                }
            ],
        ),
        (
            [path("~^/api/v(\\d+)/(.*)$")],
            [
                {
                    "Type": "Rewrite",
                    "RewriteConfig": {"Host": "inner.example", "Path": "/${2}/${1}", "Query": "${query}"},
                },
                forward(groups[0]),
            ],
        ),
        ([path("/cors")], [cors, forward(groups[0])]),
        (
            [path("/limited")],
            [{"Type": "TrafficLimit", "TrafficLimitConfig": {"QPS": 2}}, forward(groups[0])],
        ),
        (
            [path("/headers")],
            [
                {
                    "Type": "InsertHeader",
                    "InsertHeaderConfig": {"Key": "X-Color", "Value": "red", "ValueType": "UserDefined"},
                },
                {"Type": "RemoveHeader", "RemoveHeaderConfig": {"Key": "X-Secret"}},
                forward(groups[0]),
            ],
        ),
        ([path("/split")], [forward((groups[0], 50), (groups[1], 50))]),
        ([path("/sticky")], [forward(sticky)]),
        ([path("/login")], [forward(own)]),
        ([path("/nobody")], [forward(environment.server_group([1]))]),
        ([path("/empty")], [forward(environment.server_group([backends[0].port], protocol="HTTP"))]),
    )
    return balancer


def answer(*arguments):
    status, fields, body = curl(*arguments)
    assert status == 200
    return json.loads(body), fields


def test_requests_reach_the_server_whole(balancer):
    seen, _ = answer(balancer.url(80) + "/a/b?c=d%20e")
    assert (seen["method"], seen["path"]) == ("GET", "/a/b?c=d%20e")
    seen, _ = answer("-d", "x" * 100_000, balancer.url(80) + "/post")
    assert seen["body"] == 100_000
    seen, _ = answer("-T", __file__, "-H", "Transfer-Encoding: chunked", balancer.url(80) + "/put")
    assert seen["method"] == "PUT" and seen["body"] > 1000


def test_fields_say_where_a_request_came_from(balancer):
    seen, _ = answer("-H", "X-Forwarded-For: 203.0.113.9", balancer.url(80) + "/")
    fields = {name.lower(): value for name, value in seen["headers"]}
    assert fields["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"
    assert fields["x-forwarded-proto"] == "http"
    assert fields["x-forwarded-port"] == "80"
    assert len(fields["alicloud-alb-trace"]) == 16


def test_answers_come_whole(balancer):
    status, fields, body = curl(balancer.url(80) + "/large")
    assert status == 200 and len(body) == 880_000 and "content-encoding" not in fields
    status, fields, body = curl("-H", "Accept-Encoding: gzip", balancer.url(80) + "/large")
    assert fields["content-encoding"] == "gzip" and "content-length" not in fields
    status, fields, body = curl("--raw", "--http1.0", "-H", "Accept-Encoding: gzip", balancer.url(80) + "/chunks")
    assert "transfer-encoding" not in fields and json.loads(body)["path"] == "/chunks"


def test_gzip_is_what_gzip_reads(balancer, tmp_path):
    file = tmp_path / "body"
    subprocess.run(
        ["curl", "-sS", "-H", "Accept-Encoding: gzip", "-o", file, balancer.url(80) + "/large"], check=True
    )
    assert gzip.decompress(file.read_bytes()).startswith(b"All work and no play")


def test_brotli_is_what_brotli_reads(balancer, tmp_path):
    file = tmp_path / "body"
    for field in ("br", "gzip, deflate, br"):
        done = subprocess.run(
            ["curl", "-sS", "-D", "-", "-H", f"Accept-Encoding: {field}", "-o", file, balancer.url(80) + "/large"],
            check=True,
            capture_output=True,
        )
        assert b"content-encoding: br" in done.stdout.lower() and b"content-length" not in done.stdout.lower()
        body = brotli.decompress(file.read_bytes())
        assert len(body) == 880_000 and body.startswith(b"All work and no play")


def test_head_has_no_body_but_its_length(balancer):
    status, fields, body = curl("--head", balancer.url(80) + "/")
    assert status == 200 and int(fields["content-length"]) > 100 and body == b""


def test_a_connection_is_used_again(balancer):
    url = balancer.url(80)
    done = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-w", "%{num_connects}", url + "/1", "-o", "/dev/null", url + "/2"],
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"10"


def test_the_load_balancers_own_answers(balancer, ruled):
    url = balancer.url(80)
    assert curl("-X", "TRACE", url)[0] == 405
    assert curl(url + "/" + "a" * 33_000)[0] == 414
    assert curl("-H", "X-Large: " + "a" * 33_000, url)[0] == 400
    mark = dict(answer(url + "/")[0]["headers"])["ALICLOUD-ALB-TRACE"]
    status, _, body = curl("-H", f"ALICLOUD-ALB-TRACE: {mark}{mark}", url)
    assert (status, body) == (463, b"")
    assert curl(url + "/nobody")[0] == 502


def test_redirect_and_fixed_response(ruled):
    host, _ = ruled.address(80)
    status, fields, _ = curl(ruled.url(80) + "/moved/a?b=c")
    assert (status, fields["location"]) == (308, f"https://{host}/moved/a?b=c")
    status, fields, body = curl(ruled.url(80) + "/fixed")
    assert (status, fields["content-type"], body) == (503, "text/plain", b"closed for lunch")


def test_rewrite_with_captures(ruled):
    seen, _ = answer(ruled.url(80) + "/api/v7/tea/cup?hot=1")
    assert seen["path"] == "/tea/cup/7?hot=1"
    assert dict(seen["headers"])["Host"] == "inner.example"


def test_fields_inserted_and_removed(ruled):
    seen, _ = answer("-H", "X-Secret: s", "-H", "X-Color: blue", ruled.url(80) + "/headers")
    names = [name.lower() for name, _ in seen["headers"]]
    assert names.count("x-color") == 1 and "x-secret" not in names
    assert ["X-Color", "red"] in seen["headers"]


def test_cors_with_preflight(ruled):
    url = ruled.url(80) + "/cors"
    asked = ("-H", "Origin: https://shop.example", "-H", "Access-Control-Request-Method: PUT")
    status, fields, _ = curl("-X", "OPTIONS", *asked, url)
    assert status in (200, 204)
    assert fields["access-control-allow-origin"] == "https://shop.example"
    assert fields["access-control-max-age"] == "600"
    status, fields, _ = curl("-H", "Origin: https://shop.example", url)
    assert fields["access-control-expose-headers"] == "X-Seen"
    assert "access-control-allow-origin" not in curl("-H", "Origin: https://other.example", url)[1]


def test_traffic_limit(ruled):
    connection = http.client.HTTPConnection(*ruled.address(80), timeout=10)
    answers = []
    for _ in range(40):
        connection.request("GET", "/limited")
        answer = connection.getresponse()
        answer.read()
        answers.append((answer.status, answer.headers.get("ALB-QPS-Limited")))
    assert answers[0] == (200, None)
    assert (503, "Limited") in answers and (503, None) not in answers


def test_weights_split_requests(ruled):
    names = [answer(ruled.url(80) + "/split")[0]["server"] for _ in range(40)]
    assert 5 <= names.count("one") <= 35


def test_sessions_stick(ruled, tmp_path):
    url = ruled.url(80)
    jar = tmp_path / "jar"
    names = {answer("-b", jar, "-c", jar, url + "/sticky")[0]["server"] for _ in range(8)}
    assert len(names) == 1 and "SERVERID" in jar.read_text()
    jar = tmp_path / "own"
    _, fields = answer("-b", jar, "-c", jar, url + "/login")
    assert fields["set-cookie"].startswith("session=") and "own" not in fields["set-cookie"]
    names = {answer("-b", jar, "-c", jar, url + "/login")[0]["server"] for _ in range(8)}
    assert len(names) == 1


def test_time_outs(environment, backends):
    made = environment.load_balancer()
    group = environment.server_group([backends[0].port])
    made.listener("HTTP", 80, group, IdleTimeout=1, RequestTimeout=1)
    assert curl(made.url(80) + "/slow/0.2")[0] == 200
    begin = time.time()
    assert curl(made.url(80) + "/slow/4")[0] == 504
    assert 0.8 < time.time() - begin < 4
    with socket.create_connection(made.address(80), timeout=15) as connection:
        begin = time.time()
        assert connection.recv(1) == b""
        assert time.time() - begin > 0.8
    with socket.create_connection(made.address(80), timeout=5) as connection:
        # A client that hangs up first is noted with 499, which nobody is there to see.
        connection.sendall(b"GET /slow/0.5 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.1)
    time.sleep(0.3)
    entries = environment.control("/trace?limit=20000")
    statuses = [entry["record"]["status"] for entry in entries if entry["kind"] == "proxied"]
    assert 499 in statuses and 504 in statuses
