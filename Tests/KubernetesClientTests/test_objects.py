# SPDX-License-Identifier: Apache-2.0
"""kubectl and plain objects: what is stored, shown and changed."""

import pytest


def test_version_tells_the_server(kubectl):
    assert "Server Version: v1.36" in kubectl.run("version")


def test_readyz_is_ok(kubectl):
    assert kubectl.run("get", "--raw", "/readyz") == "ok"


def test_api_versions_lists_groups(kubectl):
    listed = kubectl.run("api-versions").split()
    assert {"v1", "apps/v1", "networking.k8s.io/v1", "apiextensions.k8s.io/v1"} <= set(listed)


def test_api_resources_lists_short_names(kubectl):
    lines = kubectl.run("api-resources", "--no-headers").splitlines()
    ingresses = next(line.split() for line in lines if line.startswith("ingresses "))
    assert ingresses == ["ingresses", "ing", "networking.k8s.io/v1", "true", "Ingress"]


def test_configmap_is_made_and_read(kubectl):
    assert "created" in kubectl.run("create", "configmap", "plain", "--from-literal=a=1", "--from-literal=b=2")
    assert kubectl.json("get", "configmap", "plain")["data"] == {"a": "1", "b": "2"}


def test_making_it_again_is_refused(kubectl):
    kubectl.run("create", "configmap", "twice", "--from-literal=a=1")
    refused = kubectl.run("create", "configmap", "twice", "--from-literal=a=1", fails=True)
    assert 'configmaps "twice" already exists' in refused


def test_what_is_missing_is_not_found(kubectl):
    assert '(NotFound): configmaps "nothing" not found' in kubectl.run("get", "configmap", "nothing", fails=True)


def test_label_and_select(kubectl):
    kubectl.run("create", "configmap", "one", "--from-literal=a=1")
    kubectl.run("create", "configmap", "two", "--from-literal=a=1")
    kubectl.run("label", "configmap", "one", "team=edge")
    assert kubectl.run("get", "configmaps", "-l", "team=edge", "-o", "name").split() == ["configmap/one"]
    refused = kubectl.run("label", "configmap", "one", "team=core", fails=True)
    assert "--overwrite" in refused


@pytest.mark.parametrize("kind", ["merge", "strategic", "json"])
def test_patch(kubectl, kind):
    name = f"patched-{kind}"
    kubectl.run("create", "configmap", name, "--from-literal=a=1")
    patch = '[{"op": "replace", "path": "/data/a", "value": "2"}]' if kind == "json" else '{"data": {"a": "2"}}'
    kubectl.run("patch", "configmap", name, f"--type={kind}", "-p", patch)
    assert kubectl.json("get", "configmap", name)["data"] == {"a": "2"}


def test_replace_with_an_old_version_conflicts(kubectl):
    kubectl.run("create", "configmap", "old", "--from-literal=a=1")
    old = kubectl.run("get", "configmap", "old", "-o", "json")
    kubectl.run("annotate", "configmap", "old", "seen=yes")
    assert "(Conflict)" in kubectl.run("replace", "-f", "-", stdin=old, fails=True)


def test_delete_says_what_is_gone(kubectl):
    kubectl.run("create", "configmap", "gone", "--from-literal=a=1")
    assert kubectl.run("delete", "configmap", "gone").startswith('configmap "gone" deleted')
    kubectl.run("get", "configmap", "gone", fails=True)


def test_dry_run_stores_nothing(kubectl):
    printed = kubectl.run("create", "configmap", "dry", "--from-literal=a=1", "--dry-run=server")
    assert "(server dry run)" in printed
    kubectl.run("get", "configmap", "dry", fails=True)
