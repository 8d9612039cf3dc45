# SPDX-License-Identifier: Apache-2.0
import subprocess

import pytest

from backend import Backend
from environment import Environment


@pytest.fixture(scope="session")
def environment():
    served = Environment("--no-controller", "--no-cluster")
    yield served
    served.stop()
    # Nothing may have brought the process down on the way.
    assert served.process.returncode == 0


@pytest.fixture(scope="session")
def backends():
    made = [Backend("one"), Backend("two"), Backend("three")]
    yield made
    for backend in made:
        backend.stop()


class Authority:
    """Certificates made by openssl."""

    def __init__(self, folder):
        self.folder = folder
        self.key, self.root = folder / "ca.key", folder / "ca.pem"
        self.run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=Clients Test Authority", "-keyout", self.key, "-out", self.root,
        )  # fmt: skip

    def run(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def issue(self, name, usage="serverAuth"):
        """Certificate and key as files."""
        stem = name.replace("*", "star")
        key, request, certificate = (self.folder / f"{stem}.{end}" for end in ("key", "csr", "pem"))
        extensions = self.folder / f"{stem}.ext"
        extensions.write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage={usage}\n")
        self.run(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
            "-keyout", key, "-out", request,
        )  # fmt: skip
        self.run(
            "x509", "-req", "-in", request, "-CA", self.root, "-CAkey", self.key, "-CAcreateserial",
            "-days", "20", "-extfile", extensions, "-out", certificate,
        )  # fmt: skip
        return certificate, key


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def certificates(environment, authority):
    """Ids of uploaded certificates by their names."""
    found = {}
    for name in ("cafe.example.com", "*.example.com", "default.example.org"):
        certificate, key = authority.issue(name)
        found[name] = environment.certificate(certificate.read_text(), key.read_text())
    return found


def curl(*arguments):
    """Runs curl; status, header fields and body."""
    done = subprocess.run(
        ["curl", "-sS", "-m", "10", "-i", *map(str, arguments)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    fields = [line.split(": ", 1) for line in lines[1:] if ": " in line]
    return int(lines[0].split()[1]), {name.lower(): value for name, value in fields}, body
