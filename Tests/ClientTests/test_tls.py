# SPDX-License-Identifier: Apache-2.0
"""TLS with openssl s_client and curl: server names, versions, ciphers, alerts, client certificates, HTTP/2."""

import json
import socket
import ssl
import subprocess

import pytest
from conftest import curl


@pytest.fixture(scope="module")
def balancer(environment, backends, certificates):
    made = environment.load_balancer()
    group = environment.server_group([backends[0].port])
    listener = made.listener(
        "HTTPS",
        443,
        group,
        Certificates=[{"CertificateId": certificates["default.example.org"]}],
        SecurityPolicyId="tls_cipher_policy_1_2_strict_with_1_3",
    )
    environment.patiently(
        "AssociateAdditionalCertificatesWithListener",
        ListenerId=listener,
        Certificates=[
            {"CertificateId": certificates["cafe.example.com"]},
            {"CertificateId": certificates["*.example.com"]},
        ],
    )
    environment.call(
        "CreateSecurityPolicy",
        SecurityPolicyName="only-one",
        TLSVersions=["TLSv1.2"],
        Ciphers=["ECDHE-ECDSA-AES128-GCM-SHA256"],
    )
    made.listener(
        "HTTPS",
        8443,
        group,
        Certificates=[{"CertificateId": certificates["default.example.org"]}],
        SecurityPolicyId="tls_cipher_policy_1_0",
        Http2Enabled=False,
    )
    made.settle()
    return made


def s_client(address, *arguments):
    host, port = address
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"{host}:{port}", *arguments],
        input=b"",
        capture_output=True,
        timeout=20,
        check=False,
    )


def subject(address, *arguments):
    done = s_client(address, *arguments)
    line = next(line for line in done.stdout.decode().splitlines() if line.startswith("subject="))
    return line.split("CN = ")[1]


@pytest.mark.parametrize(
    "asked, shown",
    [
        ("cafe.example.com", "cafe.example.com"),
        ("CAFE.Example.com", "cafe.example.com"),
        ("tea.example.com", "*.example.com"),
        ("a.tea.example.com", "default.example.org"),
        ("example.com", "default.example.org"),
        (None, "default.example.org"),
    ],
)
def test_the_server_name_chooses_the_certificate(balancer, asked, shown):
    name = ["-noservername"] if asked is None else ["-servername", asked]
    assert subject(balancer.address(443), *name) == shown


def test_versions_are_those_of_the_policy(balancer):
    for version in ("-tls1_2", "-tls1_3"):
        assert b"Cipher is (NONE)" not in s_client(balancer.address(443), version).stdout
    old = s_client(balancer.address(443), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
    assert b"protocol version" in old.stderr
    newest = s_client(balancer.address(8443), "-tls1_3")
    assert b"protocol version" in newest.stderr


def test_ciphers_are_those_of_the_policy(balancer):
    weak = s_client(balancer.address(443), "-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0")
    assert b"handshake failure" in weak.stderr
    good = s_client(balancer.address(443), "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")
    assert b"ECDHE-ECDSA-AES256-GCM-SHA384" in good.stdout


def test_alpn_chooses_http2_where_it_is_on(balancer):
    assert b"ALPN protocol: h2" in s_client(balancer.address(443), "-alpn", "h2,http/1.1").stdout
    assert b"ALPN protocol: http/1.1" in s_client(balancer.address(8443), "-alpn", "h2,http/1.1").stdout


def test_curl_speaks_both_versions(balancer, authority, tmp_path):
    large = tmp_path / "large"
    large.write_bytes(b"x" * 200_000)
    host, port = balancer.address(443)
    to = ("--resolve", f"cafe.example.com:{port}:{host}", "--cacert", authority.root)
    url = f"https://cafe.example.com:{port}/tea"
    for version, option in (("1.1", "--http1.1"), ("2", "--http2")):
        status, fields, body = curl(*to, option, "-w", "\n%{http_version}", url)
        text, _, spoken = body.decode().rpartition("\n")
        assert (status, spoken) == (200, version)
        assert json.loads(text)["path"] == "/tea"
    status, _, body = curl(*to, "--http2", "--data-binary", f"@{large}", url)
    assert json.loads(body)["body"] == 200_000
    status, _, body = curl(*to, "--http2", url.replace("/tea", "/large"))
    assert len(body) == 880_000


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("path, size", [("/tea", 0), ("/large", 880_000)])
def test_the_last_answer_comes_whole_and_tls_ends_in_order(balancer, version, path, size):
    context = ssl._create_unverified_context()
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(balancer.address(443), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="cafe.example.com", suppress_ragged_eofs=False) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: cafe.example.com\r\nConnection: close\r\n\r\n".encode())
            came = b""
            while piece := client.recv(65_536):  # an end without close_notify would be an error
                came += piece
    head, _, body = came.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ") and len(body) >= max(size, 1)


def test_plain_http_on_a_tls_port_gets_400(balancer):
    host, port = balancer.address(443)
    assert curl(f"http://{host}:{port}/")[0] == 400


def test_client_certificates(environment, backends, certificates, authority):
    made = environment.load_balancer()
    found = environment.call(
        "UploadUserCertificate", version="2020-04-07", Name="client-authority", Cert=authority.root.read_text(),
        Key=authority.key.read_text(),
    )  # fmt: skip
    made.listener(
        "HTTPS",
        443,
        environment.server_group([backends[0].port]),
        Certificates=[{"CertificateId": certificates["default.example.org"]}],
        CaEnabled=True,
        CaCertificates=[{"CertificateId": f"{found['CertId']}-cn-hangzhou"}],
        XForwardedForConfig={
            "XForwardedForEnabled": True,
            "XForwardedForClientCertSubjectDNEnabled": True,
            "XForwardedForClientCertFingerprintEnabled": True,
            "XForwardedForClientCertClientVerifyEnabled": True,
        },
    )
    host, port = made.address(443)
    url = f"https://{host}:{port}/"
    certificate, key = authority.issue("alice", usage="clientAuth")
    status, _, body = curl("-k", "--cert", certificate, "--key", key, url)
    fields = {name.lower(): value for name, value in json.loads(body)["headers"]}
    assert status == 200
    assert "alice" in fields["x-forwarded-clientcert-subjectdn"]
    assert fields["x-forwarded-clientcert-clientverify"] == "SUCCESS"
    assert len(fields["x-forwarded-clientcert-fingerprint"]) >= 40
    for wrong in ([], self_signed(authority)):
        done = subprocess.run(["curl", "-skS", "-m", "5", *map(str, wrong), url], capture_output=True, check=False)
        assert done.returncode != 0 and done.stdout == b""


def self_signed(authority):
    key, certificate = authority.folder / "mallory.key", authority.folder / "mallory.pem"
    authority.run(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3",
        "-subj", "/CN=mallory", "-keyout", key, "-out", certificate,
    )  # fmt: skip
    return ["--cert", certificate, "--key", key]
