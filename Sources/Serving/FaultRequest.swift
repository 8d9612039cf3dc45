// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
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
/// `{"cloud": [{"action", "effect", …}], "kubernetes": [{"effect", "verbs", "resource", …}],
/// "account": {"quotas", "arrears", …}, "certificates": [{"expire"}], "console": [{"action", "parameters"}]}`.
struct FaultRequest: Sendable {
    var cloud: [CloudFault] = []
    var kubernetes: [KubernetesFault] = []
    /// Changes of the account.
    var account: AccountChange?
    /// Certificates that expire, by id or name.
    var expired: [String] = []
    /// Calls made at the console.
    var console: [ConsoleCall] = []

    init(_ body: JSONValue, now: Instant) throws(FaultMistake) {
        guard let members = body.objectValue, !members.isEmpty else {
            throw FaultMistake(
                "expected an object with cloud, kubernetes, account, certificates or console, "
                    + "found \(body.text.prefix(60))"
            )
        }
        for member in members {
            if member.key == "account" {
                account = try AccountChange(FaultReader(member.value, at: "account", now: now))
                continue
            }
            guard ["cloud", "kubernetes", "certificates", "console"].contains(member.key) else {
                throw FaultMistake(
                    "expected cloud, kubernetes, account, certificates or console, found \(member.key)"
                )
            }
            guard let items = member.value.arrayValue else {
                throw FaultMistake("\(member.key): expected a list")
            }
            for (place, item) in items.enumerated() {
                try read(member.key, FaultReader(item, at: "\(member.key)[\(place)]", now: now))
            }
        }
    }

    private mutating func read(_ kind: String, _ reader: FaultReader) throws(FaultMistake) {
        switch kind {
        case "cloud": cloud.append(try reader.cloudFault())
        case "kubernetes": kubernetes.append(try reader.kubernetesFault())
        case "console": console.append(try ConsoleCall(reader))
        default:
            try reader.checkMembers(["expire"])
            expired.append(try reader.needed("expire"))
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
    /// All history is forgotten once, and the watches that match are told so.
    case compaction(KubernetesFaults.Match)

    func add(to faults: inout KubernetesFaults) {
        switch self {
        case .refusal(let refusal): faults.refusals.append(refusal)
        case .delay(let delay): faults.delays.append(delay)
        case .stall(let stall): faults.stalls.append(stall)
        case .cut(let cut): faults.cuts.append(cut)
        case .dropBookmarks: faults.dropsBookmarks = true
        case .compaction: break  // happens at once, and is over
        }
    }
}
