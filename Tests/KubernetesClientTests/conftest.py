# SPDX-License-Identifier: Apache-2.0
"""What the tests of this folder stand on: a server of their own, and kubectl beside it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALBEDO = os.environ.get("ALBEDO", str(ROOT / ".build/debug/albedo"))


class Server:
    """`albedo serve` on ports of the system's choice; it is stopped by its process id."""

    def __init__(self, *options, directory=None):
        self.directory = directory or tempfile.mkdtemp(prefix="albedo-kubernetes-")
        for name in ("endpoints.json", "kubeconfig"):
            pathlib.Path(self.directory, name).unlink(missing_ok=True)
        self.log = open(os.path.join(self.directory, "log"), "a")
        self.process = subprocess.Popen(
            [ALBEDO, "serve", "--directory", self.directory, *options],
            stdout=self.log,
            stderr=self.log,
        )
        deadline = time.time() + 60
        path = pathlib.Path(self.directory, "endpoints.json")
        while not path.exists():
            if time.time() > deadline or self.process.poll() is not None:
                self.stop()
                raise RuntimeError(pathlib.Path(self.directory, "log").read_text())
            time.sleep(0.05)
        self.endpoints = json.loads(path.read_text())
        self.kubeconfig = os.path.join(self.directory, "kubeconfig")

    @property
    def address(self):
        """Host and port of the API server, to listen there again."""
        return self.endpoints["kubernetes"]["url"].split("//")[1].rstrip("/")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.log.close()

    def kill(self):
        """As `kill -9` does: nothing is put in order before."""
        self.process.kill()
        self.process.wait()
        self.log.close()


class Kubectl:
    """The real kubectl against a server, in one namespace."""

    def __init__(self, server, namespace="default"):
        self.server = server
        self.namespace = namespace
        self.program = shutil.which("kubectl") or os.path.join(os.path.dirname(sys.executable), "kubectl")

    def run(self, *arguments, stdin=None, fails=False, timeout=60):
        """What the command printed, both streams; its end must be as expected."""
        command = [self.program, f"--kubeconfig={self.server.kubeconfig}", f"--namespace={self.namespace}"]
        done = subprocess.run(
            command + list(arguments),
            input=stdin,
            text=True,
            capture_output=True,
            timeout=timeout,
            env={**os.environ, "HOME": self.server.directory, "KUBECTL_COMMAND_HEADERS": "false"},
        )
        output = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, f"kubectl {' '.join(arguments)}: {output}"
        return output

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "-o", "json"))

    def until(self, is_true, *arguments, seconds=30):
        """Asks again until what is printed is as wanted."""
        deadline = time.time() + seconds
        while True:
            output = self.run(*arguments)
            if is_true(output):
                return output
            assert time.time() < deadline, f"kubectl {' '.join(arguments)} still prints: {output}"
            time.sleep(0.2)


@pytest.fixture(scope="session")
def server():
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def kubectl(server, request):
    """kubectl in a namespace of the module's own."""
    name = request.module.__name__.replace("test_", "").replace("_", "-")
    Kubectl(server).run("create", "namespace", name)
    return Kubectl(server, name)
