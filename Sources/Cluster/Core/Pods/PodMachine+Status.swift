// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

extension PodMachine {
    /// `status.phase`.
    ///
    /// - Source: the kubelet's `getPhase`; seen upstream.
    var phase: String {
        if !isInitialized, !isEnding { return "Pending" }
        var counts = (waiting: 0, running: 0, ended: 0, succeeded: 0)
        for container in containers {
            switch container.state {
            case .running: counts.running += 1
            case .terminated(let exit):
                counts.ended += 1
                if exit.code == 0 { counts.succeeded += 1 }
            case .waiting:
                if container.last != nil { counts.ended += 1 } else { counts.waiting += 1 }
            }
        }
        let isOver = stage == .stopped || stage == .gone
        if isOver { return counts.succeeded == containers.count ? "Succeeded" : "Failed" }
        if counts.waiting > 0 { return "Pending" }
        if counts.running > 0 { return "Running" }
        return counts.ended > 0 ? "Running" : "Pending"
    }

    /// The status to write, as a strategic merge patch of it.
    func status(hostIP: String) -> JSONObject {
        var status: JSONObject = [:]
        if pod.generation > 0 { status["observedGeneration"] = .integer(Int64(pod.generation)) }
        status["phase"] = .string(phase)
        status["conditions"] = conditions.json(generation: pod.generation)
        status["hostIP"] = .string(hostIP)
        status["hostIPs"] = [["ip": .string(hostIP)]]
        if stage != .scheduled {
            status["podIP"] = .string(ip)
            status["podIPs"] = [["ip": .string(ip)]]
        }
        status["startTime"] = .string(startTime.rfc3339)
        if !initContainers.isEmpty {
            status["initContainerStatuses"] = .array(initContainers.map { json($0, isReady: $0.isReadyInit) })
        }
        status["containerStatuses"] = .array(containers.map { json($0, isReady: $0.isReady) })
        return status
    }

    private func json(_ container: ContainerLife, isReady: Bool) -> JSONValue {
        let identity = "\(pod.uid)/\(container.plan.name)/\(container.restarts)"
        let containerID = "containerd://" + FowlerNollVo.hexadecimal(identity, count: 64)
        let hasRun = container.isRunning || container.last != nil
        var json: JSONObject = ["name": .string(container.plan.name)]
        switch container.state {
        case .waiting(let reason, let message):
            var waiting: JSONObject = ["reason": .string(reason)]
            if let message { waiting["message"] = .string(message) }
            json["state"] = ["waiting": .object(waiting)]
        case .running(let since):
            json["state"] = ["running": ["startedAt": .string(since.rfc3339)]]
        case .terminated(let exit):
            json["state"] = ["terminated": Self.json(exit, containerID)]
        }
        json["lastState"] = container.last.map { ["terminated": Self.json($0, containerID)] } ?? [:]
        json["ready"] = .bool(isReady)
        json["restartCount"] = .integer(Int64(container.restarts))
        json["image"] = .string(container.plan.image)
        json["imageID"] = .string(
            hasRun
                ? "\(PodScripts.names(of: container.plan.image)[2])@sha256:"
                    + FowlerNollVo.hexadecimal(container.plan.image, count: 64)
                : ""
        )
        if hasRun { json["containerID"] = .string(containerID) }
        json["started"] = .bool(container.isStarted)
        return .object(json)
    }

    private static func json(_ exit: ContainerLife.Exit, _ containerID: String) -> JSONValue {
        [
            "exitCode": .integer(Int64(exit.code)), "reason": .string(exit.reason),
            "startedAt": .string(exit.startedAt.rfc3339), "finishedAt": .string(exit.finishedAt.rfc3339),
            "containerID": .string(containerID),
        ]
    }
}
