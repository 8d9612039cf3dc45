// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
import KubernetesAPI
import KubernetesServer
import Ports

/// Why a request for faults can not be understood.
struct FaultMistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What `POST /faults` asks for:
/// `{"cloud": [{"action", "effect", …}], "kubernetes": [{"effect", "verbs", "resource", …}]}`.
struct FaultRequest: Sendable {
    var cloud: [CloudFault] = []
    var kubernetes: [KubernetesFault] = []

    init(_ body: JSONValue, now: Instant) throws(FaultMistake) {
        guard let members = body.objectValue, !members.isEmpty else {
            throw FaultMistake(
                "expected an object with cloud, kubernetes or both, found \(body.text.prefix(60))"
            )
        }
        for member in members {
            guard let items = member.value.arrayValue else {
                throw FaultMistake("\(member.key): expected a list of faults")
            }
            for (place, item) in items.enumerated() {
                let reader = FaultReader(item, at: "\(member.key)[\(place)]", now: now)
                switch member.key {
                case "cloud": cloud.append(try reader.cloudFault())
                case "kubernetes": kubernetes.append(try reader.kubernetesFault())
                default: throw FaultMistake("expected cloud or kubernetes, found \(member.key)")
                }
            }
        }
    }
}

/// A fault of the API server, as one of its lists takes it.
enum KubernetesFault: Sendable {
    case refusal(KubernetesFaults.Refusal)
    case delay(KubernetesFaults.Delay)
    case stall(KubernetesFaults.Stall)
    case cut(KubernetesFaults.Cut)
    case dropBookmarks

    func add(to faults: inout KubernetesFaults) {
        switch self {
        case .refusal(let refusal): faults.refusals.append(refusal)
        case .delay(let delay): faults.delays.append(delay)
        case .stall(let stall): faults.stalls.append(stall)
        case .cut(let cut): faults.cuts.append(cut)
        case .dropBookmarks: faults.dropsBookmarks = true
        }
    }
}

/// Reads one fault; times are in seconds.
private struct FaultReader {
    private let item: JSONValue
    private let place: String
    private let now: Instant

    init(_ item: JSONValue, at place: String, now: Instant) {
        self.item = item
        self.place = place
        self.now = now
    }

    // MARK: The cloud

    private static let cloudMembers: Set<String> = [
        "action", "effect", "code", "status", "message", "delay", "perSecond", "burst", "times", "chance",
        "after",
        "for",
    ]

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
        case "throttle":
            guard let rate = item["perSecond"]?.doubleValue, rate > 0 else {
                throw mistake("perSecond", "a rate")
            }
            let burst = try number("burst") ?? Int(max(1, min(rate, 1e6)))
            return .throttle(perSecond: rate, burst: burst, code: try text("code") ?? "Throttling.User")
        case "fail-job":
            return .failJob(code: try needed("code"), message: try text("message") ?? "The job failed.")
        case "hang-job": return .hangJob
        default:
            throw mistake(
                "effect",
                "refuse, refuse-after-effect, lose-reply, hang, delay-request, delay-reply, throttle, fail-job "
                    + "or hang-job"
            )
        }
    }

    // MARK: The API server

    private static let kubernetesMembers: Set<String> = [
        "effect", "verbs", "resource", "subresource", "namespace", "name", "client", "status", "delay",
        "events", "times",
        "for",
    ]

    func kubernetesFault() throws(FaultMistake) -> KubernetesFault {
        try checkMembers(Self.kubernetesMembers)
        let end = try seconds("for").map { now.advanced(by: $0) }
        let match = try match()
        switch try text("effect") {
        case "refuse":
            let status = KubernetesStatus.fault(try number("status") ?? 503)
            return .refusal(
                KubernetesFaults.Refusal(match, status: status, times: try number("times"), until: end)
            )
        case "delay":
            return .delay(KubernetesFaults.Delay(match, delay: try neededSeconds("delay"), until: end))
        case "stall": return .stall(KubernetesFaults.Stall(match, until: end))
        case "cut": return .cut(KubernetesFaults.Cut(match, events: try number("events") ?? 0, until: end))
        case "drop-bookmarks": return .dropBookmarks
        default: throw mistake("effect", "refuse, delay, stall, cut or drop-bookmarks")
        }
    }

    private func match() throws(FaultMistake) -> KubernetesFaults.Match {
        var verbs: Set<String>?
        if let value = item["verbs"] {
            guard let list = value.arrayValue?.map(\.stringValue), !list.contains(nil) else {
                throw mistake("verbs", "a list of verbs")
            }
            verbs = Set(list.compactMap { $0 })
        }
        return KubernetesFaults.Match(
            verbs: verbs,
            resource: try text("resource"),
            subresource: try text("subresource"),
            namespace: try text("namespace"),
            name: try text("name"),
            client: try text("client")
        )
    }

    // MARK: Members

    private func mistake(_ member: String, _ expected: String) -> FaultMistake {
        FaultMistake(
            "\(place).\(member): expected \(expected), found \((item[member] ?? .null).text.prefix(60))"
        )
    }

    private func checkMembers(_ known: Set<String>) throws(FaultMistake) {
        guard let members = item.objectValue else { throw FaultMistake("\(place): expected an object") }
        for member in members where !known.contains(member.key) {
            throw FaultMistake(
                "\(place): unknown member \(member.key); known are \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    private func text(_ member: String) throws(FaultMistake) -> String? {
        guard let value = item[member] else { return nil }
        guard let text = value.stringValue else { throw mistake(member, "a text") }
        return text
    }

    private func needed(_ member: String) throws(FaultMistake) -> String {
        guard let text = try text(member), !text.isEmpty else { throw mistake(member, "a text") }
        return text
    }

    private func number(_ member: String) throws(FaultMistake) -> Int? {
        guard let value = item[member] else { return nil }
        guard let number = value.intValue, number >= 0 else { throw mistake(member, "a whole number") }
        return number
    }

    private func seconds(_ member: String) throws(FaultMistake) -> Duration? {
        guard let value = item[member] else { return nil }
        guard let number = value.doubleValue, number >= 0, number < 1e9 else {
            throw mistake(member, "seconds")
        }
        return .nanoseconds(Int64(number * 1e9))
    }

    private func neededSeconds(_ member: String) throws(FaultMistake) -> Duration {
        guard let duration = try seconds(member) else { throw mistake(member, "seconds") }
        return duration
    }
}
