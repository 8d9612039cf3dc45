# SPDX-License-Identifier: Apache-2.0
"""The official Python client: an informer that survives what networks and servers do."""

import os
import tempfile
import threading
import time

import pytest
from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

from conftest import Server


class Informer:
    """Lists, watches from there, and lists anew when its version is gone: what every controller stands on."""

    def __init__(self, kubeconfig, namespace):
        self.kubeconfig = kubeconfig
        self.namespace = namespace
        self.known = {}
        self.lists = 0
        self.watches = 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        version = None
        while not self.stopped.is_set():
            try:
                api = client.CoreV1Api(config.new_client_from_config(self.kubeconfig))
                if version is None:
                    listed = api.list_namespaced_config_map(self.namespace)
                    self.lists += 1
                    self.known = {item.metadata.name: item.data for item in listed.items}
                    version = listed.metadata.resource_version
                self.watches += 1
                stream = watch.Watch().stream(
                    api.list_namespaced_config_map, self.namespace, resource_version=version, timeout_seconds=1
                )
                for event in stream:
                    item = event["object"]
                    version = item.metadata.resource_version
                    if event["type"] == "DELETED":
                        self.known.pop(item.metadata.name, None)
                    else:
                        self.known[item.metadata.name] = item.data
            except ApiException as error:
                if error.status == 410:
                    version = None
            except Exception:
                time.sleep(0.1)

    def until(self, is_true, seconds=30):
        deadline = time.time() + seconds
        while not is_true(self):
            assert time.time() < deadline, f"the informer knows {self.known}"
            time.sleep(0.05)

    def stop(self):
        self.stopped.set()
        self.thread.join(timeout=10)


def settings(name, **data):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name), data=data)


def api(server):
    return client.CoreV1Api(config.new_client_from_config(server.kubeconfig))


def test_informer_survives_watches_that_end_and_a_restart_with_state():
    folder = tempfile.mkdtemp(prefix="albedo-state-")
    options = ["--no-controller", "--no-cluster", "--state", os.path.join(folder, "state.sqlite")]
    server = Server(*options, directory=folder)
    informer = None
    try:
        api(server).create_namespaced_config_map("default", settings("before", a="1"))
        informer = Informer(server.kubeconfig, "default")
        informer.until(lambda self: "before" in self.known)
        # Every watch ends after a second; what comes later is seen by one that began where it ended.
        informer.until(lambda self: self.watches >= 3)
        api(server).create_namespaced_config_map("default", settings("between", a="2"))
        informer.until(lambda self: self.known.get("between") == {"a": "2"})
        assert informer.lists == 1
        address = server.address
        server.kill()
        server = Server(*options, "--kubernetes", address, directory=folder)
        # What was acknowledged before the kill is still there, and changes go on.
        names = [item.metadata.name for item in api(server).list_namespaced_config_map("default").items]
        assert {"before", "between"} <= set(names)
        api(server).create_namespaced_config_map("default", settings("after", a="3"))
        informer.until(lambda self: self.known.get("after") == {"a": "3"})
        assert {"before", "between", "after"} <= set(informer.known)
    finally:
        if informer:
            informer.stop()
        server.stop()


def test_a_version_that_never_was_is_told_as_such(server):
    with pytest.raises(ApiException) as refused:
        stream = watch.Watch().stream(
            api(server).list_namespaced_config_map, "default", resource_version="999999999", timeout_seconds=2
        )
        list(stream)
    assert refused.value.status in (410, 504)


def test_a_second_process_on_the_same_state_is_refused():
    folder = tempfile.mkdtemp(prefix="albedo-state-")
    options = ["--no-controller", "--no-cluster", "--state", os.path.join(folder, "state.sqlite")]
    server = Server(*options, directory=folder)
    try:
        with pytest.raises(RuntimeError) as refused:
            Server(*options)
        assert "state.sqlite" in str(refused.value)
    finally:
        server.stop()


def test_pages_hold_all_once(server):
    core = api(server)
    for number in range(7):
        core.create_namespaced_config_map("default", settings(f"page-{number}", a="1"))
    names, token = [], None
    while True:
        page = core.list_namespaced_config_map("default", limit=3, _continue=token)
        names += [item.metadata.name for item in page.items]
        token = page.metadata._continue
        if not token:
            break
    assert len(names) == len(set(names)) and {f"page-{number}" for number in range(7)} <= set(names)


def control(server, body):
    """A request to the control address."""
    import json
    import urllib.request

    request = urllib.request.Request(server.endpoints["control"]["url"] + "/faults", json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    return json.loads(urllib.request.urlopen(request, timeout=10).read())


def test_informer_survives_a_history_that_is_gone_and_watches_that_are_cut(server):
    core = api(server)
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name="gone")))
    core.create_namespaced_config_map("gone", settings("first", a="1"))
    informer = Informer(server.kubeconfig, "gone")
    try:
        informer.until(lambda self: "first" in self.known and self.watches)
        old = core.list_namespaced_config_map("gone").metadata.resource_version
        core.create_namespaced_config_map("gone", settings("second", a="2"))
        # The version from which it watches is too old from now on, and it lists anew.
        control(server, {"kubernetes": [{"effect": "compact", "resource": "configmaps"}]})
        with pytest.raises(ApiException) as refused:
            list(
                watch.Watch().stream(
                    core.list_namespaced_config_map, "gone", resource_version=old, timeout_seconds=2
                )
            )
        assert refused.value.status == 410
        lists = informer.lists
        control(server, {"kubernetes": [{"effect": "compact", "resource": "configmaps"}]})
        core.create_namespaced_config_map("gone", settings("third", a="3"))
        informer.until(lambda self: {"first", "second", "third"} <= set(self.known))
        # A watch that is cut after each event goes on where it was.
        control(server, {"kubernetes": [{"effect": "cut", "resource": "configmaps", "events": 1, "for": 5}]})
        for number in range(5):
            core.create_namespaced_config_map("gone", settings(f"cut-{number}", a="1"))
        informer.until(lambda self: {f"cut-{number}" for number in range(5)} <= set(self.known))
        assert informer.lists >= lists
    finally:
        informer.stop()


def test_state_of_a_newer_version_is_refused_and_left_as_it_is():
    import sqlite3

    folder = tempfile.mkdtemp(prefix="albedo-state-")
    file = os.path.join(folder, "state.sqlite")
    options = ["--no-controller", "--no-cluster", "--state", file]
    server = Server(*options, directory=folder)
    server.stop()
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = open(file, "rb").read()
    with pytest.raises(RuntimeError) as refused:
        Server(*options)
    assert "newer program" in str(refused.value)
    assert open(file, "rb").read() == before


def test_a_file_that_is_something_else_is_refused_and_left_as_it_is():
    folder = tempfile.mkdtemp(prefix="albedo-state-")
    file = os.path.join(folder, "state.sqlite")
    with open(file, "w") as other:
        other.write("a letter to a friend\n" * 500)
    with pytest.raises(RuntimeError) as refused:
        Server("--no-controller", "--no-cluster", "--state", file)
    assert "is not an SQLite database" in str(refused.value)
    assert open(file).read() == "a letter to a friend\n" * 500


def test_every_acknowledged_write_outlives_kill_9():
    folder = tempfile.mkdtemp(prefix="albedo-state-")
    options = ["--no-controller", "--no-cluster", "--state", os.path.join(folder, "state.sqlite")]
    acknowledged = []
    for turn in range(3):
        server = Server(*options, directory=folder)
        stopped = threading.Event()

        def write(turn=turn):
            core, number = api(server), 0
            while not stopped.is_set():
                name = f"kept-{turn}-{number}"
                try:
                    core.create_namespaced_config_map("default", settings(name, a="1"))
                except Exception:
                    return
                acknowledged.append(name)
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(1.0)
        server.kill()
        stopped.set()
        writer.join(timeout=60)
    server = Server(*options, directory=folder)
    try:
        names = {item.metadata.name for item in api(server).list_namespaced_config_map("default").items}
        assert len(acknowledged) > 10 and set(acknowledged) <= names
    finally:
        server.stop()
