// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
import KubernetesServer
import Ports
import Testing

@testable import Serving

@Suite struct FaultRequestTests {
    private static let now = Instant(seconds: 1_000)

    private func read(_ text: String) throws -> FaultRequest {
        try FaultRequest(JSONValue(parsing: text), now: Self.now)
    }

    @Test func `a fault of the cloud is read with its bounds`() throws {
        let text = """
            {"cloud": [{"action": "CreateRules", "effect": "refuse", "code": "Throttling.User", "times": 3,
                        "after": 2, "for": 30, "chance": 0.5}]}
            """
        let expected = CloudFault(
            action: "CreateRules",
            effect: .refuse(code: "Throttling.User"),
            from: Instant(seconds: 1_002),
            until: Instant(seconds: 1_032),
            times: 3,
            chance: 0.5
        )
        #expect(try read(text).cloud == [expected])
    }

    @Test func `a fault without an action meets all actions`() throws {
        #expect(try read(#"{"cloud": [{"effect": "lose-reply"}]}"#).cloud == [CloudFault(effect: .loseReply)])
    }

    @Test func `a fault of the API server says which calls it meets`() throws {
        let found = try read(
            #"{"kubernetes": [{"effect": "delay", "delay": 0.25, "verbs": ["list"], "resource": "pods"}]}"#
        )
        guard case .delay(let delay) = try #require(found.kubernetes.first) else {
            Issue.record("it is no delay")
            return
        }
        #expect(delay.delay == .milliseconds(250))
        #expect(delay.match.verbs == ["list"] && delay.match.resource == "pods" && delay.until == nil)
    }

    @Test(arguments: [
        ("[]", "expected an object"), ("{}", "expected an object"),
        (#"{"clouds": [{}]}"#, "expected cloud, kubernetes, account"),
        (#"{"cloud": {}}"#, "expected a list"), (#"{"cloud": [1]}"#, "cloud[0]: expected an object"),
        (#"{"cloud": [{"effect": "boom"}]}"#, "cloud[0].effect"),
        (#"{"cloud": [{"effect": "refuse"}]}"#, "cloud[0].code"),
        (#"{"cloud": [{"effect": "hang", "time": 1}]}"#, "unknown member time"),
        (#"{"cloud": [{"effect": "hang", "for": -1}]}"#, "cloud[0].for"),
        (#"{"cloud": [{"effect": "throttle"}]}"#, "cloud[0].perSecond"),
        (#"{"kubernetes": [{"effect": "stall", "verbs": "list"}]}"#, "kubernetes[0].verbs"),
    ])
    func `a mistake is named with its place`(text: String, words: String) throws {
        do {
            _ = try read(text)
            Issue.record("\(text) was accepted")
        } catch let mistake as FaultMistake {
            #expect(mistake.description.contains(words))
        }
    }
}
