// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import Scenarios

@Suite struct SecretKeeperTests {
    private func keeper(_ data: JSONValue) -> SecretKeeper {
        var keeper = SecretKeeper()
        keeper.learn(secret: ["kind": "Secret", "data": data])
        return keeper
    }

    @Test func `a value is replaced as it is and in base64`() {
        let keeper = keeper(["password": "Y29ycmVjdC1ob3JzZQ=="])
        let fingerprint = SecretKeeper.fingerprint("correct-horse")
        #expect(keeper.replaced(in: "it is correct-horse!") == "it is \(fingerprint)!")
        #expect(!keeper.replaced(in: "Y29ycmVjdC1ob3JzZQ==").contains("Y29y"))
        #expect(keeper.replaced(in: "nothing here") == "nothing here")
        #expect(fingerprint.count == 19)
    }

    @Test func `a short value is replaced only as a word, a very short one not at all`() {
        let keeper = keeper(["a": "dHJ1ZQ==", "b": "MQ=="])
        #expect(keeper.replaced(in: "true, untrue") == "\(SecretKeeper.fingerprint("true")), untrue")
        #expect(keeper.replaced(in: "1") == "1")
    }

    @Test func `the longest value comes first`() {
        var keeper = SecretKeeper()
        keeper.learn(secret: ["stringData": ["a": "password", "b": "password-two"]])
        #expect(keeper.replaced(in: "password-two") == SecretKeeper.fingerprint("password-two"))
    }

    @Test func `private keys are replaced though nobody knows them`() {
        let key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIabc\n-----END EC PRIVATE KEY-----"
        let text = "before \(key) after -----BEGIN CERTIFICATE-----"
        let replaced = SecretKeeper().replaced(in: text)
        #expect(replaced == "before \(SecretKeeper.fingerprint(key)) after -----BEGIN CERTIFICATE-----")
        #expect(!SecretKeeper().replaced(in: "-----BEGIN PRIVATE KEY-----\nMHcC").contains("MHcC"))
    }

    @Test func `single lines of a key are replaced, those of a certificate are not`() {
        var keeper = SecretKeeper()
        keeper.learn(secret: [
            "stringData": [
                "tls.key":
                    "-----BEGIN PRIVATE KEY-----\nMHcCAQEEIIGkQw4aXJ1bmNlZA\n-----END PRIVATE KEY-----",
                "tls.crt": "-----BEGIN CERTIFICATE-----\nMIIBpublicpublicpublic\n-----END CERTIFICATE-----",
            ]
        ])
        #expect(!keeper.replaced(in: "line MHcCAQEEIIGkQw4aXJ1bmNlZA").contains("MHcC"))
        #expect(keeper.replaced(in: "line MIIBpublicpublicpublic") == "line MIIBpublicpublicpublic")
    }

    @Test func `bodies of Secrets lose all values, other bodies those that are known, and both stay JSON`()
        throws
    {
        let keeper = keeper(["flag": "dHJ1ZQ=="])
        let secret = #"{"kind":"Secret","data":{"flag":"dHJ1ZQ==","x":"MQ=="},"immutable":true}"#
        let body = try JSONValue(parsing: keeper.replaced(body: secret, resource: "secrets"))
        #expect(body["data"]?["x"] == .string(SecretKeeper.fingerprint("MQ==")))
        #expect(body["immutable"] == true)
        let other = keeper.replaced(body: #"{"data":{"note":"true"},"on":true}"#, resource: "configmaps")
        #expect(try JSONValue(parsing: other)["on"] == true)
        #expect(!other.contains(#""true""#))
    }

    @Test func `values in patches of every kind are learned`() {
        for patch: JSONValue in [
            ["stringData": ["a": "tr0ub4dor-3"]],
            [["op": "add", "path": "/stringData/a", "value": "tr0ub4dor-3"]],
            [["op": "replace", "path": "/stringData", "value": ["a": "tr0ub4dor-3"]]],
        ] {
            var keeper = SecretKeeper()
            keeper.learn(patch: patch)
            #expect(keeper.replaced(in: "tr0ub4dor-3") != "tr0ub4dor-3")
        }
    }
}
