# SPDX-License-Identifier: Apache-2.0
"""Who may do what: certificates, tokens, nobody at all; and what the server tells of itself."""

import base64
import gzip
import json
import ssl
import tempfile
import urllib.error
import urllib.request

import yaml


def kubeconfig(server):
    with open(server.kubeconfig) as file:
        return yaml.safe_load(file)


def context(server, certificate=None, key=None):
    made = ssl.create_default_context(cadata=server.endpoints["kubernetes"]["certificateAuthority"])
    made.check_hostname = False
    if certificate:
        with tempfile.NamedTemporaryFile() as file:
            file.write(base64.b64decode(certificate) + base64.b64decode(key))
            file.flush()
            made.load_cert_chain(file.name)
    return made


def ask(server, path, certificate=None, key=None, token=None, **fields):
    request = urllib.request.Request(server.endpoints["kubernetes"]["url"] + path)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    for name, value in fields.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request, context=context(server, certificate, key), timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def test_the_certificate_of_the_kubeconfig_is_the_administrator(server):
    user = kubeconfig(server)["users"][0]["user"]
    pair = (user["client-certificate-data"], user["client-key-data"])
    assert ask(server, "/api/v1/nodes", *pair)[0] == 200


def test_a_certificate_of_strangers_is_nobody(server):
    import subprocess

    folder = tempfile.mkdtemp()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-keyout", f"{folder}/key", "-out", f"{folder}/certificate", "-subj", "/O=system:masters/CN=kubernetes-admin"],
        check=True, capture_output=True,
    )  # fmt: skip
    pair = [base64.b64encode(open(f"{folder}/{name}", "rb").read()).decode() for name in ("certificate", "key")]
    assert ask(server, "/api/v1/nodes", *pair)[0] == 401
    # A token beside it still counts.
    token = server.endpoints["kubernetes"]["token"]
    assert ask(server, "/api/v1/nodes", *pair, token=token)[0] == 200


def test_who_shows_nothing_may_hardly_anything(server):
    status, _, body = ask(server, "/api/v1/nodes")
    assert status == 403 and 'User \\"system:anonymous\\" cannot list resource \\"nodes\\"' in body.decode()
    for path in ("/healthz", "/livez", "/readyz", "/version"):
        assert ask(server, path)[0] == 200
    assert ask(server, "/metrics")[0] == 403


def test_a_wrong_token_is_refused(server):
    assert ask(server, "/api", token="wrong")[0] == 401


def test_whoami_tells_groups(kubectl):
    assert "system:masters" in kubectl.run("auth", "whoami")


def test_a_token_of_a_serviceaccount_gets_in(kubectl, server):
    kubectl.run("create", "serviceaccount", "robot")
    token = kubectl.run("create", "token", "robot").strip()
    path = f"/api/v1/namespaces/{kubectl.namespace}/configmaps"
    assert ask(server, path, token=token)[0] == 403
    kubectl.run("create", "role", "reader", "--verb=get,list", "--resource=configmaps")
    account = f"{kubectl.namespace}:robot"
    kubectl.run("create", "rolebinding", "reader", "--role=reader", f"--serviceaccount={account}")
    assert ask(server, path, token=token)[0] == 200
    assert "yes" in kubectl.run("auth", "can-i", "list", "configmaps", f"--as=system:serviceaccount:{account}")


def test_metrics_count_requests(kubectl, server):
    kubectl.run("get", "configmaps")
    printed = kubectl.run("get", "--raw", "/metrics")
    assert "# TYPE apiserver_request_total counter" in printed
    wanted = 'group="",resource="configmaps",scope="namespace",subresource="",verb="LIST",version="v1"}'
    assert any(line.startswith("apiserver_request_total{") and wanted in line for line in printed.splitlines())
    assert 'apiserver_request_duration_seconds_bucket{component="apiserver"' in printed


def test_long_answers_are_packed_for_those_who_take_that(server, kubectl):
    for number in range(3):
        kubectl.run("create", "configmap", f"long-{number}", f"--from-literal=a={'x' * 60_000}")
    token = server.endpoints["kubernetes"]["token"]
    path = f"/api/v1/namespaces/{kubectl.namespace}/configmaps"
    _, fields, packed = ask(server, path, token=token, Accept_Encoding="gzip")
    assert fields["Content-Encoding"] == "gzip" and len(packed) < 20_000
    _, fields, plain = ask(server, path, token=token)
    assert fields["Content-Encoding"] is None
    assert json.loads(gzip.decompress(packed)) == json.loads(plain)
    _, fields, _ = ask(server, path + "/long-0", token=token, Accept_Encoding="gzip")
    assert fields["Content-Encoding"] is None


def test_documents_have_tags(server):
    token = server.endpoints["kubernetes"]["token"]
    aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    for path, accept in (("/apis", aggregated), ("/openapi/v2", "*/*"), ("/openapi/v3", "*/*")):
        status, fields, body = ask(server, path, token=token, Accept=accept)
        assert status == 200 and fields["ETag"].startswith('"') and body
        status, fields, body = ask(server, path, token=token, Accept=accept, If_None_Match=fields["ETag"])
        assert (status, body) == (304, b"")


def test_openapi_documents_are_named_by_their_hash(server):
    token = server.endpoints["kubernetes"]["token"]
    index = json.loads(ask(server, "/openapi/v3", token=token)[2])
    address = index["paths"]["apis/apps/v1"]["serverRelativeURL"]
    status, fields, _ = ask(server, address, token=token)
    assert status == 200 and fields["Cache-Control"] == "public" and fields["Expires"]
    # An old address leads to the present one.
    status, fields, _ = ask(server, "/openapi/v3/apis/apps/v1?hash=OLD", token=token)
    assert status == 200 and fields["ETag"]
