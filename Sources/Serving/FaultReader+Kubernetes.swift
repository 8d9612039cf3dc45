// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import KubernetesServer
import Ports

extension FaultReader {
    private static let kubernetesMembers: Set<String> = [
        "effect", "verbs", "resource", "subresource", "namespace", "name", "client", "status", "delay",
        "events", "times", "for",
    ]

    /// A fault of the API server.
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
        case "compact": return .compaction(match)
        default: throw mistake("effect", "refuse, delay, stall, cut, drop-bookmarks or compact")
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
}
