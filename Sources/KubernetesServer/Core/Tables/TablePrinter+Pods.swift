// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension TablePrinter {
    /// Pods.
    ///
    /// - Source: kubernetes, pkg/printers/internalversion/printers.go; seen upstream.
    static let pods: [(kind: String, printer: TablePrinter)] = [
        (
            "Pod",
            TablePrinter(
                """
                Name
                Ready|How many of the pod's containers are ready.
                Status|What the pod and its containers do.
                Restarts|How often containers were started again, and when that was last.
                Age
                +IP|The pod's first address.
                +Node|Where the pod runs.
                +Nominated Node|Where room is being made for the pod.
                +Readiness Gates|How many of the further conditions of readiness hold.
                """,
                { pod in
                    let summary = PodSummary(pod)
                    let addresses = pod.list("status.podIPs").compactMap { $0["ip"]?.stringValue }
                    return [
                        .string(pod.name), .string("\(summary.ready)/\(summary.total)"),
                        .string(summary.reason),
                        .string(summary.restartText(pod.now)), .string(pod.age),
                        TableObject.orNone(addresses.first ?? pod.text("status.podIP")),
                        TableObject.orNone(pod.text("spec.nodeName")),
                        TableObject.orNone(pod.text("status.nominatedNodeName")), summary.gates(pod),
                    ]
                }
            )
        )
    ]
}

/// What one line says of a pod.
private struct PodSummary {
    var total = 0
    var ready = 0
    var reason: String
    private var restarts: Int64 = 0
    private var lastRestart: Instant?

    init(_ pod: TableObject) {
        let phase = pod.text("status.phase")
        let ownReason = pod.text("status.reason")
        reason = ownReason.isEmpty ? phase : ownReason
        let conditions = pod.list("status.conditions")
        for condition in conditions where condition["type"] == "PodScheduled" {
            if condition["reason"] == "SchedulingGated" { reason = "SchedulingGated" }
        }
        let sidecars = pod.list("spec.initContainers").filter { $0["restartPolicy"] == "Always" }
            .compactMap { $0["name"]?.stringValue }
        total = pod.list("spec.containers").count + sidecars.count
        let isInitializing = takeInit(pod, sidecars)
        let isInitialized = Self.holds("Initialized", conditions)
        if !isInitializing || isInitialized { takeContainers(pod, conditions) }
        guard pod.metadata["deletionTimestamp"]?.stringValue != nil else { return }
        if ownReason == "NodeLost" {
            reason = "Unknown"
        } else if phase != "Failed", phase != "Succeeded" {
            reason = "Terminating"
        }
    }

    private static func holds(_ type: String, _ conditions: [JSONValue]) -> Bool {
        conditions.contains { $0["type"]?.stringValue == type && $0["status"] == "True" }
    }

    /// - Returns: True when a container that runs before the others is not done.
    private mutating func takeInit(_ pod: TableObject, _ sidecars: [String]) -> Bool {
        let statuses = pod.list("status.initContainerStatuses")
        for (index, status) in statuses.enumerated() {
            count(status)
            let state = status["state"]
            let isSidecar = sidecars.contains(status["name"]?.stringValue ?? "")
            if let ended = state?["terminated"], !ended.isNull {
                if ended["exitCode"]?.intValue ?? 0 == 0 { continue }
                reason = "Init:" + Self.ending(ended)
                return true
            }
            if isSidecar, status["started"] == true {
                if status["ready"] == true { ready += 1 }
                continue
            }
            if let waiting = state?["waiting"]?["reason"]?.stringValue, !waiting.isEmpty,
                waiting != "PodInitializing"
            {
                reason = "Init:" + waiting
            } else {
                reason = "Init:\(index)/\(pod.list("spec.initContainers").count)"
            }
            return true
        }
        return false
    }

    private mutating func takeContainers(_ pod: TableObject, _ conditions: [JSONValue]) {
        restarts = 0
        var hasRunning = false
        for status in pod.list("status.containerStatuses").reversed() {
            count(status)
            let state = status["state"]
            if let waiting = state?["waiting"]?["reason"]?.stringValue, !waiting.isEmpty {
                reason = waiting
            } else if let ended = state?["terminated"], !ended.isNull {
                reason = Self.ending(ended)
            } else if status["ready"] == true, state?["running"] != nil {
                hasRunning = true
                ready += 1
            }
        }
        if reason == "Completed", hasRunning {
            reason = Self.holds("Ready", conditions) ? "Running" : "NotReady"
        }
    }

    private mutating func count(_ status: JSONValue) {
        restarts += Int64(status["restartCount"]?.intValue ?? 0)
        guard let text = status["lastState"]?["terminated"]?["finishedAt"]?.stringValue,
            let time = Instant(rfc3339: text)
        else { return }
        lastRestart = max(lastRestart ?? time, time)
    }

    private static func ending(_ ended: JSONValue) -> String {
        if let reason = ended["reason"]?.stringValue, !reason.isEmpty { return reason }
        if let signal = ended["signal"]?.intValue, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(ended["exitCode"]?.intValue ?? 0)"
    }

    func restartText(_ now: Instant) -> String {
        guard restarts != 0, let lastRestart else { return String(restarts) }
        return "\(restarts) (\(HumanAge.text(seconds: lastRestart.duration(to: now).components.seconds)) ago)"
    }

    func gates(_ pod: TableObject) -> JSONValue {
        let gates = pod.list("spec.readinessGates").compactMap { $0["conditionType"]?.stringValue }
        if gates.isEmpty { return "<none>" }
        let conditions = pod.list("status.conditions")
        return .string("\(gates.filter { Self.holds($0, conditions) }.count)/\(gates.count)")
    }
}
