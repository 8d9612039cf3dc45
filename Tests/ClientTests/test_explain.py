# SPDX-License-Identifier: Apache-2.0
"""The control address tells which way a request takes, and why."""

import urllib.error

import pytest
from environment import forward


@pytest.fixture(scope="module")
def balancer(environment, backends):
    made = environment.load_balancer()
    group = environment.server_group([backends[0].port])
    listener = made.listener("HTTP", 8099, group)
    made.rules(
        listener,
        (
            [
                {"Type": "Host", "HostConfig": {"Values": ["cafe.example.com"]}},
                {"Type": "Path", "PathConfig": {"Values": ["/tea/*"]}},
            ],
            [forward(group)],
        ),
    )
    made.group = group
    return made


def test_a_match_and_its_servers(environment, balancer, backends):
    found = environment.control("/explain", {"url": "http://cafe.example.com:8099/tea/green"})
    assert found["loadBalancer"] == balancer.id
    path = found["path"]
    assert path["outcome"] == {"kind": "forwarded", "serverGroups": [balancer.group]}
    assert path["servers"][0]["address"] == f"127.0.0.1:{backends[0].port}"
    assert path["rules"][0]["holds"] and path["nearestMiss"] is None


def test_the_nearest_miss_says_what_failed(environment, balancer):
    found = environment.control("/explain", {"url": "http://cafe.example.com:8099/coffee"})
    miss = found["path"]["nearestMiss"]
    failed = [condition for condition in miss["conditions"] if not condition["holds"]]
    assert [(one["subject"], one["expected"], one["actual"]) for one in failed] == [
        ("Path", ["/tea/*"], "/coffee")
    ]
    assert "nearest miss" in found["path"]["text"]


@pytest.mark.parametrize(
    "body", [{}, {"url": "ftp://a"}, {"url": "http://a", "colour": "red"}, {"url": "http://a:4711/"}]
)
def test_a_mistake_is_told(environment, balancer, body):
    with pytest.raises(urllib.error.HTTPError) as failure:
        environment.control("/explain", body)
    assert failure.value.code == 400
