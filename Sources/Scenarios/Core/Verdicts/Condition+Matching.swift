// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension TrafficCondition {
    /// True when the request counts at all.
    func covers(_ record: RequestRecord) -> Bool {
        if let host, !host.matches(record.host) { return false }
        if let path, !path.matches(record.path) { return false }
        return true
    }

    /// True when everything that is said holds.
    func holds(for record: RequestRecord, newest: () -> String?) -> Bool {
        if let status, !status.matches(record.status) { return false }
        if let outcome, !outcome.contains(where: { $0.matches(record.outcome) }) { return false }
        if let servedBy, !servedBy.contains(where: { $0.matches(record.servedBy) }) { return false }
        if let certificate, !certificate.matches(record.certificate, newest: newest) { return false }
        if !headers.allSatisfy({ $0.holds(for: record) }) { return false }
        if let fasterThan, record.latency >= fasterThan { return false }
        if let slowerThan, record.latency <= slowerThan { return false }
        return true
    }

    /// How a request looks in the light of what is said, for counting: `status 502`, `refused`.
    func label(_ record: RequestRecord) -> String {
        var parts = [record.status > 0 ? "status \(record.status)" : record.outcome]
        if servedBy != nil {
            parts.append(record.servedBy.isEmpty ? "served by nobody" : "served by \(record.servedBy)")
        }
        if certificate != nil {
            parts.append(record.certificate.isEmpty ? "no certificate" : "certificate \(record.certificate)")
        }
        for header in headers { parts.append(header.label(record)) }
        if let fasterThan, record.latency >= fasterThan {
            parts.append("not faster than \(fasterThan.humanText)")
        }
        if let slowerThan, record.latency > slowerThan { parts.append("slower than \(slowerThan.humanText)") }
        return parts.joined(separator: ", ")
    }
}

extension HeaderCondition {
    /// True when the answer's field is as it is said.
    func holds(for record: RequestRecord) -> Bool {
        let values = record.values(ofHeader: name)
        guard let value else { return values.isEmpty && record.status > 0 }
        return values.contains { value.matches($0) }
    }

    /// What the field is, for counting.
    func label(_ record: RequestRecord) -> String {
        let values = record.values(ofHeader: name)
        return values.isEmpty ? "no \(name)" : "\(name): \(values.joined(separator: ", "))"
    }
}

extension RequestRecord {
    /// The values of a header field that was kept.
    func values(ofHeader name: String) -> [String] {
        headers.split(separator: "\n").compactMap { line in
            line.hasPrefix(name + ": ") ? String(line.dropFirst(name.count + 2)) : nil
        }
    }

    /// The request and what became of it, in one line.
    var line: String {
        var text = "\(method) \(host)\(path): "
        text += status > 0 ? "status \(status)" : outcome
        if !servedBy.isEmpty { text += " from \(servedBy)" }
        return text + " after \(latency.humanText)"
    }
}

extension ConnectionCondition {
    /// True when the connection counts at all.
    func covers(_ record: ConnectionRecord) -> Bool {
        if !traffic.isEmpty, !traffic.contains(record.traffic) { return false }
        if let serverName, !serverName.matches(record.serverName) { return false }
        return true
    }

    /// True when everything that is said holds.
    func holds(for record: ConnectionRecord, newest: () -> String?) -> Bool {
        if let outcome, !outcome.contains(where: { $0.matches(record.outcome) }) { return false }
        if let certificate, !certificate.matches(record.certificate, newest: newest) { return false }
        if let version, !version.matches(record.version) { return false }
        return true
    }

    /// How a connection looks in the light of what is said, for counting.
    func label(_ record: ConnectionRecord) -> String {
        var parts = [record.outcome]
        if certificate != nil {
            parts.append(record.certificate.isEmpty ? "no certificate" : "certificate \(record.certificate)")
        }
        if version != nil { parts.append(record.version.isEmpty ? "no version" : record.version) }
        return parts.joined(separator: ", ")
    }
}

extension ConnectionRecord {
    /// The connection and what became of it, in one line.
    var line: String {
        "\(traffic) to \(server)\(serverName.isEmpty ? "" : " (\(serverName))"): \(outcome)"
            + "\(certificate.isEmpty ? "" : ", certificate \(certificate)") after \(duration.humanText)"
    }
}

extension CertificatePattern {
    /// True when it means the certificate with this label, `name serial`.
    func matches(_ label: String, newest: () -> String?) -> Bool {
        if label.isEmpty { return false }
        switch self {
        case .newest: return newest() == label
        case .named(let glob):
            if glob.matches(label) { return true }
            guard let blank = label.lastIndex(of: " ") else { return false }
            return glob.matches(String(label[..<blank]))
                || glob.matches(String(label[label.index(after: blank)...]))
        }
    }
}

extension ServerPattern {
    /// The letters of the names that ReplicaSets and pods get.
    private static let generated = Set("bcdfghjklmnpqrstvwxz2456789".utf8)

    /// True when it means the pod: by its name, a pattern, or as one of a Deployment.
    ///
    /// - Source: names of generated pods: Kubernetes, apimachinery/pkg/util/rand; seen upstream.
    func matches(_ servedBy: String) -> Bool {
        guard !servedBy.isEmpty else { return false }
        if glob.matches(servedBy) { return true }
        let slash = UInt8(ascii: "/")
        let name = servedBy.utf8.lastIndex(of: slash).map {
            Substring(servedBy.utf8[servedBy.utf8.index(after: $0)...])
        }
        if let name, glob.matches(String(name)) { return true }
        return isOwner(of: name ?? servedBy[...])
    }

    private func isOwner(of name: Substring) -> Bool {
        let (dash, owner) = (UInt8(ascii: "-"), glob.pattern.utf8)
        guard name.utf8.count > owner.count, name.utf8.starts(with: owner), !owner.contains(UInt8(ascii: "*"))
        else { return false }
        let rest = name.utf8.dropFirst(owner.count)
        guard rest.first == dash else { return false }
        let parts = rest.dropFirst().split(separator: dash, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 5, !parts[0].isEmpty else { return false }
        return parts.allSatisfy { $0.allSatisfy(Self.generated.contains) }
    }
}

extension CallCondition {
    /// What the names of actions that only read begin with.
    private static let readingVerbs = ["List", "Get", "Describe", "Query", "Check"]

    /// True when everything that is said holds.
    func holds(for call: CloudCall) -> Bool {
        if let action, !action.matches(call.action) { return false }
        if let product, !product.matches(call.product) { return false }
        if let resource, !resource.matches(call.resource) { return false }
        if let client, !client.matches(call.client) { return false }
        if let code, !code.matches(call.code.isEmpty ? "none" : call.code) { return false }
        guard let isWrite else { return true }
        return isWrite != Self.readingVerbs.contains { call.action.hasPrefix($0) }
    }
}

extension CloudCall {
    /// The call and its answer, in one line.
    var line: String {
        "\(action) by \(client)\(resource.isEmpty ? "" : " of \(resource)"): \(code.isEmpty ? "status \(status)" : code)"
    }
}

extension APICallCondition {
    private static let readingVerbs = ["get", "list", "watch"]

    /// The user agents of hosts.
    private static let agents = [
        "controller": "alb-ingress-controller", "cluster": "kube-controller-manager", "user": "kubectl",
    ]

    /// True when everything that is said holds.
    func holds(for call: APICall) -> Bool {
        if let client, !client.matches(call.client), Self.agents[client.pattern] != call.client {
            return false
        }
        if let verb, !verb.matches(call.verb) { return false }
        if let resource, Self.resource(call.path) != resource { return false }
        if let path, !path.matches(call.path) { return false }
        if let isWrite, isWrite == Self.readingVerbs.contains(call.verb) { return false }
        if let status, !status.matches(call.status) { return false }
        if let reason { return reason.matches(call.reason) }
        return true
    }

    /// The plural that a path is about: `/api/v1/…`, `/apis/GROUP/VERSION/…`, with or without a namespace.
    static func resource(_ path: String) -> String {
        var parts = path.prefix { $0 != "?" }.split(separator: "/")
        parts.removeFirst(min(parts.count, parts.first == "api" ? 2 : 3))
        if parts.first == "namespaces", parts.count > 2 { parts.removeFirst(2) }
        return parts.first.map(String.init) ?? ""
    }
}

extension APICall {
    /// The call and its answer, in one line.
    var line: String { "\(verb) \(path) by \(client): \(status)\(reason.isEmpty ? "" : " \(reason)")" }
}

extension CloudCondition {
    /// What is not as it is said; empty when all is.
    func wrong(_ numbers: [CloudKind: Int]) -> String {
        parts.filter { !$0.bounds.contain(Double(numbers[$0.kind] ?? 0)) }
            .map { "\(numbers[$0.kind] ?? 0) \($0.kind.noun)" }.joined(separator: ", ")
    }
}

extension CloudCall {
    /// True when it changes something.
    var isWrite: Bool { !["List", "Get", "Describe", "Query", "Check"].contains { action.hasPrefix($0) } }
}

extension EventCondition {
    /// True when everything that is said holds.
    func holds(for event: JSONValue) -> Bool {
        let object = event["involvedObject"] ?? event["regarding"]
        func text(_ value: JSONValue?) -> String { value?.stringValue ?? "" }
        if let reason, !reason.matches(text(event["reason"])) { return false }
        if let type, type != text(event["type"]) { return false }
        if let kind, kind != text(object?["kind"]) { return false }
        if let name, !name.matches(text(object?["name"])) { return false }
        if let namespace, namespace != text(object?["namespace"]) { return false }
        if let messageContains { return text(event["message"] ?? event["note"]).contains(messageContains) }
        return true
    }

    /// An event in one line.
    static func line(_ event: JSONValue) -> String {
        let object = event["involvedObject"] ?? event["regarding"]
        func text(_ value: JSONValue?) -> String { value?.stringValue ?? "" }
        return
            "\(text(event["type"])) \(text(event["reason"])) on \(text(object?["kind"])) \(text(object?["name"])): "
            + text(event["message"] ?? event["note"])
    }
}
