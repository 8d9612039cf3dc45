// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import Cluster

/// A pod on a node without network and API: the machine, a clock and what came out.
private struct Bench {
    var machine: PodMachine
    var random = RandomStream(seed: 1)
    var now = Manifest.start
    var log: [String] = []
    var pod: KubernetesObject

    static let table = StageTable([
        StageTransition(from: .scheduled, to: .sandboxed, delay: .seconds(1)),
        StageTransition(from: .pulling, to: .created, delay: .seconds(2)),
        StageTransition(from: .cached, to: .created, delay: .zero),
        StageTransition(from: .created, to: .running, delay: .zero),
        StageTransition(from: .exited, to: .running, delay: .zero),
        StageTransition(from: .stopped, to: .gone, delay: .seconds(1)),
    ])

    init(_ container: JSONObject = [:], script: JSONObject = [:], spec: JSONObject = [:]) throws {
        var full: JSONObject = ["name": "web", "image": "web:1", "ports": [["containerPort": 8080]]]
        for member in container { full[member.key] = member.value }
        var all: JSONObject = ["containers": [.object(full)]]
        for member in spec { all[member.key] = member.value }
        pod = Manifest.pod("web-1", ready: false, phase: "Pending", spec: all)
        pod["status"] = ["phase": "Pending"]
        let script = try PodScript(.object(script))
        machine = PodMachine(
            pod,
            plan: PodPlan(pod) { _ in script },
            scripts: { _ in script },
            table: Self.table,
            ip: "10.0.1.2",
            images: [],
            at: now,
            &random
        )
    }

    mutating func send(_ event: PodEvent) {
        let actions = machine.handle(event, at: now, &random)
        for action in actions {
            let seconds = Manifest.start.duration(to: now).components.seconds
            switch action {
            case .begin, .finish: break  // only logs know
            case .claim: log.append("\(seconds) claim")
            case .release: log.append("\(seconds) release")
            case .listen: log.append("\(seconds) listen")
            case .script: log.append("\(seconds) script")
            case .drain: log.append("\(seconds) drain")
            case .kill: log.append("\(seconds) kill")
            case .event(_, let reason, _): log.append("\(seconds) \(reason)")
            case .trace(let stage, _): log.append("\(seconds) [\(stage)]")
            case .delete: log.append("\(seconds) delete")
            case .forget: log.append("\(seconds) forget")
            }
        }
    }

    /// Lets time pass, waking the machine only when it asks to be.
    mutating func run(until seconds: Double) {
        let end = Manifest.start.advanced(by: .nanoseconds(Int64(seconds * 1e9)))
        while let due = machine.due, due <= end {
            now = max(due, now)
            send(.tick)
        }
        now = end
    }

    mutating func delete(grace: Int = 30) {
        Manifest.terminate(&pod, grace: grace)
        send(.changed(pod))
    }

    var status: JSONObject { machine.status(hostIP: "10.0.0.1") }
    func condition(_ type: String) -> String? {
        status["conditions"]?.arrayValue?.first { $0["type"]?.stringValue == type }?["status"]?.stringValue
    }
    var state: JSONValue? { status["containerStatuses"]?[0]?["state"] }
}

@Suite struct PodMachineTests {
    @Test func `a pod starts stage by stage`() throws {
        var bench = try Bench(script: ["startup": "3s"])
        #expect(bench.status["podIP"] == nil)
        bench.run(until: 10)
        #expect(
            bench.log == [
                "1 claim", "1 [starting]", "1 Pulling", "3 Pulled", "3 Created", "3 Started", "3 [ready]",
                "6 listen",
                "6 [running]",
            ]
        )
        #expect(bench.status["phase"] == "Running")
        #expect(bench.status["podIP"] == "10.0.1.2")
        #expect(bench.machine.due == nil)
    }

    @Test func `without a probe a pod is ready before it listens`() throws {
        var bench = try Bench(script: ["startup": "3s"])
        bench.run(until: 4)
        #expect(bench.condition("Ready") == "True")
        #expect(!bench.log.contains("6 listen"))
    }

    @Test func `a readiness probe waits for the process`() throws {
        var bench = try Bench(
            ["readinessProbe": ["httpGet": ["path": "/"], "periodSeconds": 5]],
            script: ["startup": "3s"]
        )
        bench.run(until: 7)
        #expect(bench.condition("Ready") == "False")
        bench.run(until: 100)
        // Runs at 3 and 8; the process listens from 6 on.
        #expect(bench.log.contains("8 [ready]"))
        #expect(bench.machine.due == nil)
    }

    @Test func `a startup probe holds the others back`() throws {
        var bench = try Bench(
            [
                "startupProbe": ["tcpSocket": [:], "periodSeconds": 4, "failureThreshold": 9],
                "readinessProbe": ["tcpSocket": [:], "periodSeconds": 1],
            ],
            script: ["startup": "6s"]
        )
        bench.run(until: 60)
        // The startup probe runs at 3, 7 and 11; the process listens from 9 on.
        #expect(bench.log.contains("11 [ready]"))
        #expect(bench.status["containerStatuses"]?[0]?["started"] == true)
    }

    @Test func `readiness gates keep a pod unready until they are True`() throws {
        var bench = try Bench(spec: ["readinessGates": [["conditionType": "target-health"]]])
        bench.run(until: 10)
        #expect(bench.condition("ContainersReady") == "True")
        #expect(bench.condition("Ready") == "False")
        bench.pod["status"] = ["conditions": [["type": "target-health", "status": "True"]]]
        bench.send(.changed(bench.pod))
        #expect(bench.condition("Ready") == "True")
        #expect(bench.log.last == "10 [ready]")
    }

    @Test func `the time of a condition moves with its status only`() throws {
        var bench = try Bench()
        bench.run(until: 10)
        let ready = bench.status["conditions"]?.arrayValue?.first { $0["type"] == "Ready" }
        #expect(ready?["lastTransitionTime"] == "2026-01-01T00:00:03Z")
        bench.now = bench.now.advanced(by: .seconds(50))
        bench.send(.changed(bench.pod))
        #expect(bench.status["conditions"]?.arrayValue?.first { $0["type"] == "Ready" } == ready)
    }

    @Test func `a process that exits on SIGTERM is gone at once`() throws {
        var bench = try Bench(script: ["onTerm": "exit"])
        bench.run(until: 10)
        bench.log = []
        bench.delete()
        bench.run(until: 60)
        #expect(
            bench.log == [
                "10 [draining]", "10 Killing", "10 kill", "11 release", "11 [stopped]", "11 delete",
            ]
        )
        #expect(bench.status["phase"] == "Failed")
        #expect(bench.status["containerStatuses"]?[0]?["state"]?["terminated"]?["exitCode"] == 143)
    }

    @Test func `a hook delays SIGTERM and counts into the grace period`() throws {
        var bench = try Bench(
            ["lifecycle": ["preStop": ["sleep": ["seconds": 8]]]],
            script: ["onTerm": "ignore"]
        )
        bench.run(until: 10)
        bench.log = []
        bench.delete(grace: 20)
        #expect(bench.condition("Ready") == "True")
        bench.run(until: 60)
        #expect(bench.log.contains("30 kill"))
        #expect(bench.status["containerStatuses"]?[0]?["state"]?["terminated"]?["exitCode"] == 137)
    }

    @Test func `a hook as long as the grace period leaves two seconds`() throws {
        var bench = try Bench(
            ["lifecycle": ["preStop": ["sleep": ["seconds": 99]]]],
            script: ["onTerm": "ignore"]
        )
        bench.run(until: 10)
        bench.delete(grace: 5)
        bench.run(until: 60)
        #expect(bench.log.contains("17 kill"))
    }

    @Test func `a process that drains ends when it is done, or when its time is over`() throws {
        var bench = try Bench(script: ["onTerm": "drain"])
        bench.run(until: 10)
        bench.delete()
        #expect(bench.log.contains("10 drain"))
        bench.now = bench.now.advanced(by: .seconds(4))
        bench.send(.drained(container: "web"))
        #expect(bench.log.contains("14 kill"))
        #expect(bench.status["phase"] == "Succeeded")
        var slow = try Bench(script: ["onTerm": "drain", "drain": "6s"])
        slow.run(until: 10)
        slow.delete()
        slow.run(until: 60)
        #expect(slow.log.contains("16 kill"))
    }

    @Test func `a hanging process is killed at the end of the grace period`() throws {
        var bench = try Bench(script: ["onTerm": "exit", "hang": true])
        bench.run(until: 10)
        bench.delete()
        bench.run(until: 100)
        #expect(bench.log.contains("40 kill"))
    }

    @Test func `a second deletion shortens the grace period`() throws {
        var bench = try Bench(script: ["onTerm": "ignore"])
        bench.run(until: 10)
        bench.delete()
        bench.run(until: 12)
        bench.delete(grace: 1)
        bench.run(until: 60)
        #expect(bench.log.contains("13 kill"))
    }

    @Test func `a pod that was removed without grace ends at once`() throws {
        var bench = try Bench(script: ["onTerm": "ignore"])
        bench.run(until: 10)
        bench.log = []
        bench.send(.removed)
        #expect(bench.log == ["10 kill", "10 release", "10 [stopped]", "10 forget"])
        #expect(bench.machine.due == nil)
    }

    @Test func `a pod that is deleted before it runs ends without a process`() throws {
        var bench = try Bench()
        bench.run(until: 2)
        bench.delete()
        bench.run(until: 60)
        #expect(!bench.log.contains { $0.hasSuffix(" Started") || $0.hasSuffix(" kill") })
        #expect(bench.log.last == "3 delete")
    }

    @Test func `restarts wait ten seconds, then twice as long each time, up to five minutes`() throws {
        var bench = try Bench(script: ["crashAfter": "1s"])
        bench.run(until: 2_000)
        let starts = bench.log.filter { $0.hasSuffix(" Started") }.compactMap { Int($0.prefix { $0 != " " }) }
        let pauses = zip(starts, starts.dropFirst()).map { $1 - $0 - 1 }
        #expect(Array(pauses.prefix(9)) == [0, 10, 20, 40, 80, 160, 300, 300, 300])
        #expect(bench.state?["waiting"]?["reason"] == "CrashLoopBackOff")
        #expect(bench.status["containerStatuses"]?[0]?["lastState"]?["terminated"]?["exitCode"] == 1)
        #expect(bench.status["phase"] == "Running")
        #expect(bench.condition("Ready") == "False")
    }

    @Test func `a crash restarts the container at the same address`() throws {
        var bench = try Bench()
        bench.run(until: 10)
        bench.log = []
        bench.send(.crash(container: "web", code: 137, reason: "OOMKilled"))
        #expect(Array(bench.log.prefix(3)) == ["10 [crashed]", "10 kill", "10 [unready]"])
        bench.run(until: 20)
        #expect(bench.status["containerStatuses"]?[0]?["restartCount"] == 1)
        #expect(bench.condition("Ready") == "True")
        #expect(!bench.log.contains { $0.hasSuffix("release") })
    }

    @Test func `a pod that is not restarted ends with its process`() throws {
        var bench = try Bench(script: ["crashAfter": "5s", "exitCode": 0], spec: ["restartPolicy": "Never"])
        bench.run(until: 60)
        #expect(bench.status["phase"] == "Succeeded")
        #expect(bench.log.contains("9 release"))
        #expect(!bench.log.contains { $0.hasSuffix("delete") })
        var failing = try Bench(script: ["crashAfter": "5s"], spec: ["restartPolicy": "Never"])
        failing.run(until: 60)
        #expect(failing.status["phase"] == "Failed")
    }

    @Test func `a liveness probe that fails restarts the container`() throws {
        var bench = try Bench([
            "livenessProbe": ["httpGet": ["path": "/"], "periodSeconds": 10, "failureThreshold": 2]
        ])
        bench.run(until: 20)
        bench.log = []
        bench.send(.script(container: "web", try PodScript(["live": false])))
        bench.run(until: 34)
        // Runs at 3, 13, 23, 33: the second failure is at 33.
        #expect(bench.log.contains("33 Killing"))
        #expect(bench.log.contains("33 kill"))
        #expect(bench.status["containerStatuses"]?[0]?["restartCount"] == 1)
    }

    @Test func `failing readiness takes a pod out and puts it back`() throws {
        var bench = try Bench([
            "readinessProbe": ["httpGet": ["path": "/"], "periodSeconds": 10, "failureThreshold": 1]
        ])
        bench.run(until: 20)
        bench.send(.script(container: "web", try PodScript(["ready": false])))
        bench.run(until: 30)
        #expect(bench.condition("Ready") == "False")
        #expect(bench.log.contains("23 [unready]"))
        bench.send(.script(container: "web", PodScript()))
        bench.run(until: 50)
        #expect(bench.condition("Ready") == "True")
        #expect(bench.machine.due == nil)
    }

    @Test func `an image that cannot be pulled is tried again with a pause`() throws {
        var bench = try Bench(script: ["pull": false])
        bench.run(until: 100)
        #expect(bench.state?["waiting"]?["reason"] == "ImagePullBackOff")
        #expect(bench.status["phase"] == "Pending")
        #expect(
            bench.log.filter { $0.hasSuffix("Pulling") } == [
                "1 Pulling", "13 Pulling", "35 Pulling", "77 Pulling",
            ]
        )
    }

    @Test func `init containers come first, one after the other`() throws {
        var bench = try Bench(
            script: ["startup": "2s"],
            spec: ["initContainers": [["name": "a", "image": "a"], ["name": "b", "image": "b"]]]
        )
        bench.run(until: 7)
        #expect(bench.status["phase"] == "Pending")
        #expect(bench.condition("Initialized") == "False")
        bench.run(until: 60)
        // Each init container: 2 s to pull, 2 s of work.
        #expect(bench.log.contains("13 listen"))
        #expect(bench.condition("Initialized") == "True")
        #expect(bench.status["phase"] == "Running")
        #expect(bench.machine.due == nil)
    }

    @Test func `a node that comes back goes on with the count of restarts`() throws {
        let bench = try Bench()
        var pod = bench.pod
        pod.json.set(
            ["status", "containerStatuses"],
            [
                [
                    "name": "web", "restartCount": 2,
                    "state": ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
                ]
            ]
        )
        var random = RandomStream(seed: 1)
        let machine = PodMachine(
            pod,
            plan: PodPlan(pod) { _ in PodScript() },
            scripts: { _ in PodScript() },
            table: .standard,
            ip: "10.0.1.9",
            images: [],
            at: Manifest.start,
            &random
        )
        let status = machine.status(hostIP: "10.0.0.1")["containerStatuses"]?[0]
        #expect(status?["restartCount"] == 3)
        #expect(status?["lastState"]?["terminated"]?["exitCode"] == 255)
    }
}
