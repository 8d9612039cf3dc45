# SPDX-License-Identifier: Apache-2.0
"""Calls as the vendor's clients send them, made by hand: both signatures, every place for parameters."""

import base64
import datetime
import hashlib
import hmac
import http.client
import json
import urllib.parse
import uuid

VERSIONS = {
    "alb": "2020-06-16",
    "cas": "2020-06-19",
    "vpc": "2016-04-28",
    "ecs": "2014-05-26",
    "sts": "2015-04-01",
    "tag": "2018-08-28",
    "sls": "2019-10-23",
}


class Refusal(Exception):
    """An error answer."""

    def __init__(self, status, body, headers=None):
        super().__init__(f"{status} {body}")
        self.status, self.body, self.headers = status, body, headers or {}
        self.code = body.get("Code")


def encode(text):
    return urllib.parse.quote(text, safe="-_.~")


def flatten(value, prefix=""):
    """Nested parameters as the SDKs flatten them: lists from 1, dots between names, nothing for what is empty."""
    if isinstance(value, dict):
        pairs = [(f"{prefix}.{key}" if prefix else key, item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        pairs = [(f"{prefix}.{place}", item) for place, item in enumerate(value, 1)]
    elif value is None or value == "":
        return {}
    elif isinstance(value, bool):
        return {prefix: "true" if value else "false"}
    else:
        return {prefix: str(value)}
    found = {}
    for key, item in pairs:
        found.update(flatten(item, key))
    return found


def timestamp(skew=0):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=skew)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Caller:
    """One connection's worth of calls, in the form of the Go SDK that the upstream controller is built with."""

    def __init__(self, url, key="testAK", secret="testSK", region="cn-hangzhou", token=None):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.key, self.secret, self.region, self.token = key, secret, region, token
        self.connection = None
        self.log = []

    # The older signature

    def common(self, action, version, skew=0, nonce=None):
        return {
            "Action": action,
            "Version": version,
            "Format": "JSON",
            "RegionId": self.region,
            "AccessKeyId": self.key,
            "Timestamp": timestamp(skew),
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureType": "",
            "SignatureNonce": nonce or uuid.uuid4().hex,
            "SecurityToken": self.token or "",
        }

    def sign(self, method, parameters, secret=None):
        text = "&".join(f"{encode(key)}={encode(value)}" for key, value in sorted(parameters.items()))
        signed = f"{method}&%2F&{encode(text)}"
        key = ((secret or self.secret) + "&").encode()
        return base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha1).digest()).decode()

    def call(self, action, product="alb", method="POST", place="query", absolute=False, path="/", extra=None,
             version=None, skew=0, nonce=None, secret=None, **parameters):
        """Makes a call; everything is in the query unless `place` says `form` or `split`."""
        version = version or VERSIONS[product]
        own = flatten(parameters)
        everything = {**self.common(action, version, skew, nonce), **(extra or {}), **own}
        everything["Signature"] = self.sign(method, everything, secret)
        query, form = everything, {}
        if place == "form":
            query, form = {}, everything
        elif place == "split":
            query, form = {key: everything[key] for key in everything if key not in own}, own
        host = f"{product}.{self.region}.aliyuncs.com"
        target = (f"http://{host}" if absolute else "") + path
        if query:
            target += "?" + urllib.parse.urlencode(query)
        headers = {
            "Host": host if absolute else f"{self.address[0]}:{self.address[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "x-acs-action": action,
            "x-acs-version": version,
            "x-sdk-client": "golang/1.0.0",
            "x-sdk-invoke-type": "normal",
            "Accept-Encoding": "identity",
            "User-Agent": "AlibabaCloud (linux; amd64) Golang/1.20 Core/0.0.1 ack.ccm/v2",
        }
        self.log.append(action)
        status, headers, text = self.send(method, target, urllib.parse.urlencode(form), headers)
        body = json.loads(text) if everything["Format"] == "JSON" else text
        if status >= 300:
            raise Refusal(status, body, headers)
        return body

    # The newer signature

    def call3(self, action, product="alb", method="POST", form=None, skew=0, nonce=None, secret=None,
              token=None, **parameters):
        """Makes a call as the newer Python SDK does: action and version in headers only."""
        query = flatten(parameters)
        body = urllib.parse.urlencode(flatten(form or {}))
        headers = {
            "host": f"{self.address[0]}:{self.address[1]}",
            "accept": "application/json",
            "user-agent": "AlibabaCloud (Linux; x86_64) Python/3.11 Core/0.4.2 TeaDSL/2",
            "x-acs-action": action,
            "x-acs-version": VERSIONS[product],
            "x-acs-date": timestamp(skew),
            "x-acs-signature-nonce": nonce or uuid.uuid4().hex,
            "x-acs-content-sha256": hashlib.sha256(body.encode()).hexdigest(),
        }
        if token or self.token:
            headers["x-acs-accesskey-id"] = self.key
            headers["x-acs-security-token"] = token or self.token
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        names = sorted(headers)
        canonical = "\n".join([
            method,
            "/",
            "&".join(f"{encode(key)}={encode(value)}" for key, value in sorted(query.items())),
            "".join(f"{name}:{headers[name].strip()}\n" for name in names),
            ";".join(names),
            headers["x-acs-content-sha256"],
        ])
        signed = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        signature = hmac.new((secret or self.secret).encode(), signed.encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = (
            f"ACS3-HMAC-SHA256 Credential={self.key},SignedHeaders={';'.join(names)},Signature={signature}"
        )
        target = "/" + ("?" + urllib.parse.urlencode(query) if query else "")
        status, headers, text = self.send(method, target, body, headers)
        answer = json.loads(text)
        if status >= 300:
            raise Refusal(status, answer, headers)
        return answer

    # The connection

    def send(self, method, target, body, headers):
        """Sends a request on the connection that is kept; tries once more when it had been closed."""
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*self.address, timeout=30)
            try:
                self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
                for name, value in headers.items():
                    self.connection.putheader(name, value)
                if method != "GET" or body:
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders(body.encode() if body else None)
                answer = self.connection.getresponse()
                text = answer.read().decode()
                return answer.status, {key.lower(): value for key, value in answer.getheaders()}, text
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
