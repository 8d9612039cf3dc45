// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    /// An operation on one resource, as part of a work.
    struct Step {
        let kind: ResourceKind
        let id: String
        let operation: StageOperation

        init(_ operation: StageOperation, _ kind: ResourceKind, _ id: String) {
            self.kind = kind
            self.id = id
            self.operation = operation
        }
    }

    /// Begins the work of a call: its resources go to their states meanwhile.
    ///
    /// The first step decides how long it takes and what its job is about.
    ///
    /// - Returns: The members that name the job; none for actions without one.
    @discardableResult
    func begin(_ call: Call, _ steps: [Step], departure: Work.Departure? = nil) -> JSONObject {
        let serial = store.takeSerial()
        var work = Work(id: String(serial), action: call.action.name)
        work.departure = departure
        for step in steps {
            let stage = Stage.of(step.kind, step.operation)
            let present = store[step.kind, step.id]?.status
            let after = step.operation == .delete ? nil : stage.after ?? present
            work.targets.append(Work.Target(key: ResourceKey(kind: step.kind, id: step.id), after: after))
            store.update(step.kind, step.id) { $0.status = stage.during }
        }
        guard let main = steps.first else { return [:] }
        work.mode = account.transitions.mode(main.kind, main.operation)
        work.outcome = call.outcome
        var answer: JSONObject = [:]
        if call.action.completion == .job {
            let jobID = random.uuid()
            work.jobID = jobID
            addJob(jobID, call, main)
            answer["JobId"] = .string(jobID)
        }
        begun.append(work)
        return answer
    }

    private func addJob(_ id: String, _ call: Call, _ step: Step) {
        var (kind, resource) = (step.kind, step.id)
        // Jobs are about the resources that have ids of their own.
        switch kind {
        case .server, .aclEntry, .aclRelation, .listenerCertificate:
            if let parent = store[kind, resource]?.parent {
                resource = parent
                kind = kind == .server ? .serverGroup : kind == .aclEntry ? .acl : .listener
            }
        default: break
        }
        let name = call.action.name
        let type = name.hasPrefix("Create") ? "Create" : name.hasPrefix("Delete") ? "Delete" : "Update"
        let time = JSONValue.integer(call.now.milliseconds)
        add(
            .job,
            id,
            parent: resource,
            status: "Processing",
            [
                "Id": .string(id), "ApiName": .string(name), "OperateType": .string(type),
                "ResourceType": .string(kind.rawValue), "ResourceId": .string(resource), "CreateTime": time,
                "ModifyTime": time,
            ]
        )
        if store.count(.job) > Self.jobLimit, let oldest = store.oldest(.job), oldest.status != "Processing" {
            store.remove(.job, oldest.id)
        }
    }

    /// How many jobs stay listed.
    private static let jobLimit = 20_000

    /// Decides when the works that the present call began will end, ends those that end at once, and keeps the
    /// others.
    ///
    /// - Returns: The works that are under way now.
    func settleBegunWorks(now: Instant) -> [Work] {
        var waiting: [Work] = []
        for var work in begun {
            if work.outcome != .success {
                work.images = store.changes.filter { ![.job, .token, .work].contains($0.key.kind) }
                    .map { ($0.key, $0.before) }
            }
            if work.outcome == .hang {
                keep(work, &waiting)
                continue
            }
            switch work.mode {
            case .immediate: finish(work, now: now)
            case .after(let delay):
                work.due = now.advanced(by: delay.draw(using: &random))
                keep(work, &waiting)
            case .afterReads(let count):
                work.remainingReads = max(count, 1)
                keep(work, &waiting)
            }
        }
        begun = []
        return waiting
    }

    private func keep(_ work: Work, _ waiting: inout [Work]) {
        works[work.id] = work
        add(.work, work.id, status: "", work.document)
        waiting.append(work)
    }

    /// Ends a work that is under way.
    func end(_ id: String, now: Instant) {
        guard let work = works.removeValue(forKey: id) else { return }
        store.remove(.work, id)
        finish(work, now: now)
    }

    private func finish(_ work: Work, now: Instant) {
        if case .failure(let code, let message) = work.outcome {
            for image in work.images.reversed() { revert(image.key, to: image.before) }
            finishJob(work.jobID, "Failed", now: now, code: code, message: message)
            return
        }
        var touched: [Resource] = []
        for target in work.targets {
            guard let before = store[target.key] else { continue }
            touched.append(before)
            if let after = target.after {
                store.update(target.key.kind, target.key.id) { $0.status = after }
            } else {
                removeWithChildren(before)
            }
        }
        finishJob(work.jobID, "Succeeded", now: now)
        if let departure = work.departure {
            if store[.loadBalancer, departure.loadBalancer] == nil { served.forget(departure.loadBalancer) }
            handovers.append(.remove(loadBalancer: departure.loadBalancer, zones: departure.zones))
        }
        serve(touched, cause: work.action)
    }

    /// Takes a failed change back.
    ///
    /// What was changed meanwhile by others, tags and configuration versions, stays; a load balancer that could not be made stays too, to be deleted by its owner.
    private func revert(_ key: ResourceKey, to before: Resource?) {
        guard let present = store[key] else { return store.revert(key, to: before) }
        guard let before else {
            guard key.kind == .loadBalancer else { return store.remove(key.kind, key.id) }
            return store.update(key.kind, key.id) { $0.status = "CreateFailed" }
        }
        store.update(present.kind, present.id) { resource in
            resource.status = before.status
            resource.document = before.document
        }
    }

    /// Removes a resource and what belongs to it.
    func removeWithChildren(_ resource: Resource) {
        for kind in Self.childKinds(of: resource.kind) {
            for child in store.children(kind, of: resource.id) { removeWithChildren(child) }
        }
        store.remove(resource.kind, resource.id)
    }

    private static func childKinds(of kind: ResourceKind) -> [ResourceKind] {
        switch kind {
        case .loadBalancer: [.listener]
        case .listener: [.rule, .listenerCertificate, .aclRelation, .aScript]
        case .serverGroup: [.server]
        case .acl: [.aclEntry]
        case .securityGroup: [.securityGroupRule]
        default: []
        }
    }

    private func finishJob(
        _ id: String,
        _ status: String,
        now: Instant,
        code: String = "",
        message: String = ""
    ) {
        guard !id.isEmpty else { return }
        store.update(.job, id) { job in
            job.status = status
            job.document["ModifyTime"] = .integer(now.milliseconds)
            if !code.isEmpty {
                job.document["ErrorCode"] = .string(code)
                job.document["ErrorMessage"] = .string(message)
            }
        }
    }

    /// Counts a look at some resources, or a refusal because of their state; works that wait for reads may end by it.
    func noteReads(of keys: [ResourceKey], now: Instant) {
        guard !keys.isEmpty, works.values.contains(where: { $0.remainingReads > 0 }) else { return }
        let seen = Set(keys)
        let waiting = works.values.filter { $0.remainingReads > 0 }.sorted { $0.serial < $1.serial }
        for work in waiting {
            let isSeen =
                seen.contains(ResourceKey(kind: .job, id: work.jobID))
                || work.targets.contains { seen.contains($0.key) }
            guard isSeen else { continue }
            if work.remainingReads > 1 {
                works[work.id]?.remainingReads -= 1
            } else {
                end(work.id, now: now)
            }
        }
    }
}
