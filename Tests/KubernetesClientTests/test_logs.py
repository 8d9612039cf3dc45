# SPDX-License-Identifier: Apache-2.0
"""What the processes of pods printed, and what a pod refuses."""

import json
import re
import subprocess
import time

import pytest

SCRIPT = {"log": ["first", "second", "third"], "containers": {"side": {"log": ["beside"]}}}


def pod(name, containers=("web",), script=None, **spec):
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "annotations": {"albedo.dev/script": json.dumps(script or SCRIPT)}},
            "spec": {
                "containers": [
                    {"name": each, "image": "registry.test/web:1", "ports": [{"containerPort": 8080 + place}]}
                    for place, each in enumerate(containers)
                ],
                **spec,
            },
        }
    )


@pytest.fixture(scope="module")
def printer(kubectl):
    """A pod that has printed its lines."""
    kubectl.run("apply", "-f", "-", stdin=pod("printer"))
    kubectl.run("wait", "--for=condition=Ready", "pod/printer", "--timeout=60s")
    kubectl.until(lambda output: "listening" in output, "logs", "printer")
    return "printer"


def test_logs_are_what_was_printed(kubectl, printer):
    assert kubectl.run("logs", printer).splitlines()[:3] == ["first", "second", "third"]


def test_tail_takes_the_last_lines(kubectl, printer):
    assert kubectl.run("logs", printer, "--tail=2").splitlines() == kubectl.run("logs", printer).splitlines()[-2:]
    assert kubectl.run("logs", printer, "--tail=0") == ""


def test_limit_bytes_cuts(kubectl, printer):
    assert kubectl.run("logs", printer, "--limit-bytes=8") == "first\nse"


def test_timestamps_begin_lines(kubectl, printer):
    line = kubectl.run("logs", printer, "--timestamps").splitlines()[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z first", line)


def test_since_leaves_out_what_is_older(kubectl, printer):
    assert "first" in kubectl.run("logs", printer, "--since=1h")
    time.sleep(2)
    assert kubectl.run("logs", printer, "--since=1s") == ""
    assert "first" in kubectl.run("logs", printer, "--since-time=2020-01-01T00:00:00Z")


def test_deployments_and_selectors_have_logs(kubectl):
    kubectl.run("create", "deployment", "many", "--image=registry.test/web:1", "--port=8080", "--replicas=2")
    kubectl.run("rollout", "status", "deployment/many", "--timeout=60s")
    assert "listening on" in kubectl.until(lambda output: "listening" in output, "logs", "deployment/many")
    lines = kubectl.until(lambda output: output.count("listening") == 2, "logs", "-l", "app=many", "--prefix")
    assert all(line.startswith("[pod/many-") for line in lines.splitlines())


def test_follow_goes_on_until_the_pod_ends(kubectl):
    kubectl.run("apply", "-f", "-", stdin=pod("followed"))
    kubectl.run("wait", "--for=condition=Ready", "pod/followed", "--timeout=60s")
    kubectl.until(lambda output: "listening" in output, "logs", "followed")
    command = [kubectl.program, f"--kubeconfig={kubectl.server.kubeconfig}", f"--namespace={kubectl.namespace}"]
    follower = subprocess.Popen(command + ["logs", "-f", "followed"], stdout=subprocess.PIPE, text=True)
    assert follower.stdout.readline() == "first\n"
    kubectl.run("delete", "pod", "followed", "--wait", "--timeout=60s", timeout=90)
    rest = follower.stdout.read()
    assert follower.wait(timeout=30) == 0 and "listening" in rest


def test_previous_is_the_log_before_the_crash(kubectl):
    kubectl.run("apply", "-f", "-", stdin=pod("crasher", script={"log": ["alive"], "crashAfter": "2s"}))
    kubectl.run("wait", "--for=condition=Ready", "pod/crasher", "--timeout=60s")
    refused = kubectl.run("logs", "crasher", "-p", fails=True)
    assert 'previous terminated container "web" in pod "crasher" not found' in refused
    kubectl.until(lambda output: output not in ("", "0"), "get", "pod", "crasher", "-o", "jsonpath={.status..restartCount}")
    assert kubectl.run("logs", "crasher", "-p").startswith("alive")


def test_of_several_containers_one_has_to_be_named(kubectl):
    kubectl.run("apply", "-f", "-", stdin=pod("pair", containers=("web", "side")))
    kubectl.run("wait", "--for=condition=Ready", "pod/pair", "--timeout=60s")
    assert kubectl.run("logs", "pair", "-c", "side").startswith("beside")
    raw = f"/api/v1/namespaces/{kubectl.namespace}/pods/pair/log"
    assert "choose one of: [web side]" in kubectl.run("get", "--raw", raw, fails=True)
    assert "container nope is not valid" in kubectl.run("get", "--raw", raw + "?container=nope", fails=True)


def test_a_pod_that_waits_has_no_log_yet(kubectl):
    kubectl.run("apply", "-f", "-", stdin=pod("waiter", script={"pull": False}).replace("web:1", "nowhere:1"))
    kubectl.until(lambda output: "ImagePullBackOff" in output, "get", "pod", "waiter")
    assert "trying and failing to pull image" in kubectl.run("logs", "waiter", fails=True)


def test_what_no_log_can_have_is_refused(kubectl, printer):
    raw = f"/api/v1/namespaces/{kubectl.namespace}/pods/{printer}/log"
    assert "tailLines" in kubectl.run("get", "--raw", raw + "?tailLines=-1", fails=True)
    assert "sinceTime" in kubectl.run(
        "get", "--raw", raw + "?sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z", fails=True
    )


def test_commands_and_forwarded_ports_are_refused_with_a_reason(kubectl, printer):
    assert "error dialing backend" in kubectl.run("exec", printer, "--", "true", fails=True)
    assert "error dialing backend" in kubectl.run("port-forward", printer, "0:8080", fails=True)
    assert "error dialing backend" in kubectl.run("attach", printer, fails=True)
