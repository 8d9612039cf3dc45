// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

extension PlanExecutor {
    /// Waits for what a step asks for.
    func settle(
        _ step: Step,
        _ answer: JSONValue,
        _ parameters: JSONObject,
        _ outcome: inout Outcome
    ) async throws(CloudError) {
        func id(_ member: String) -> String {
            answer[member]?.stringValue ?? parameters[member]?.stringValue ?? ""
        }
        switch step.settling {
        case .none: break
        case .job:
            // Upstream waits for the jobs of servers only; everything else it looks at.
            if profile.isOpenSource, !step.action.contains("Servers") { return }
            if let id = answer["JobId"]?.stringValue, !id.isEmpty { try await waitForJob(id, step.action) }
        case .loadBalancer: outcome.loadBalancer = try await waitForLoadBalancer(id("LoadBalancerId"))
        case .listener: try await waitForListener(id("ListenerId"), isNew: !step.isWait)
        case .serverGroup: try await waitForServerGroup(id("ServerGroupId"))
        case .accessList: try await waitForAccessList(id("AclId"))
        case .servers: try await waitForServers(parameters)
        }
    }

    private func waitForJob(_ id: String, _ action: String) async throws(CloudError) {
        let polling = profile.isOpenSource ? Polling.upstreamJob : Polling.job(of: action)
        let deadline = host.clock.now.advanced(by: polling.limit)
        while host.clock.now < deadline {
            try await pause(polling.interval)
            guard let job = try await job(id) else { continue }
            switch job["Status"]?.stringValue {
            case "Succeeded": return
            case "Failed":
                throw .refused(
                    status: 400,
                    code: job["ErrorCode"]?.stringValue ?? "JobFailed",
                    message: job["ErrorMessage"]?.stringValue ?? "the job failed",
                    requestID: ""
                )
            default: break
            }
        }
        throw .malformed("the job of \(action) did not end in time")
    }

    /// A job's row; nil while it is not listed.
    ///
    /// Upstream takes the first row of whatever comes.
    private func job(_ id: String) async throws(CloudError) -> JSONValue? {
        guard profile.has(.emptyJobListCrashes) else { return try await reader.job(id) }
        if let found = try? await reader.job(id) { return found }
        guard !Task.isCancelled else { throw .lost(.stopped) }
        process.die("panic: index out of range [0] with length 0, reading job \(id)")
        await process.stayDead(host.clock)
        throw .lost(.stopped)
    }

    /// Waits until a load balancer takes changes; upstream goes on anyway after a while.
    @discardableResult
    func waitForLoadBalancer(_ id: String) async throws(CloudError) -> CloudLoadBalancer? {
        let polling = profile.isOpenSource ? Polling.upstreamLoadBalancer : Polling.loadBalancer
        let deadline = host.clock.now.advanced(by: polling.limit)
        var last: CloudLoadBalancer?
        while host.clock.now < deadline {
            try await pause(polling.interval)
            guard let balancer = try await reader.loadBalancer(id) else { continue }
            last = balancer
            switch balancer.status.lowercased() {
            case "active": return balancer
            case "createfailed":
                throw .refused(
                    status: 400,
                    code: "CreateFailed",
                    message: "load balancer \(id)",
                    requestID: ""
                )
            default: break
            }
        }
        if profile.isOpenSource { return last }
        throw .malformed("load balancer \(id) did not become Active in time")
    }

    /// Waits until a listener runs, and goes on anyway after a while; one that is there is looked at first.
    private func waitForListener(_ id: String, isNew: Bool) async throws(CloudError) {
        let deadline = host.clock.now.advanced(by: Polling.upstreamListener.limit)
        if isNew { try await pause(Polling.upstreamListener.interval) }
        while true {
            let status = try await reader.listener(id)?["ListenerStatus"]?.stringValue
            if status?.lowercased() == "running" || host.clock.now >= deadline { return }
            try await pause(Polling.upstreamListener.interval)
        }
    }

    private func waitForServerGroup(_ id: String) async throws(CloudError) {
        let deadline = host.clock.now.advanced(by: Polling.upstreamServerGroup.limit)
        while host.clock.now < deadline {
            try await pause(Polling.upstreamServerGroup.interval)
            let status = try await reader.serverGroup(id)?["ServerGroupStatus"]?.stringValue
            if status?.lowercased() == "available" { return }
        }
        throw .malformed("server group \(id) did not become Available in time")
    }

    private func waitForAccessList(_ id: String) async throws(CloudError) {
        while true {
            try await pause(Polling.upstreamLoadBalancer.interval)
            let status = try await reader.accessLists([id]).first?["AclStatus"]?.stringValue
            if status?.lowercased() == "available" { return }
        }
    }

    /// Waits until added servers take requests and removed ones are gone; goes on anyway after a while.
    private func waitForServers(_ parameters: JSONObject) async throws(CloudError) {
        let group = parameters["ServerGroupId"]?.stringValue ?? ""
        func servers(_ member: String) -> [Server] {
            (parameters[member]?.arrayValue ?? []).compactMap { CloudServer($0)?.server }
        }
        let added = Set(servers("AddedServers").map(\.identity))
        let removed = Set(servers("RemovedServers").map(\.identity))
        let deadline = host.clock.now.advanced(by: Polling.upstreamJob.limit)
        while host.clock.now < deadline {
            try await pause(Polling.upstreamJob.interval)
            let present = try await reader.servers(group: group)
            let available = Set(present.filter(\.isAvailable).map(\.server.identity))
            let all = Set(present.map(\.server.identity))
            if added.isSubset(of: available), all.isDisjoint(with: removed) { return }
        }
    }

    private func pause(_ duration: Duration) async throws(CloudError) {
        guard (try? await host.clock.sleep(for: duration)) != nil else { throw .lost(.stopped) }
    }
}
