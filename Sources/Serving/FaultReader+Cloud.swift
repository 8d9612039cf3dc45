// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
import Ports

extension FaultReader {
    private static let cloudMembers: Set<String> = [
        "action", "effect", "code", "status", "message", "delay", "items", "values", "perSecond", "burst",
        "times",
        "chance", "after", "for",
    ]

    /// A fault of the cloud.
    func cloudFault() throws(FaultMistake) -> CloudFault {
        try checkMembers(Self.cloudMembers)
        let after = try seconds("after")
        let begin = after.map { now.advanced(by: $0) }
        let end = try seconds("for").map { (begin ?? now).advanced(by: $0) }
        return CloudFault(
            action: try text("action") ?? "*",
            effect: try cloudEffect(),
            from: begin,
            until: end,
            times: try number("times"),
            chance: item["chance"]?.doubleValue ?? 1
        )
    }

    private func cloudEffect() throws(FaultMistake) -> CloudFault.Effect {
        switch try text("effect") {
        case "refuse": return .refuse(code: try needed("code"), status: try number("status"))
        case "refuse-after-effect":
            return .refuseAfterEffect(code: try needed("code"), status: try number("status"))
        case "lose-reply": return .loseReply
        case "hang": return .hang
        case "delay-request": return .delayRequest(.fixed(try neededSeconds("delay")))
        case "delay-reply": return .delayReply(.fixed(try neededSeconds("delay")))
        case "throttle": return try throttle()
        case "apply-part":
            guard let items = try number("items"), items > 0 else {
                throw mistake("items", "a number of items")
            }
            return .applyPart(items: items, code: try text("code"))
        case "short-answer":
            let items = try number("items")
            if let items, items < 1 { throw mistake("items", "a number of items") }
            return .omitRows(items.map { .last($0) } ?? .all)
        case "omit-rows":
            guard let values = item["values"]?.arrayValue?.map(\.stringValue), !values.isEmpty,
                !values.contains(nil)
            else { throw mistake("values", "a list of texts") }
            return .omitRows(.holding(values.compactMap { $0 }))
        case "fail-job":
            return .failJob(code: try needed("code"), message: try text("message") ?? "The job failed.")
        case "hang-job": return .hangJob
        default:
            throw mistake(
                "effect",
                "refuse, refuse-after-effect, lose-reply, hang, delay-request, delay-reply, throttle, "
                    + "apply-part, short-answer, omit-rows, fail-job or hang-job"
            )
        }
    }

    private func throttle() throws(FaultMistake) -> CloudFault.Effect {
        guard let rate = item["perSecond"]?.doubleValue, rate > 0 else {
            throw mistake("perSecond", "a rate")
        }
        let burst = try number("burst") ?? Int(max(1, min(rate, 1e6)))
        return .throttle(perSecond: rate, burst: burst, code: try text("code") ?? "Throttling.User")
    }
}
