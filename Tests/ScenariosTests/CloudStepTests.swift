// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Testing

@testable import Scenarios

struct CloudStepTests {
    @Test func `references are told from what only looks like them`() {
        let parts = CloudReference.parts(of: "a$(listener 80 alb)b$(HOME)$(saved x)$(rule 80)$(")
        #expect(
            parts == [
                .text("a"), .reference(CloudReference(kind: .listener, words: ["80", "alb"])),
                .text("b$(HOME)"),
                .text(""), .reference(CloudReference(kind: .saved, words: ["x"])), .text("$(rule 80)"),
                .text("$("),
            ]
        )
    }

    @Test func `a call of the console keeps its parameters and what is saved`() throws {
        let text =
            "console: {action: GetListenerAttribute, parameters: {ListenerId: $(listener 443)},"
            + " save: {group: DefaultActions.0.Type}, may-fail: true}"
        guard case .console(let call) = try Shop.step(text).action else {
            Issue.record("no console call")
            return
        }
        #expect(call.product == "Alb" && call.mayFail)
        #expect(call.parameters == ["ListenerId": "$(listener 443)"])
        #expect(call.saved == [ConsoleCall.SavedMember(name: "group", path: "DefaultActions.0.Type")])
    }

    @Test(arguments: [
        ("console: {parameters: {}}", "console needs \"action\""),
        ("console: {action: DeleteListener, parameters: {ListenerId: $(listner 80)}}", "is no reference"),
        ("console: {action: DeleteListener, product: Elb}", "expected one of"),
        ("upload-certificate: {name: x}", "upload-certificate needs \"hosts\""),
        ("set-script: {deployment: tea}", "this changes nothing about the pods"),
        ("set-script: {deployment: tee, status: 500}", "no manifest of the scenario has a Deployment"),
        ("set-script: {name: tea-1, status: 500}", "unknown key \"name\""),
        ("stop: controler", "found \"controler\""),
        ("fault: {cloud: omit-rows, action: ListRules}", "cloud: omit-rows needs \"values\""),
        ("fault: {cloud: short-answr, action: ListRules}", "is no error code and no word for a fault"),
    ])
    func `a slip is told`(_ text: String, _ message: String) {
        #expect {
            _ = try Shop.step(text)
        } throws: { error in
            (error as? Mistakes)?.all.contains { $0.message.contains(message) } ?? false
        }
    }

    @Test func `lists of an answer lack their last items, all of them, or the rows of some values`() throws {
        func effect(_ words: String) throws -> CloudFaultSpec.Effect? {
            guard case .fault(let fault) = try Shop.step("fault: {\(words)}").action,
                case .cloud(let spec) = fault.effect
            else { return nil }
            return spec.effect
        }
        let some = try effect("cloud: short-answer, items: 2, action: ListServerGroups")
        #expect(some == .shortAnswer(items: 2))
        #expect(try effect("cloud: short-answer, action: ListServerGroups") == .shortAnswer(items: nil))
        #expect(
            try effect("cloud: omit-rows, values: [10.0.0.12, i-1]") == .omitRows(["10.0.0.12", "i-1"])
        )
    }

    @Test func `pods get another behaviour, whichever way they are chosen`() throws {
        for chosen in ["deployment: tea", "selector: app=tea"] {
            guard
                case .setScript(_, let script) = try Shop.step("set-script: {\(chosen), ready: false}").action
            else {
                Issue.record("no script")
                return
            }
            #expect(script.isReady == false && script.members == ["ready": false])
        }
    }

    @Test func `header fields are kept for the traffic whose expectations ask for them`() throws {
        let scenario = try Shop.read(
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}, b: {request: "GET https://cafe.example.com/"}}
            expect:
              - always: {traffic: a, headers: {Location: "https://*", x-powered-by: null}}
              - always: {traffic: b, status: 200}
            """
        )
        #expect(scenario.keptHeaders == ["a": ["location", "x-powered-by"]])
        #expect(
            scenario.expectations[0].words == "every request of a: location: https://*, no x-powered-by"
        )
        guard case .traffic(let condition) = scenario.expectations[0].subject else { return }
        var record = RequestRecord(
            traffic: "a",
            connection: 1,
            exchange: 1,
            method: "GET",
            host: "cafe.example.com",
            path: "/tea",
            status: 308,
            outcome: "answered",
            servedBy: "",
            certificate: "",
            latency: .milliseconds(5)
        )
        record.headers = "location: https://cafe.example.com/"
        #expect(condition.holds(for: record) { nil })
        record.headers += "\nx-powered-by: swift"
        #expect(!condition.holds(for: record) { nil })
        #expect(condition.label(record).hasSuffix("location: https://cafe.example.com/, x-powered-by: swift"))
        record.headers = ""
        #expect(!condition.holds(for: record) { nil })
    }
}
