// SPDX-License-Identifier: Apache-2.0
import Ports

/// What happens to one call because of the faults in force.
struct FaultPlan: Sendable, Equatable {
    var requestDelay = Duration.zero
    var replyDelay = Duration.zero
    /// The refusal before any effect.
    var refusal: CloudRefusal?
    /// The refusal after the effect.
    var laterRefusal: CloudRefusal?
    var isReplyLost = false
    var isHung = false
    /// What the answer's lists lack.
    var omissions: [RowOmission] = []
    /// How many items of a batch are carried out; nil for all.
    var part: Int?
    var outcome = Work.Outcome.success
}

/// The faults in force: each call asks what becomes of it.
struct FaultTable: Sendable {
    private struct Entry {
        let id: CloudFaultID
        var fault: CloudFault
        /// Calls that a throttle lets pass now, for each action.
        var buckets: [String: (level: Double, at: Instant)] = [:]
    }

    private var entries: [Entry] = []
    private var nextNumber = 1

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ fault: CloudFault) -> CloudFaultID {
        let id = CloudFaultID(number: nextNumber)
        nextNumber += 1
        entries.append(Entry(id: id, fault: fault))
        return id
    }

    mutating func remove(_ id: CloudFaultID) { entries.removeAll { $0.id == id } }

    mutating func removeAll() { entries = [] }

    /// Decides what happens to a call; faults that are over or used up are dropped.
    mutating func plan(action: String, now: Instant, random: inout RandomStream) -> FaultPlan {
        var plan = FaultPlan()
        guard !entries.isEmpty else { return plan }
        entries.removeAll { ($0.fault.until.map { $0 <= now } ?? false) || $0.fault.times == 0 }
        for place in entries.indices {
            let fault = entries[place].fault
            guard fault.action == "*" || fault.action == action, fault.from.map({ $0 <= now }) ?? true,
                fault.chance >= 1 || random.chance(fault.chance)
            else { continue }
            if apply(place, action, now, &plan, &random) { entries[place].fault.times? -= 1 }
        }
        return plan
    }

    /// Adds one fault to a plan; false when it did not meet the call.
    private mutating func apply(
        _ place: Int,
        _ action: String,
        _ now: Instant,
        _ plan: inout FaultPlan,
        _ random: inout RandomStream
    ) -> Bool {
        switch entries[place].fault.effect {
        case .refuse(let code, let status): plan.refusal = plan.refusal ?? Self.refusal(code, status)
        case .refuseAfterEffect(let code, let status):
            plan.laterRefusal = plan.laterRefusal ?? Self.refusal(code, status)
        case .loseReply: plan.isReplyLost = true
        case .hang: plan.isHung = true
        case .delayRequest(let delay): plan.requestDelay += delay.draw(using: &random)
        case .delayReply(let delay): plan.replyDelay += delay.draw(using: &random)
        case .throttle(let rate, let burst, let code):
            if takeFromBucket(place, action, now, rate: rate, burst: burst) { return false }
            plan.refusal = plan.refusal ?? Self.refusal(code, nil)
        case .applyPart(let items, let code):
            plan.part = max(items, 1)
            if let code { plan.laterRefusal = plan.laterRefusal ?? Self.refusal(code, nil) }
        case .omitRows(let omission): plan.omissions.append(omission)
        case .failJob(let code, let message): plan.outcome = .failure(code: code, message: message)
        case .hangJob: plan.outcome = .hang
        }
        return true
    }

    private mutating func takeFromBucket(
        _ place: Int,
        _ action: String,
        _ now: Instant,
        rate: Double,
        burst: Int
    ) -> Bool {
        var bucket = entries[place].buckets[action] ?? (level: Double(burst), at: now)
        bucket.level = min(Double(burst), bucket.level + bucket.at.duration(to: now).inSeconds * rate)
        bucket.at = now
        let passes = bucket.level >= 1
        if passes { bucket.level -= 1 }
        entries[place].buckets[action] = bucket
        return passes
    }

    private static func refusal(_ code: String, _ status: Int?) -> CloudRefusal {
        CloudRefusal(code, "The request was not carried out.", status: status)
    }
}
