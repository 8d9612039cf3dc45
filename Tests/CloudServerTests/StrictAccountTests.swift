// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Testing

@testable import CloudServer

@Suite struct StrictAccountTests {
    private static let strict: CloudAccount = {
        var account = CloudWorld.immediate
        account.signatures = .strict
        return account
    }()

    /// A call signed the older way.
    private static func signed(
        _ action: String,
        _ world: CloudWorld,
        skew: Duration = .zero,
        nonce: String,
        version: String = "2020-06-16",
        _ more: [(String, String)] = [],
        key: (id: String, secret: String) = ("testAK", "testSK")
    ) -> [(String, String)] {
        let pairs =
            [
                ("Action", action), ("Version", version), ("AccessKeyId", key.id),
                ("SignatureMethod", "HMAC-SHA1"), ("SignatureNonce", nonce),
                ("Timestamp", world.host.clock.now.advanced(by: skew).rfc3339),
            ] + more
        let text = RPCSignature.stringToSign(method: "POST", parameters: pairs)
        return pairs + [("Signature", RPCSignature.sign(text, secret: key.secret))]
    }

    @Test func `a clock may be a quarter of an hour off`() throws {
        try CloudWorld.run(account: Self.strict) { world in
            for (number, minutes) in [-16, 16].enumerated() {
                let pairs = Self.signed(
                    "ListAcls",
                    world,
                    skew: .seconds(minutes * 60),
                    nonce: "far-\(number)"
                )
                #expect(await world.raw(pairs).answer.code == "InvalidTimeStamp.Expired")
            }
            for (number, minutes) in [-14, 14].enumerated() {
                let pairs = Self.signed(
                    "ListAcls",
                    world,
                    skew: .seconds(minutes * 60),
                    nonce: "near-\(number)"
                )
                #expect(await world.raw(pairs).answer.status == 200)
            }
        }
    }

    @Test func `a nonce is good for one request, until its time has passed`() throws {
        try CloudWorld.run(account: Self.strict) { world in
            let pairs = Self.signed("ListAcls", world, nonce: "one")
            #expect(await world.raw(pairs).answer.status == 200)
            #expect(await world.raw(pairs).answer.code == "SignatureNonceUsed")
            try await world.host.clock.sleep(for: .seconds(3600))
            let later = Self.signed("ListAcls", world, nonce: "one")
            #expect(await world.raw(later).answer.status == 200)
        }
    }

    @Test func `a role's keys need their token and end with it, also after a restart`() throws {
        try CloudWorld.run(account: Self.strict) { world in
            let answer = await world.raw(
                Self.signed(
                    "AssumeRole",
                    world,
                    nonce: "role",
                    version: "2015-04-01",
                    [
                        ("RoleArn", "acs:ram::1:role/x"), ("RoleSessionName", "session"),
                        ("DurationSeconds", "900"),
                    ]
                )
            ).answer
            let credentials = answer.body.object("Credentials")
            let key = (id: credentials.text("AccessKeyId"), secret: credentials.text("AccessKeySecret"))
            let token = [("SecurityToken", credentials.text("SecurityToken"))]
            func code(_ nonce: String, _ more: [(String, String)]) async -> String {
                await world.raw(Self.signed("ListAcls", world, nonce: nonce, more, key: key)).answer.code
            }
            #expect(await code("a", token) == "")
            #expect(await code("b", []) == "MissingSecurityToken")
            #expect(await code("c", [("SecurityToken", "forged")]) == "InvalidSecurityToken.Malformed")
            try await world.host.clock.sleep(for: .seconds(901))
            #expect(await code("d", token) == "InvalidSecurityToken.Expired")
        }
    }
}
