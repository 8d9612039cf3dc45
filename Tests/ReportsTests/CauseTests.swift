// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Storage
import Testing

@testable import Reports

/// What entries say themselves about what led to them.
@Suite struct CauseTests {
    /// A step stores two objects in one call, a pass that is made for both calls the cloud, and a zone serves it.
    ///
    /// Names and times lead nowhere on purpose.
    private func run() throws -> (run: SavedRun, configuration: Int) {
        var sample = SampleRun()
        let step = sample.add(
            .step(StepRecord(number: 1, verb: "patch", detail: "both")),
            at: 1,
            on: "user"
        )
        let first = sample.object(
            "create",
            "configmaps",
            "a",
            revision: 7,
            at: 30,
            ["kind": "ConfigMap", "metadata": ["generation": 1]]
        )
        let kind = "priorityclasses.scheduling.k8s.io"
        let second = sample.object("create", kind, "b", revision: 8, at: 30, nil)
        sample.add(
            .apiCall(
                APICall(
                    client: "kubectl",
                    verb: "patch",
                    path: "/elsewhere",
                    status: 200,
                    reason: "",
                    duration: .zero,
                    stored: 2,
                    revision: 8
                )
            ),
            at: 30,
            on: "kubernetes",
            cause: step
        )
        let call = sample.add(
            .cloudCall(
                CloudCall(
                    client: "x",
                    product: "Alb",
                    action: "CreateRules",
                    resource: "",
                    status: 200,
                    code: "",
                    requestID: "r",
                    duration: .zero
                )
            ),
            at: 40,
            on: "cloud",
            cause: -3
        )
        sample.add(
            .reconcile(
                Reconcile(
                    controller: "albconfig",
                    key: "nothing",
                    outcome: "done",
                    message: "",
                    writes: 1,
                    duration: .zero,
                    pass: TraceID(pass: 3),
                    causes: [TraceID(number: UInt64(first)), TraceID(number: UInt64(second))]
                )
            ),
            at: 41,
            on: "elsewhere"
        )
        let configuration = sample.add(
            .configuration(
                ConfigurationPush(loadBalancer: "alb-1", zone: "h", version: 1, cause: "CreateRules")
            ),
            at: 50,
            on: "zone",
            cause: call
        )
        return (try sample.saved(), configuration)
    }

    @Test func `a version goes back to the step by what entries say`() throws {
        let (run, configuration) = try run()
        let chain = try CauseFinder(run: run).chain(Int64(configuration))
        #expect(
            chain.map(\.kind) == ["step", "api_call", "object", "reconcile", "cloud_call", "configuration"]
        )
        #expect(chain.last?.link == "")
        #expect(chain[3].link == "the pass that did it")
        #expect(chain[1].link == "the call that stored it")
    }

    @Test func `a pass has all its causes`() throws {
        let (run, _) = try run()
        let pass = try run.rows("SELECT entry FROM reconcile")[0].number(0)
        let resources = try CauseFinder(run: run).causes(of: pass).map { link in
            try run.rows("SELECT resource FROM object WHERE entry = ?", [.integer(link.entry)])[0].text(0)
        }
        #expect(resources == ["configmaps", "priorityclasses.scheduling.k8s.io"])
        let step = try run.rows("SELECT entry FROM step")[0].number(0)
        #expect(try CauseFinder(run: run).causes(of: step).isEmpty)
    }

    @Test func `the view tells both revisions of one call`() throws {
        let (run, _) = try run()
        let rows = try run.rows(
            "SELECT c.cause FROM causes c JOIN object o ON o.entry = c.entry ORDER BY o.revision"
        )
        #expect(rows.count == 2)
        #expect(rows[0].number(0) == rows[1].number(0))
    }

    @Test func `a kind is what the object calls itself, else its plural`() throws {
        let (run, _) = try run()
        #expect(run.kindName("configmaps") == "ConfigMap")
        #expect(run.kindName("priorityclasses.scheduling.k8s.io") == "priorityclasses")
    }
}
