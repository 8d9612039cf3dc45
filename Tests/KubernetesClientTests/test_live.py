# SPDX-License-Identifier: Apache-2.0
"""kubectl and a cluster that lives: pods run, roll out, are scaled and go."""


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
