# SPDX-License-Identifier: Apache-2.0
import datetime
import pathlib
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ClientTests"))

from backend import Backend  # noqa: E402
from environment import Environment, forward  # noqa: E402

HOST = "shop.example.com"


def self_signed(name):
    """A certificate that is its own root, and its key, both in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    )


class Shop:
    """A load balancer with an HTTPS and a QUIC listener of the same rules."""

    def __init__(self, environment, backend):
        self.environment = environment
        self.pem, key = self_signed(HOST)
        certificate = environment.certificate(self.pem, key)
        self.balancer = environment.load_balancer()
        group = environment.server_group([backend.port])
        more = {"Certificates": [{"CertificateId": certificate}]}
        self.quic = environment.patiently(
            "CreateListener",
            LoadBalancerId=self.balancer.id,
            ListenerProtocol="QUIC",
            ListenerPort=443,
            DefaultActions=[forward(group)],
            **more,
        )["ListenerId"]
        self.https = self.balancer.listener(
            "HTTPS", 8443, group, QuicConfig={"QuicUpgradeEnabled": True, "QuicListenerId": self.quic}, **more
        )
        teapot = {"Type": "FixedResponse", "FixedResponseConfig": {"HttpCode": "418", "Content": "tea"}}
        rule = ([{"Type": "Path", "PathConfig": {"Values": ["/tea"]}}], [teapot])
        for listener in (self.quic, self.https):
            self.balancer.rules(listener, rule)
        self.balancer.settle()
        zone = self.balancer.report()["zones"][0]
        self.failure = next(
            (one.get("failure") for one in zone["listeners"] if one["protocol"] == "QUIC"), None
        )

    def address(self, protocol):
        zone = self.balancer.report()["zones"][0]
        bound = next(one["boundPort"] for one in zone["listeners"] if one["protocol"] == protocol)
        return zone["address"], bound


@pytest.fixture(scope="session")
def any_shop():
    backend = Backend("one")
    environment = Environment("--no-controller", "--no-cluster")
    yield Shop(environment, backend)
    environment.stop()
    backend.stop()


@pytest.fixture
def shop(any_shop):
    if any_shop.failure:
        pytest.skip(f"QUIC: {any_shop.failure}")
    return any_shop
