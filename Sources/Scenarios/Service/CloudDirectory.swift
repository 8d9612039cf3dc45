// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import CloudServer
import JSON
import Synchronization
import Worlds

/// Finds in the cloud what steps name, and keeps what they saved.
final class CloudDirectory: Sendable {
    private let world: World
    private let saved = Mutex<[String: String]>([:])

    init(world: World) {
        self.world = world
    }

    /// Calls the cloud as the console does.
    ///
    /// - Throws: `StepFailure` when it refuses.
    @discardableResult
    func call(
        _ action: String,
        of product: CloudProduct = .alb,
        _ parameters: JSONObject = [:],
        respectsManagement: Bool = false
    ) throws(StepFailure) -> JSONObject {
        let result = world.cloud.perform(
            action,
            of: product,
            parameters,
            respectsManagement: respectsManagement
        )
        switch result {
        case .success(let answer): return answer
        case .failure(let refusal):
            throw StepFailure(message: "the cloud refused \(action): \(refusal.code) \(refusal.message)")
        }
    }

    /// Keeps a member of an answer under a name.
    func save(_ name: String, _ path: String, of answer: JSONObject) throws(StepFailure) {
        var value: JSONValue? = .object(answer)
        for step in path.split(separator: ".") {
            value = Int(step).map { value?[$0] } ?? value?[String(step)]
        }
        guard let text = value.map({ $0.stringValue ?? $0.text }) else {
            throw StepFailure(message: "the answer has no member \(path)")
        }
        saved.withLock { $0[name] = text }
    }

    // MARK: References

    /// A tree with its references replaced by what they name now.
    func resolve(_ tree: JSONValue) throws(StepFailure) -> JSONValue {
        switch tree {
        case .string(let text):
            guard text.contains("$(") else { return tree }
            return .string(try resolve(text))
        case .array(let items):
            var resolved: [JSONValue] = []
            for item in items { resolved.append(try resolve(item)) }
            return .array(resolved)
        case .object(let object):
            var resolved: JSONObject = [:]
            for member in object { resolved[member.key] = try resolve(member.value) }
            return .object(resolved)
        default: return tree
        }
    }

    private func resolve(_ text: String) throws(StepFailure) -> String {
        var resolved = ""
        for part in CloudReference.parts(of: text) {
            switch part {
            case .text(let text): resolved += text
            case .reference(let reference): resolved += try find(reference)
            }
        }
        return resolved
    }

    private func find(_ reference: CloudReference) throws(StepFailure) -> String {
        let words = reference.words
        let found: String?
        switch reference.kind {
        case .loadBalancer: found = loadBalancer(words[0])?.id
        case .listener: found = listener(words[0], words.count > 1 ? words[1] : nil)
        case .rule: found = try rule(words[0], words[1], words.count > 2 ? words[2] : nil)
        case .serverGroup: found = try serverGroup(words[0])
        case .certificate: found = try certificate(words[0])
        case .saved: found = saved.withLock { $0[words[0]] }
        }
        guard let found else {
            let name = ([reference.kind.rawValue] + words).joined(separator: " ")
            throw StepFailure(message: "there is no $(\(name)) in the cloud now")
        }
        return found
    }

    /// The load balancer of an AlbConfig, or the only one.
    private func loadBalancer(_ albConfig: String?) -> LoadBalancerReport? {
        let all = world.cloud.loadBalancers()
        guard let albConfig else { return all.count == 1 ? all[0] : nil }
        return all.first { $0.tags["ingress.k8s.alibaba/albconfig"] == "kube-system/\(albConfig)" }
    }

    private func listener(_ port: String, _ albConfig: String?) -> String? {
        loadBalancer(albConfig)?.listeners.first {
            String($0.port) == port || "\($0.port)/\($0.listenerProtocol)" == port
        }?.id
    }

    private func rule(_ port: String, _ wanted: String, _ albConfig: String?) throws(StepFailure) -> String? {
        guard let listener = listener(port, albConfig) else { return nil }
        let rules = try call("ListRules", ["ListenerIds": [.string(listener)], "MaxResults": 100])["Rules"]
        return rules?.arrayValue?.first { rule in
            if let place = Int64(wanted) { return rule["Priority"] == .integer(place) }
            return (rule["RuleConditions"]?.arrayValue ?? []).contains { condition in
                condition["HostConfig"]?["Values"]?.arrayValue?.contains(.string(wanted)) ?? false
            }
        }?["RuleId"]?.stringValue
    }

    private func serverGroup(_ service: String) throws(StepFailure) -> String? {
        let tag: JSONValue = ["Key": "ingress.k8s.alibaba/service_name", "Value": .string(service)]
        let groups = try call("ListServerGroups", ["Tag": [tag]])["ServerGroups"]
        return groups?.arrayValue?.first?["ServerGroupId"]?.stringValue
    }

    private func certificate(_ name: String) throws(StepFailure) -> String? {
        let list = try call("DescribeSSLCertificateList", of: .cas, ["CurrentPage": 1, "ShowSize": 100])
        return list["CertMetaList"]?.arrayValue?.first { $0["CertName"]?.stringValue == name }?[
            "CertIdentifier"
        ]?
        .stringValue
    }
}
