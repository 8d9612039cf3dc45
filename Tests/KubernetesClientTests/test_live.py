# SPDX-License-Identifier: Apache-2.0
"""kubectl and a cluster that lives: pods run, roll out, are scaled and go."""

from conftest import Kubectl, Server


def test_albconfigs_are_served_once_the_server_is_ready():
    fresh = Server("--nodes", "0")
    try:
        assert "No resources found" in Kubectl(fresh).run("get", "albconfigs")
    finally:
        fresh.stop()


def test_deployment_rolls_out(kubectl):
    kubectl.run("create", "deployment", "web", "--image=registry.test/web:1", "--replicas=2", "--port=8080")
    assert "successfully rolled out" in kubectl.run("rollout", "status", "deployment/web", "--timeout=60s")
    rows = [line.split() for line in kubectl.run("get", "pods", "-l", "app=web", "--no-headers").splitlines()]
    assert [row[1:3] for row in rows] == [["1/1", "Running"]] * 2


def test_scale_and_wait(kubectl):
    kubectl.run("create", "deployment", "scaled", "--image=registry.test/web:1")
    kubectl.run("scale", "deployment/scaled", "--replicas=3")
    kubectl.run("wait", "--for=jsonpath={.status.readyReplicas}=3", "deployment/scaled", "--timeout=60s")
    assert kubectl.run("get", "deployment", "scaled", "--no-headers").split()[1] == "3/3"


def test_history_and_undo(kubectl):
    kubectl.run("create", "deployment", "undone", "--image=registry.test/web:1")
    kubectl.run("rollout", "status", "deployment/undone", "--timeout=60s")
    kubectl.run("set", "image", "deployment/undone", "web=registry.test/web:2")
    kubectl.run("rollout", "status", "deployment/undone", "--timeout=60s")
    assert kubectl.run("rollout", "history", "deployment/undone").split()[-4:] == ["1", "<none>", "2", "<none>"]
    assert "rolled back" in kubectl.run("rollout", "undo", "deployment/undone")
    kubectl.run("rollout", "status", "deployment/undone", "--timeout=60s")
    template = kubectl.json("get", "deployment", "undone")["spec"]["template"]
    assert template["spec"]["containers"][0]["image"] == "registry.test/web:1"


def test_restart_replaces_pods(kubectl):
    kubectl.run("create", "deployment", "again", "--image=registry.test/web:1")
    kubectl.run("rollout", "status", "deployment/again", "--timeout=60s")
    before = kubectl.run("get", "pods", "-l", "app=again", "-o", "name").split()
    kubectl.run("rollout", "restart", "deployment/again")
    kubectl.run("rollout", "status", "deployment/again", "--timeout=60s")
    after = kubectl.until(
        lambda output: len(output.split()) == 1, "get", "pods", "-l", "app=again", "-o", "name"
    ).split()
    assert after != before


def test_expose_gives_endpoints(kubectl):
    kubectl.run("create", "deployment", "exposed", "--image=registry.test/web:1", "--port=8080")
    kubectl.run("expose", "deployment", "exposed", "--port=80", "--target-port=8080")
    kubectl.run("rollout", "status", "deployment/exposed", "--timeout=60s")
    output = kubectl.until(lambda output: ":8080" in output, "get", "endpoints", "exposed", "--no-headers")
    assert output.split()[0] == "exposed" or "exposed" in output


def test_delete_waits_for_the_end(kubectl):
    kubectl.run("create", "deployment", "goes", "--image=registry.test/web:1")
    kubectl.run("rollout", "status", "deployment/goes", "--timeout=60s")
    kubectl.run("delete", "deployment", "goes", "--wait", "--cascade=foreground", "--timeout=60s", timeout=90)
    assert "No resources found" in kubectl.run("get", "pods", "-l", "app=goes")


def test_describe_a_pod_with_its_events(kubectl):
    kubectl.run("create", "deployment", "told", "--image=registry.test/web:1")
    kubectl.run("rollout", "status", "deployment/told", "--timeout=60s")
    printed = kubectl.run("describe", "pods", "-l", "app=told")
    statuses = [line.split() for line in printed.splitlines() if line.startswith("Status:")]
    assert statuses == [["Status:", "Running"]] and "registry.test/web:1" in printed


def test_cordon_and_uncordon(kubectl):
    node = kubectl.json("get", "nodes")["items"][0]["metadata"]["name"]
    assert "cordoned" in kubectl.run("cordon", node)
    assert "SchedulingDisabled" in kubectl.run("get", "node", node)
    assert "uncordoned" in kubectl.run("uncordon", node)


def test_namespace_goes_with_what_it_holds(kubectl):
    kubectl.run("create", "namespace", "short-lived")
    kubectl.run("create", "configmap", "inside", "--from-literal=a=1", "-n", "short-lived")
    kubectl.run("delete", "namespace", "short-lived", "--wait", "--timeout=60s", timeout=90)
    assert "NotFound" in kubectl.run("get", "namespace", "short-lived", fails=True)


def test_drain_evicts_pods_and_keeps_to_budgets(kubectl):
    kubectl.run("create", "deployment", "drained", "--image=registry.test/web:1", "--replicas=2")
    kubectl.run("rollout", "status", "deployment/drained", "--timeout=60s")
    kubectl.run("create", "poddisruptionbudget", "drained", "--selector=app=drained", "--min-available=1")
    node = kubectl.json("get", "pods", "-l", "app=drained")["items"][0]["spec"]["nodeName"]
    try:
        printed = kubectl.run(
            "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=60s", timeout=90
        )
        assert "evicting pod" in printed and "drained" in printed
        left = kubectl.json("get", "pods", "-A", f"--field-selector=spec.nodeName={node}")["items"]
        assert left == []
    finally:
        kubectl.run("uncordon", node)
    kubectl.run("rollout", "status", "deployment/drained", "--timeout=60s")


def test_events_tell_what_happened(kubectl):
    kubectl.run("create", "deployment", "eventful", "--image=registry.test/web:1")
    kubectl.run("rollout", "status", "deployment/eventful", "--timeout=60s")
    printed = kubectl.until(lambda output: "ScalingReplicaSet" in output, "events")
    assert all(word in printed for word in ("Scheduled", "Pulled", "Started", "SuccessfulCreate"))
    one = kubectl.run("events", "--for", "deployment/eventful")
    assert "ScalingReplicaSet" in one and "Scheduled" not in one


def test_undo_to_a_revision(kubectl):
    kubectl.run("create", "deployment", "revised", "--image=registry.test/web:1")
    for tag in ("2", "3"):
        kubectl.run("rollout", "status", "deployment/revised", "--timeout=60s")
        kubectl.run("set", "image", "deployment/revised", f"web=registry.test/web:{tag}")
    kubectl.run("rollout", "status", "deployment/revised", "--timeout=60s")
    assert "registry.test/web:2" in kubectl.run("rollout", "history", "deployment/revised", "--revision=2")
    kubectl.run("rollout", "undo", "deployment/revised", "--to-revision=1")
    kubectl.run("rollout", "status", "deployment/revised", "--timeout=60s")
    assert kubectl.run("rollout", "history", "deployment/revised").split()[-6::2] == ["2", "3", "4"]


def test_pause_and_resume(kubectl):
    kubectl.run("create", "deployment", "paused", "--image=registry.test/web:1")
    kubectl.run("rollout", "status", "deployment/paused", "--timeout=60s")
    kubectl.run("rollout", "pause", "deployment/paused")
    kubectl.run("set", "image", "deployment/paused", "web=registry.test/web:2")
    assert len(kubectl.json("get", "replicasets", "-l", "app=paused")["items"]) == 1
    kubectl.run("rollout", "resume", "deployment/paused")
    kubectl.run("rollout", "status", "deployment/paused", "--timeout=60s")
    assert len(kubectl.json("get", "replicasets", "-l", "app=paused")["items"]) == 2


def test_wait_for_the_end_of_a_pod(kubectl):
    kubectl.run("run", "waited", "--image=registry.test/web:1")
    kubectl.run("wait", "--for=condition=Ready", "pod/waited", "--timeout=60s")
    kubectl.run("delete", "pod", "waited", "--wait=false")
    kubectl.run("wait", "--for=delete", "pod/waited", "--timeout=60s", timeout=90)


def test_get_watch_shows_changes(kubectl):
    import subprocess

    command = [kubectl.program, f"--kubeconfig={kubectl.server.kubeconfig}", f"--namespace={kubectl.namespace}"]
    watcher = subprocess.Popen(
        command + ["get", "configmaps", "-w", "--no-headers"], stdout=subprocess.PIPE, text=True
    )
    try:
        kubectl.run("create", "configmap", "watched", "--from-literal=a=1")
        lines = iter(watcher.stdout.readline, "")
        assert next(line for line in lines if line.startswith("watched")).split()[1] == "1"
        kubectl.run("patch", "configmap", "watched", "-p", '{"data":{"b":"2"}}')
        assert next(line for line in lines if line.startswith("watched")).split()[1] == "2"
    finally:
        watcher.kill()


def test_taint_keeps_pods_away(kubectl):
    node = kubectl.json("get", "nodes")["items"][-1]["metadata"]["name"]
    kubectl.run("taint", "node", node, "only=others:NoSchedule")
    try:
        kubectl.run("create", "deployment", "untainted", "--image=registry.test/web:1", "--replicas=4")
        kubectl.run("rollout", "status", "deployment/untainted", "--timeout=60s")
        pods = kubectl.json("get", "pods", "-l", "app=untainted")["items"]
        assert node not in [pod["spec"]["nodeName"] for pod in pods]
    finally:
        kubectl.run("taint", "node", node, "only-")


def test_a_pod_nobody_can_take_says_why(kubectl):
    spec = '{"apiVersion":"v1","spec":{"nodeSelector":{"no":"such"}}}'
    kubectl.run("run", "homeless", "--image=registry.test/web:1", f"--overrides={spec}")
    printed = kubectl.until(lambda output: "FailedScheduling" in output, "describe", "pod", "homeless")
    assert "Pending" in printed
    condition = kubectl.run("get", "pod", "homeless", "-o", "jsonpath={.status.conditions[0].reason}")
    assert condition == "Unschedulable"
