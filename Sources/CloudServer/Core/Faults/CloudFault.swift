// SPDX-License-Identifier: Apache-2.0
public import Ports

/// Something that goes wrong with calls of the cloud, as a scenario says it.
public struct CloudFault: Sendable, Hashable {
    /// What goes wrong.
    public enum Effect: Sendable, Hashable {
        /// The call is refused before it has any effect; without a status the usual one of the code.
        case refuse(code: String, status: Int? = nil)
        /// The call is carried out and answered with an error all the same.
        case refuseAfterEffect(code: String, status: Int? = nil)
        /// The call is carried out and never answered.
        case loseReply
        /// The call is neither carried out nor answered.
        case hang
        /// The call is carried out later.
        case delayRequest(DelayDistribution)
        /// The call is carried out at once and answered later.
        case delayReply(DelayDistribution)
        /// So many calls a second pass, after as many at once as the burst; others are refused.
        case throttle(perSecond: Double, burst: Int, code: String = "Throttling.User")
        /// Only the first items of a batch are carried out; with a code the call is answered with it, else as usual.
        case applyPart(items: Int, code: String? = nil)
        /// The lists in the answer lack rows.
        case omitRows(RowOmission)
        /// The work that the call begins fails in the end.
        case failJob(code: String, message: String)
        /// The work that the call begins never ends.
        case hangJob
    }

    /// The action's name, or `*` for all.
    public var action: String
    /// What goes wrong.
    public var effect: Effect
    /// From when on; nil for at once.
    public var from: Instant?
    /// Until when; nil for ever.
    public var until: Instant?
    /// How many calls it meets; nil for all.
    public var times: Int?
    /// The chance that it meets a call, from 0 to 1.
    public var chance: Double

    /// Makes a fault.
    public init(
        action: String = "*",
        effect: Effect,
        from: Instant? = nil,
        until: Instant? = nil,
        times: Int? = nil,
        chance: Double = 1
    ) {
        self.action = action
        self.effect = effect
        self.from = from
        self.until = until
        self.times = times
        self.chance = chance
    }
}

extension CloudFault: CustomStringConvertible {
    /// What goes wrong with which calls, in a few words.
    public var description: String {
        let what =
            switch effect {
            case .refuse(let code, _): "refused with \(code)"
            case .refuseAfterEffect(let code, _): "carried out and refused with \(code)"
            case .loseReply: "carried out and never answered"
            case .hang: "never answered"
            case .delayRequest: "carried out late"
            case .delayReply: "answered late"
            case .throttle(let rate, let burst, let code):
                "throttled to \(rate) a second after \(burst) with \(code)"
            case .applyPart(let items, let code):
                "carried out for the first \(items) items"
                    + (code.map { " and refused with \($0)" } ?? " and answered as usual")
            case .omitRows(let omission): "answered without \(omission)"
            case .failJob(let code, _): "accepted and failed with \(code)"
            case .hangJob: "accepted and never done"
            }
        return "\(action == "*" ? "all calls are" : action + " is") \(what)"
    }
}

/// Names a fault that was injected.
public struct CloudFaultID: Sendable, Hashable {
    let number: Int
}
