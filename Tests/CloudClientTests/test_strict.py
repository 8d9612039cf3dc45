# SPDX-License-Identifier: Apache-2.0
"""Signatures, clocks and nonces of a strict account; tokens of assumed roles."""

import uuid

import pytest

from wire import Refusal


@pytest.fixture
def strict(fresh):
    fresh.faults(account={"signatures": "strict"})
    return fresh


def code(call, *arguments, **parameters):
    with pytest.raises(Refusal) as refused:
        call(*arguments, **parameters)
    return refused.value.code


@pytest.mark.parametrize("form", ["call", "call3"])
def test_right_requests_pass_and_wrong_ones_are_told_apart(strict, form):
    caller = strict.new_caller()
    call = getattr(caller, form)
    assert call("ListAcls")["TotalCount"] == 0
    assert call("ListAcls", AclNames=["my acl*~+1", "ümlaut & =%"])["TotalCount"] == 0
    assert code(call, "ListAcls", secret="other") == "SignatureDoesNotMatch"
    assert code(call, "ListAcls", skew=-16 * 60) == "InvalidTimeStamp.Expired"
    assert code(call, "ListAcls", skew=16 * 60) == "InvalidTimeStamp.Expired"
    assert call("ListAcls", skew=-14 * 60)["TotalCount"] == 0
    nonce = uuid.uuid4().hex
    assert call("ListAcls", nonce=nonce)["TotalCount"] == 0
    assert code(call, "ListAcls", nonce=nonce) == "SignatureNonceUsed"
    caller.key = "nobody"
    assert code(call, "ListAcls") == "InvalidAccessKeyId.NotFound"


def test_a_body_that_was_changed_on_the_way_is_refused(strict):
    caller = strict.new_caller()
    original = caller.send
    caller.send = lambda method, target, body, headers: original(method, target, body + "&AclName=x", headers)
    assert code(caller.call3, "CreateAcl", form={"AclName": "tea"}) == "SignatureDoesNotMatch"
    caller.send = original
    assert caller.call3("CreateAcl", form={"AclName": "tea"})["AclId"].startswith("acl-")


def test_the_older_signature_covers_query_and_form_together(strict):
    caller = strict.new_caller()
    for place in ("query", "form", "split"):
        assert caller.call("ListAcls", place=place, AclNames=["tea"])["TotalCount"] == 0
    assert caller.call("ListAcls", method="GET", AclNames=["tea"])["TotalCount"] == 0


def test_an_assumed_role_calls_with_its_token_until_it_runs_out(strict):
    role = strict.caller.call("AssumeRole", "sts", RoleArn="acs:ram::1:role/ingress", RoleSessionName="session",
                              DurationSeconds=900)
    credentials = role["Credentials"]
    session = strict.new_caller(
        key=credentials["AccessKeyId"], secret=credentials["AccessKeySecret"], token=credentials["SecurityToken"]
    )
    assert session.call("DescribeZones")["Zones"] and session.call3("DescribeZones")["Zones"]
    session.token = "forged"
    assert code(session.call, "DescribeZones") == "InvalidSecurityToken.Malformed"
    session.token = None
    assert code(session.call, "DescribeZones") == "MissingSecurityToken"
    identity = strict.caller.call("GetCallerIdentity", "sts")
    assert identity["AccountId"].isdigit() and identity["IdentityType"] == "Account"


def test_a_lenient_account_answers_wrong_signatures_and_notes_them(fresh):
    assert fresh.caller.call("ListAcls", secret="other")["TotalCount"] == 0
    notes = [one["record"]["message"] for one in fresh.control("/trace") if one["kind"] == "note"]
    assert any("wrong signature" in note for note in notes)
