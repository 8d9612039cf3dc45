// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import JSON
import Ports
import Simulation
import Testing

@testable import CloudServer

@Suite struct WireTests {
    private static func gateway(
        _ path: String,
        method: HTTPRequest.Method = .post,
        authority: String = "127.0.0.1:8080",
        headers: [(String, String)] = [],
        body: String = ""
    ) -> GatewayRequest {
        var head = HTTPRequest(method: method, scheme: "http", authority: authority, path: path)
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { head.headerFields[name] = value }
        }
        return GatewayRequest(HTTPServerRequest(head: head, body: Array(body.utf8), facts: .test))
    }

    private static func secrets(_ key: String) -> String? { key == "exampleAK" ? "exampleSecret" : nil }

    @Test func `the worked example of the RPC signature is valid, and no other one`() {
        let query =
            "AccessKeyId=exampleAK&AclNames.1=my+acl%2A~%2B1&Action=ListAcls&Format=JSON&MaxResults=20"
            + "&RegionId=cn-hangzhou&SignatureMethod=HMAC-SHA1&SignatureNonce=8f3a6d20&SignatureType="
            + "&SignatureVersion=1.0&Timestamp=2024-05-01T08%3A00%3A00Z&Version=2020-06-16"
        let good = Self.gateway("/?\(query)&Signature=pBb7sqbXC65X%2Fx1q745LwBI%2FeMY%3D")
        #expect(RequestSignature.check(good, secret: Self.secrets) == .valid)
        let bad = Self.gateway("/?\(query)&Signature=pBb7sqbXC65X%2Fx1q745LwBI%2FeMX%3D")
        guard case .wrong(let expected) = RequestSignature.check(bad, secret: Self.secrets) else {
            Issue.record("a wrong signature passed")
            return
        }
        #expect(
            expected.hasPrefix(
                "POST&%2F&AccessKeyId%3DexampleAK%26AclNames.1%3Dmy%2520acl%252A~%252B1%26Action"
            )
        )
        let stranger = Self.gateway("/?AccessKeyId=x&Signature=abc")
        #expect(RequestSignature.check(stranger, secret: Self.secrets) == .unknownKey)
        #expect(RequestSignature.check(Self.gateway("/?Action=ListAcls"), secret: Self.secrets) == .unsigned)
    }

    private static let signedHeaders =
        "accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-date;"
        + "x-acs-signature-nonce;x-acs-version"

    private static func acs3(_ signature: String) -> GatewayRequest {
        gateway(
            "/?AclNames.1=my+acl%2A~%2B1&MaxResults=20",
            headers: [
                ("accept", "application/json"), ("user-agent", "example/1.0"), ("x-acs-action", "ListAcls"),
                ("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                ("x-acs-date", "2024-05-01T08:00:00Z"),
                ("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
                ("x-acs-version", "2020-06-16"),
                (
                    "authorization",
                    "ACS3-HMAC-SHA256 Credential=exampleAK,SignedHeaders=\(signedHeaders),Signature=\(signature)"
                ),
            ]
        )
    }

    @Test func `the worked example of the header signature is valid, and no other one`() {
        let request = Self.acs3("4e5b4cf256e4541b78c77bedd908d552e08d27fee65f945dbc02680a9c5f338e")
        #expect(
            RequestSignature.acs3StringToSign(request, signedHeaders: Self.signedHeaders)
                == "ACS3-HMAC-SHA256\n5fe6b1500bcc681d79ceff1f70bf2faa336d04746440b1a7b8e9cfbddb19d351"
        )
        #expect(RequestSignature.check(request, secret: Self.secrets) == .valid)
        #expect(RequestSignature.check(Self.acs3("00"), secret: Self.secrets) != .valid)
        #expect(request.client == "example/1.0")
    }

    @Test func `action and parameters are found in headers, query and form`() {
        let request = Self.gateway(
            "/?MaxResults=1",
            headers: [("x-acs-action", "ListAcls"), ("x-acs-version", "2020-06-16")],
            body: "AclNames.1=a+b&AclIds.1=x"
        )
        #expect(request.action == "ListAcls")
        #expect(request.parameter("AclNames.1") == "a b")
        #expect(request.parameter("MaxResults") == "1")
    }

    @Test func `a whole address in the request line is taken apart`() {
        let request = Self.gateway("http://alb.cn-hangzhou.aliyuncs.com/?Action=ListAcls", authority: "")
        #expect(request.host == "alb.cn-hangzhou.aliyuncs.com")
        #expect(request.path == "/")
        #expect(request.action == "ListAcls")
    }

    @Test(arguments: [
        ("alb-vpc.cn-hangzhou.aliyuncs.com", CloudService.alb), ("cas.aliyuncs.com", .cas),
        ("vpc-vpc.cn-hangzhou.aliyuncs.com", .vpc), ("ecs-cn-hangzhou.aliyuncs.com", .ecs),
        ("cn-hangzhou-intranet.log.aliyuncs.com", .sls), ("sts.aliyuncs.com", .sts),
    ])
    func `a host name stands for a service`(_ host: String, _ service: CloudService) {
        #expect(CloudService(host: host) == service)
    }

    @Test func `an answer has its own request id, in the body and in a header`() throws {
        try CloudWorld.run { world in
            let first = await world.raw([("Action", "ListAcls"), ("Version", "2020-06-16")])
            let second = await world.raw([("Action", "ListAcls"), ("Version", "2020-06-16")], method: .get)
            let id = first.answer.body.text("RequestId")
            #expect(id.count == 36 && id == id.uppercased())
            #expect(second.answer.body.text("RequestId") != id)
            let name = try #require(HTTPField.Name("x-acs-request-id"))
            #expect(first.response.head.headerFields[name] == id)
            #expect(first.response.head.headerFields[.contentType] == "application/json;charset=utf-8")
            #expect(first.answer["Acls"] == [])
        }
    }

    @Test func `a refusal is five texts and names no other code`() throws {
        try CloudWorld.run { world in
            let answer = await world.call("GetListenerAttribute", ["ListenerId": "lsn-none"])
            #expect(answer.status == 404)
            #expect(answer.code == "ResourceNotFound.Listener")
            #expect(Array(answer.body.keys) == ["RequestId", "HostId", "Code", "Message", "Recommend"])
            #expect(answer.body.text("HostId") == "alb.cn-hangzhou.aliyuncs.com")
            #expect(!answer.body.text("Message").contains("."[...] + "Listener"))
            #expect(answer.body.members.allSatisfy { $0.value.stringValue != nil })
        }
    }

    @Test func `the gateway refuses what it does not know`() throws {
        try CloudWorld.run { world in
            let unknown = await world.call("FlyToTheMoon")
            #expect(unknown.status == 404 && unknown.code == "InvalidAction.NotFound")
            let version = await world.call("ListAcls", version: "1999-01-01")
            #expect(version.status == 404 && version.code == "InvalidVersion")
            let nothing = await world.raw([]).answer
            #expect(nothing.status == 400 && nothing.code == "MissingAction")
            let later = await world.call("DescribeCapacityReservation", ["LoadBalancerId": "alb-1"])
            #expect(later.status == 400 && later.code == "NotImplemented")
        }
    }

    @Test func `strict accounts refuse unsigned, unknown and wrong callers`() throws {
        var account = CloudWorld.immediate
        account.signatures = .strict
        try CloudWorld.run(account: account) { world in
            #expect(await world.call("ListAcls").code == "MissingAccessKeyId")
            let common = [("Action", "ListAcls"), ("Version", "2020-06-16"), ("Signature", "AAAA")]
            let stranger = await world.raw(common + [("AccessKeyId", "nobody")]).answer
            #expect(stranger.code == "InvalidAccessKeyId.NotFound" && stranger.status == 404)
            let wrong = await world.raw(common + [("AccessKeyId", "testAK")]).answer
            #expect(wrong.code == "SignatureDoesNotMatch" && wrong.status == 400)
            #expect(wrong.body.text("Message").contains("server string to sign is:POST&%2F&"))
        }
    }

    @Test func `lenient accounts answer wrong callers and note them`() throws {
        try CloudWorld.run { world in
            let answer = await world.raw([
                ("Action", "ListAcls"), ("Version", "2020-06-16"), ("Signature", "AAAA"),
                ("AccessKeyId", "testAK"),
            ]).answer
            #expect(answer.status == 200)
            let notes = world.simulation.trace.entries.compactMap { entry in
                if case .note(let note) = entry.event { note.topic } else { nil }
            }
            #expect(notes == ["signature"])
        }
    }

    @Test func `each call leaves a record with who, what and how it ended`() throws {
        try CloudWorld.run { world in
            _ = await world.raw(
                [("Action", "DeleteAcl"), ("Version", "2020-06-16"), ("AclId", "acl-none")],
                headers: [("user-agent", "AlibabaCloud (Linux) ccm")]
            )
            let calls = world.simulation.trace.entries.compactMap { entry -> CloudCall? in
                if case .cloudCall(let call) = entry.event { call } else { nil }
            }
            #expect(calls.count == 1)
            #expect(calls.first?.client == "AlibabaCloud")
            #expect(calls.first?.product == "Alb" && calls.first?.action == "DeleteAcl")
            #expect(calls.first?.status == 404 && calls.first?.code == "ResourceNotFound.Acl")
        }
    }

    @Test func `the SDK of the contract gets through`() throws {
        let simulation = Simulation(seed: 3)
        try simulation.run {
            var account = CloudWorld.immediate
            account.signatures = .strict
            let world = try CloudWorld(simulation, account: account)
            simulation.start("cloud") { _ in
                try await world.server.run(on: SocketAddress(ip: "100.64.0.1", port: 80))
            }
            let client = CloudClient(
                host: simulation.host("controller"),
                configuration: .init(endpoint: Endpoint(host: "100.64.0.1", port: 80))
            )
            try await simulation.host("controller").clock.sleep(for: .seconds(1))
            let zones = try await client.call("DescribeZones")
            #expect(zones["Zones"]?.arrayValue?.count == 2)
            await #expect(throws: CloudError.self) {
                try await client.call("DeleteAcl", ["AclId": "acl-none"])
            }
        }
    }

    @Test func `XML is answered to who asks for it`() throws {
        try CloudWorld.run { world in
            let response = await world.raw(
                [("Action", "AnalyzeProductLog"), ("Version", "2019-10-23"), ("Format", "xml")],
                prefix: "/open-api/"
            ).response
            guard case .bytes(let bytes) = response.body else { return }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("<AnalyzeProductLogResponse><RequestId>"))
            #expect(
                XMLText.write(["a": ["x<y", "&"]], root: "R").hasSuffix("<R><a>x&lt;y</a><a>&amp;</a></R>")
            )
        }
    }

    @Test func `the metadata paths tell what a controller was not told`() throws {
        try CloudWorld.run { world in
            let response = await world.raw([], method: .get, prefix: "/latest/meta-data/vpc-id").response
            guard case .bytes(let bytes) = response.body else { return }
            #expect(String(decoding: bytes, as: UTF8.self) == world.account.vpcID)
            let role = await world.raw(
                [],
                method: .get,
                prefix: "/latest/meta-data/ram/security-credentials/albedo"
            )
            #expect(role.answer.body.text("AccessKeyId") == "testAK")
        }
    }
}
