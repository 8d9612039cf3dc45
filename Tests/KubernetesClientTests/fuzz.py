#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends an API server what nobody should send: `fuzz.py --inputs 100000 --seed 1`.

It starts `albedo serve` ($ALBEDO names the binary), or takes `--kubeconfig` of one that runs. Every input is answered or
its connection closed; afterwards the server still answers, and its memory has not grown without bound. The same seed
sends the same inputs. Ends with 1 and a message when something of that is not so.
"""

import argparse
import collections
import http.client
import json
import pathlib
import random
import ssl
import sys
import time
import urllib.parse

ODD = [
    None, True, False, 0, -1, 65536, 2**63 - 1, -(2**63), 1e308, "", "x", "-", "a/b", "*", "..", "\u0000", "é",
    "9999-12-31T23:59:59Z", "1e999999", "a" * 300, [], {}, [[]], [None], {"a": {"b": None}}, {"$patch": "delete"},
    {"$patch": "replace"}, {"$retainKeys": 5}, "100m", "8080", "http", "self.x == 1", "{", "%s%n", "\ud7ff",
]
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "f", "labels": {"a": "b"}, "finalizers": ["a.b/c"]},
    "spec": {
        "containers": [
            {
                "name": "web", "image": "i:1", "ports": [{"containerPort": 80, "name": "http"}],
                "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
                "resources": {"requests": {"cpu": "100m", "memory": "1Gi"}},
                "livenessProbe": {"httpGet": {"port": "http", "path": "/"}},
            }
        ],
        "volumes": [{"name": "v", "configMap": {"name": "c", "items": [{"key": "a", "path": "b"}]}}],
    },
}
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "fs.example.com"},
    "spec": {
        "group": "example.com", "scope": "Namespaced", "names": {"plural": "fs", "kind": "F"},
        "versions": [
            {
                "name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "n": {"type": "integer", "minimum": 1, "default": 3},
                                    "t": {"type": "string", "pattern": "^a+$", "maxLength": 5},
                                    "l": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
                                },
                                "x-kubernetes-validations": [{"rule": "self.n < 10 || self.t == 'a'"}],
                            }
                        },
                    }
                },
            }
        ],
    },
}
SAMPLES = [
    ("/api/v1/namespaces/default/configmaps", {"metadata": {"name": "f"}, "data": {"a": "b"}, "binaryData": {"c": "eA=="}}),
    ("/api/v1/namespaces/default/pods", POD),
    ("/api/v1/namespaces/default/secrets", {"metadata": {"name": "f"}, "type": "kubernetes.io/tls", "data": {"tls.crt": "eA=="}}),
    ("/api/v1/namespaces/default/services", {"metadata": {"name": "f"}, "spec": {"type": "NodePort", "ports": [{"port": 80}], "selector": {"a": "b"}}}),
    (
        "/apis/apps/v1/namespaces/default/deployments",
        {"metadata": {"name": "f"}, "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": POD["spec"]}}},
    ),
    (
        "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
        {
            "metadata": {"name": "f"},
            "spec": {
                "rules": [
                    {"host": "a.b", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "s", "port": {"number": 80}}}}]}}
                ]
            },
        },
    ),
    ("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", CRD),
    ("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {"spec": {"resourceAttributes": {"verb": "get", "resource": "pods"}}}),
    ("/api/v1/namespaces/default/events", {"metadata": {"name": "f"}, "involvedObject": {"kind": "Pod", "namespace": "default"}, "reason": "R"}),
    ("/api/v1/nodes", {"metadata": {"name": "f"}, "status": {"capacity": {"cpu": "1"}}}),
]
TYPES = [
    "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/merge-patch+json",
    "application/strategic-merge-patch+json", "application/json-patch+json", "application/apply-patch+yaml",
    "text/plain", "", "application/json; charset=utf-8", "multipart/form-data", "a" * 200, "application/cbor",
]
ACCEPTS = [
    "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "*/*", "text/html", ";;;", "",
    "application/json;as=Table;v=v1;g=meta.k8s.io", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    "application/json;as=Nothing;v=v9;g=x", "application/json;q=x,*/*;q=-1", "application/*",
]
PARAMETERS = [
    "resourceVersion", "limit", "continue", "labelSelector", "fieldSelector", "gracePeriodSeconds", "fieldValidation",
    "dryRun", "resourceVersionMatch", "sendInitialEvents", "pretty", "fieldManager", "force", "propagationPolicy",
    "includeObject", "tailLines", "container", "hash", "timeout",
]
VALUES = ["", "0", "-1", "x", "99999999999999999999", "%", "%zz", "%00", "%ff%fe", "a=b", "!", "(", "a in (b,c", "1e9", "true", "=", ","]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]


def changed(value, chance):
    """A value with something in it that does not belong there."""
    if chance.random() < 0.15:
        return chance.choice(ODD)
    if isinstance(value, dict) and value:
        result = dict(value)
        key = chance.choice(list(result))
        result[key] = changed(result[key], chance)
        if chance.random() < 0.1:
            result[chance.choice(["extra", "", "$patch", "metadata", "a" * 70])] = chance.choice(ODD)
        if chance.random() < 0.05:
            del result[key]
        return result
    if isinstance(value, list) and value:
        result = list(value)
        place = chance.randrange(len(result))
        result[place] = changed(result[place], chance)
        if chance.random() < 0.1:
            result.append(result[place])
        return result
    return chance.choice(ODD)


def varint(number):
    result = b""
    while number > 127:
        result += bytes([number & 127 | 128])
        number >>= 7
    return result + bytes([number])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def protobuf(chance):
    """An envelope whose content is nearly a ConfigMap, or nothing at all."""
    metadata = field(1, b"f") + field(3, b"default")
    content = field(1, metadata) + field(2, field(1, b"a") + field(2, b"b"))
    content = bytearray(content)
    for _ in range(chance.randrange(6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    kind = field(1, field(1, b"v1") + field(2, b"ConfigMap"))
    whole = b"k8s\x00" + kind + field(2, bytes(content)) + field(3, b"") + field(4, b"")
    return whole[: chance.randrange(len(whole) + 1)] if chance.random() < 0.3 else whole


def yaml(chance):
    return chance.choice(
        [
            b"a: &a [x]\nb: *a\n", b"a: *nobody\n", b"? [a]\n: b\n", b"{" * 200, b"- " * 400, b"--- a\n--- b\n", b"\t",
            b"a: !!binary x\n", b"%YAML 9.9\n---\n", b"a: 'x\n", b"x: " + b"&a [" * 60, b"\xff\xfe", b"a:\n" * 300,
            b"l0: &l0 [x,x]\n" + b"".join(b"l%d: &l%d [*l%d,*l%d,*l%d]\n" % (i, i, i - 1, i - 1, i - 1) for i in range(1, 30)),
            b"metadata: {name: f}\ndata: {a: 0x10, b: 1e3, c: ~}\n",
        ]
    )


def damaged(content, chance):
    content = bytearray(content)
    for _ in range(1 + chance.randrange(4)):
        if content:
            content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: chance.randrange(len(content) + 1)]) if chance.random() < 0.3 else bytes(content)


def exchange(chance):
    """Method, target, header fields and body of one input."""
    path, sample = chance.choice(SAMPLES)
    if chance.random() < 0.1:
        return "POST", path, {"Content-Type": "application/json"}, json.dumps(sample).encode()
    method = chance.choices(METHODS, [60, 120, 90, 140, 12, 4, 1, 1])[0]
    if method in ("PUT", "PATCH", "DELETE", "GET", "HEAD"):
        ends = ["/f", "/f/status", "", "/f/scale", "/f/log", "/%2e%2e", "/a/b/c/d", "//", "/f%00"]
        path += chance.choices(ends, [60, 8, 4, 4, 2, 1, 1, 1, 1])[0]
    if chance.random() < 0.03:
        path = chance.choice(["/", "/api", "/apis/x/y/z", "/openapi/v3/x", "/metrics", "/healthz/x", "/api/v1/watch", "/%ff", "*"])
    query = [f"{chance.choice(PARAMETERS)}={chance.choice(VALUES)}" for _ in range(chance.choice([0, 0, 0, 1, 2]))]
    fields = {}
    usual = TYPES[3:7] if method == "PATCH" else ["application/json"] * 4 + TYPES[1:3]
    kind = chance.choice(usual) if chance.random() < 0.95 else chance.choice(TYPES)
    if kind:
        fields["Content-Type"] = kind
    if chance.random() < 0.2:
        fields["Accept"] = chance.choice(ACCEPTS)
    draw = chance.random()
    if kind.endswith("protobuf"):
        body = protobuf(chance)
    elif kind == "application/yaml" and draw < 0.5:
        body = yaml(chance)
    elif kind == "application/json-patch+json" and draw < 0.8:
        operations = [{"op": chance.choice(["add", "replace", "remove", "test", "copy", "move", "x"]), "path": chance.choice(["/spec", "/metadata/labels/a", "", "/-", "/data/a~1b", "x"]), "value": chance.choice(ODD)}]
        body = json.dumps(changed(operations, chance) if draw < 0.3 else operations).encode()
    elif draw < 0.02:
        opening = chance.choice([b"[", b'{"a":', b'{"metadata":{"labels":'])
        body = opening * chance.choice([100, 5_000, 60_000])
    elif draw < 0.12:
        body = damaged(json.dumps(sample).encode(), chance)
    elif draw < 0.15:
        body = chance.randbytes(chance.randrange(200))
    else:
        body = json.dumps(changed(sample, chance)).encode()
    if method in ("GET", "HEAD", "OPTIONS"):
        body = None
    return method, path + ("?" + "&".join(query) if query else ""), fields, body


class Fuzzer:
    """One connection after another to a server; what it answered is counted."""

    def __init__(self, url, token, seed):
        self.url = urllib.parse.urlsplit(url)
        self.token = token
        self.chance = random.Random(seed)
        self.statuses = collections.Counter()
        self.connection = None

    def connect(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(self.url.hostname, self.url.port, context=context, timeout=30)

    def send(self):
        method, target, fields, body = exchange(self.chance)
        if self.token:
            fields["Authorization"] = f"Bearer {self.token}"
        try:
            self.connection = self.connection or self.connect()
            # No client library sends such a target; the request line is written as it is.
            self.connection._validate_path = lambda url: None
            self.connection.request(method, target.replace(" ", "%20"), body, fields)
            answer = self.connection.getresponse()
            answer.read()
            self.statuses[answer.status] += 1
            if answer.status == 500:
                self.statuses[f"500 {method} {fields.get('Content-Type')}"] += 1
        except (http.client.HTTPException, ConnectionError, ssl.SSLError):
            self.statuses["closed"] += 1
            self.connection.close()
            self.connection = None

    def garbage(self):
        """Bytes on a connection of its own that are no request."""
        context = self.connect()
        context.connect()
        with context.sock as sock:
            sock.settimeout(5)
            try:
                sock.sendall(self.chance.choice([
                    b"\x00" * 100, b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n", b"POST /api HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                    b"POST /api HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"A" * 70_000,
                    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 3000, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 50,
                ]))
                sock.recv(1000)
            except (OSError, ssl.SSLError):
                pass
        self.statuses["garbage"] += 1


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0


def run(url, token, pid, inputs, seed, limit=600):
    """Sends so many inputs; gives what was answered. Raises when the server is not well afterwards."""
    fuzzer = Fuzzer(url, token, seed)
    for number in range(inputs):
        if number % 500 == 499:
            fuzzer.garbage()
        fuzzer.send()
    check = fuzzer.connect()
    check.request("GET", "/readyz")
    answer = check.getresponse()
    assert answer.status == 200 and answer.read() == b"ok", f"/readyz answers {answer.status} after the fuzzing"
    memory = resident(pid) if pid else 0
    assert memory < limit, f"the server takes {memory:.0f} MB after {inputs} inputs"
    return fuzzer.statuses, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    from conftest import Server

    server = Server("--no-controller", "--no-cluster", "--nodes", "0")
    begin = time.time()
    try:
        kubernetes = server.endpoints["kubernetes"]
        found, memory = run(kubernetes["url"], kubernetes["token"], server.process.pid, options.inputs, options.seed)
    finally:
        server.stop()
    for status, count in sorted(found.items(), key=lambda pair: str(pair[0])):
        print(f"{status}: {count}")
    print(f"{options.inputs} inputs in {time.time() - begin:.0f} s, {memory:.0f} MB at the end")


if __name__ == "__main__":
    main()
