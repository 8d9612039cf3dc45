# SPDX-License-Identifier: Apache-2.0
"""Many clients at once, and a power cut."""

import threading
import uuid

from environment import BUSY, Environment, host_rule
from wire import Refusal

CLIENTS = 64


def together(count, body):
    """Runs a body in so many threads at once; gives what each returned."""
    results, failures = [None] * count, []
    gate = threading.Barrier(count)

    def run(place):
        try:
            gate.wait()
            results[place] = body(place)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[:3]
    return results


def test_sixty_four_clients_leave_the_account_consistent(fresh):
    load_balancer = fresh.load_balancer()
    group = fresh.server_group()
    listener = fresh.listener(load_balancer, group)
    tokens = [uuid.uuid4().hex for _ in range(16)]

    def client(place):
        caller = fresh.new_caller()
        # Four clients share each token: they must get one ACL and one answer.
        acls = [
            caller.call("CreateAcl", ClientToken=token, AclName=f"acl-{number}")["AclId"]
            for number, token in enumerate(tokens)
        ]
        own = caller.call("CreateServerGroup", ServerGroupName=f"own-{place}", VpcId=fresh.cloud["vpcId"],
                          ServerGroupType="Ip", HealthCheckConfig={"HealthCheckEnabled": False})["ServerGroupId"]
        fresh.patiently("AddServersToServerGroup", caller, ServerGroupId=own,
                        Servers=[{"ServerId": f"10.0.1.{place}", "ServerType": "Ip", "Port": 80}])
        rule = None
        while rule is None:
            try:
                rule = caller.call("CreateRule", ListenerId=listener,
                                   **host_rule(f"h{place}.example.com", place + 1, own))["RuleId"]
            except Refusal as refusal:
                assert refusal.code.startswith(BUSY), refusal
        caller.call("TagResources", ResourceType="servergroup", ResourceId=[own],
                    Tag=[{"Key": "owner", "Value": str(place)}])
        return acls, own, rule

    results = together(CLIENTS, client)
    assert len({tuple(acls) for acls, _, _ in results}) == 1
    acls = fresh.caller.call("ListAcls", MaxResults=100)
    assert acls["TotalCount"] == len(tokens)
    fresh.running(listener)
    rules = fresh.caller.call("ListRules", ListenerIds=[listener], MaxResults=100)
    assert rules["TotalCount"] == CLIENTS
    assert sorted(one["Priority"] for one in rules["Rules"]) == list(range(1, CLIENTS + 1))
    assert {one["RuleId"] for one in rules["Rules"]} == {rule for _, _, rule in results}
    for place, (_, own, rule) in enumerate(results):
        shown = fresh.caller.call("ListServerGroups", ServerGroupIds=[own])["ServerGroups"][0]
        assert shown["ServerCount"] == 1 and shown["RelatedRuleIds"] == [rule]
        assert shown["Tags"] == [{"Key": "owner", "Value": str(place)}]
    fresh.settle(load_balancer)


def test_one_token_for_one_resource_when_all_ask_at_once(fresh):
    token = uuid.uuid4().hex
    answers = together(CLIENTS, lambda _: fresh.new_caller().call("CreateAcl", ClientToken=token, AclName="one"))
    assert len({answer["AclId"] for answer in answers}) == len({answer["JobId"] for answer in answers}) == 1
    assert fresh.caller.call("ListAcls")["TotalCount"] == 1
    try:
        fresh.caller.call("CreateAcl", ClientToken=token, AclName="other")
        raise AssertionError("the token was taken for something else")
    except Refusal as refusal:
        assert refusal.code == "IdempotentParameterMismatch"


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path):
    environment = Environment("--no-controller", "--no-cluster", "--state", str(tmp_path / "state.sqlite"))
    try:
        acknowledged = [[] for _ in range(8)]
        stop = threading.Event()

        def client(place):
            caller, number = environment.new_caller(), 0
            while not stop.is_set():
                number += 1
                token = f"{place}-{number}"
                try:
                    made = caller.call("CreateAcl", ClientToken=token, AclName=f"acl-{token}")
                    acknowledged[place].append((token, made["AclId"], made["JobId"]))
                except Exception:
                    return

        threads = [threading.Thread(target=client, args=(place,)) for place in range(8)]
        for thread in threads:
            thread.start()
        environment.until("enough was made", lambda: sum(map(len, acknowledged)) > 200)
        environment.kill()
        stop.set()
        for thread in threads:
            thread.join()
        everything = [one for part in acknowledged for one in part]
        environment.start()
        total = environment.caller.call("ListAcls")["TotalCount"]
        # What was carried out and not yet answered may be there too: one call of each client.
        assert len(everything) <= total <= len(everything) + 8
        for start in range(0, len(everything), 20):
            wanted = [acl for _, acl, _ in everything[start : start + 20]]
            found = environment.caller.call("ListAcls", AclIds=wanted, MaxResults=100)["Acls"]
            assert {one["AclId"] for one in found} == set(wanted)
        for token, acl, job in everything[-20:]:
            again = environment.caller.call("CreateAcl", ClientToken=token, AclName=f"acl-{token}")
            assert (again["AclId"], again["JobId"]) == (acl, job)

        def is_done():
            # What was under way when the power went is taken up again.
            shown = environment.caller.call("ListAcls", AclIds=[acl for _, acl, _ in everything[-20:]])["Acls"]
            return all(one["AclStatus"] == "Available" for one in shown)

        environment.until("the work is taken up again", is_done)
    finally:
        environment.stop()
