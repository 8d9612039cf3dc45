# SPDX-License-Identifier: Apache-2.0
"""Configuration changes under load: no connection is dropped, no request fails."""

import re
import shutil
import subprocess
import threading
import time

import pytest
from environment import ALBEDO, CloudError, forward


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_a_hundred_changes_a_second_drop_nothing(environment, backends):
    balancer = environment.load_balancer()
    groups = [environment.server_group([backends[number % 3].port]) for number in range(16)]
    listener = balancer.listener("HTTP", 80, groups[0])
    conditions = [{"Type": "Path", "PathConfig": {"Values": ["/*"]}}]
    # A rule forwards to five groups at most.
    rule, *_ = balancer.rules(
        listener,
        *(
            (conditions, [forward(*((group, 10) for group in groups[first : first + 5]))])
            for first in range(0, len(groups), 5)
        ),
    )
    before = balancer.report()["version"]
    over = threading.Event()

    def change(number):
        """Turns at the weight of one group's server, and the first at a rule too, 25 times a second."""
        begin, turn = time.time(), 0
        while not over.is_set():
            turn += 1
            server = {
                "ServerType": "Ip",
                "ServerId": "127.0.0.1",
                "ServerIp": "127.0.0.1",
                "Port": backends[number % 3].port,
                "Weight": 1 + turn % 99,
            }
            try:
                if number == 0 and turn % 5 == 0:
                    shares = forward(*((group, 1 + turn % 50) for group in groups[:5]))
                    environment.call("UpdateRuleAttribute", RuleId=rule, RuleActions=[dict(shares, Order=1)])
                else:
                    environment.call(
                        "UpdateServerGroupServersAttribute", ServerGroupId=groups[number], Servers=[server]
                    )
            except CloudError:
                pass  # still busy with the last one
            wait = begin + turn * 0.04 - time.time()
            if wait > 0:
                time.sleep(wait)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    begin = time.time()
    done = subprocess.run(
        ["wrk", "-t1", "-c10", "-d6s", "--timeout", "30s", balancer.url(80) + "/"], capture_output=True, text=True, check=True
    )
    rate = (balancer.report()["version"] - before) / (time.time() - begin)
    over.set()
    for thread in threads:
        thread.join()
    assert "Non-2xx" not in done.stdout and "Socket errors" not in done.stdout, done.stdout
    requests = int(re.search(r"(\d+) requests in", done.stdout).group(1))
    print(f"{requests} requests while {rate:.0f} versions a second were made")
    # A debug build, perhaps beside others, must at least have been at it all the time.
    wanted = 15 if "debug" in ALBEDO else 100
    assert requests > 200 and rate > wanted
