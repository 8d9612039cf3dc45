// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import Cluster

@Suite struct PodScriptTests {
    @Test func `a script is read with ranges and paths`() throws {
        let script = try PodScript([
            "startup": ["500ms", "2s"], "latency": "5ms", "status": 201, "body": "hello", "onTerm": "drain",
            "drain": "1m30s", "paths": ["/a": ["status": 404], "/a/*": ["body": "below"]], "capacity": 10,
        ])
        #expect(script.startup == .milliseconds(500) ... .seconds(2))
        #expect(script.onTerm == .drain)
        #expect(script.drain == .seconds(90))
        #expect(script.answer(for: "/a").status == 404)
        #expect(script.answer(for: "/a").body == "hello")
        #expect(script.answer(for: "/a/b").status == 201)
        #expect(script.answer(for: "/a/b").body == "below")
        #expect(script.answer(for: "/z").latency == .milliseconds(5) ... .milliseconds(5))
    }

    @Test func `a script says how streams are spoken`() throws {
        let script = try PodScript(["websocket": true, "grpc": ["push": "1s", "pushes": 3, "status": 5]])
        #expect(script.websocket == PodScript.Streaming())
        #expect(script.grpc?.push == .seconds(1) && script.grpc?.pushes == 3 && script.grpc?.status == 5)
        #expect(try PodScript(["websocket": false]).websocket == nil)
    }

    private static let mistakes: [(JSONValue, String)] = [
        (["latancy": "5ms"], "unknown member \"latancy\" of a script"),
        (["latency": "5"], "latency: expected a duration such as 250ms, found \"5\""),
        (["latency": ["2s", "1s"]], "latency: expected the shorter duration first, found [\"2s\",\"1s\"]"),
        (["status": 99], "status: expected a number from 200 to 599, found 99"),
        (["onTerm": "stop"], "onTerm: expected exit, drain or ignore, found \"stop\""),
        (["errors": 2], "errors: expected a number from 0 to 1, found 2"),
        (["paths": ["/a": ["code": 1]]], "unknown member \"code\" of path \"/a\""),
        (["websocket": ["push": "0s"]], "websocket push: expected a duration above 0"),
        (["websocket": ["status": 1]], "unknown member \"status\" of \"websocket\""),
        (["grpc": ["status": 17]], "grpc status: expected a number from 0 to 16, found 17"),
        (["grpc": 1], "grpc: expected true or an object, found 1"),
        ([], "a script is an object, not []"),
    ]

    @Test(arguments: mistakes) func `a mistake in a script is named`(json: JSONValue, message: String) {
        #expect(throws: PodScriptError(description: message)) { try PodScript(json) }
    }

    @Test(
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("1.5s", .milliseconds(1_500)), ("2m", .seconds(120)),
            ("0", .zero),
            ("1h", .seconds(3_600)), ("3us", .microseconds(3)), ("5", nil), ("", nil), ("s", nil),
            ("1x", nil),
            ("-1s", nil), ("1e3s", nil), ("99999999h", nil), ("1..2s", nil),
        ] as [(String, Duration?)]
    ) func `durations are read as people write them`(text: String, duration: Duration?) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test func `the layers of a script lie over each other`() throws {
        let scripts = PodScripts(
            general: ["startup": "1s", "latency": "1ms"],
            images: ["web": ["latency": "2ms", "status": 201], "registry.test/web:2": ["status": 202]]
        )
        let plain = try scripts.members(image: "registry.test/web:2", container: "c", annotation: nil)
        #expect(plain == ["startup": "1s", "latency": "2ms", "status": 202])
        let own = try scripts.members(
            image: "registry.test/web:1",
            container: "c",
            annotation: #"{"latency": "3ms", "containers": {"c": {"body": "x"}, "d": {"body": "y"}}}"#
        )
        #expect(own == ["startup": "1s", "latency": "3ms", "status": 201, "body": "x"])
        #expect(throws: PodScriptError.self) {
            try scripts.members(image: "web", container: "c", annotation: "nonsense: [")
        }
    }

    private static let hooks: [(JSONValue, Duration)] = [
        (["sleep": ["seconds": 7]], .seconds(7)),
        (["exec": ["command": ["sleep", "10"]]], .seconds(10)),
        (
            ["exec": ["command": ["/bin/sh", "-c", "/bin/sleep 5; sleep 0.5s && nginx -s quit"]]],
            .milliseconds(5_500)
        ),
        (["exec": ["command": ["/stop.sh"]]], .zero), (["httpGet": ["path": "/bye"]], .zero),
    ]

    @Test(arguments: hooks) func `a hook takes as long as it sleeps`(hook: JSONValue, duration: Duration) {
        let plan = ContainerPlan(
            ["name": "a", "image": "a", "lifecycle": ["preStop": hook]],
            script: PodScript(),
            isOnly: true
        )
        #expect(plan.preStop == duration)
    }
}
