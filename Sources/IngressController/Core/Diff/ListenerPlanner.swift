// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Plans one listener: its attributes, certificates, access lists and rules.
struct ListenerPlanner {
    let stack: Stack
    let loadBalancer: String
    let records: [CertificateRecord]?
    /// The ids of server groups by the text of their keys.
    let groupIDs: [String: String]
    let profile: Profile

    /// Steps, and the listener after them; nil when it cannot be made.
    struct Choice {
        var steps: [Step]
        var listener: CloudListener?
        var problems: [Problem] = []
    }

    func plan(_ wanted: Listener, present: CloudListener?) -> Choice {
        var choice = present.map { update(wanted, $0) } ?? create(wanted)
        guard var listener = choice.listener else { return choice }
        let lists = AccessListPlanner(listener: listener.id).plan(
            wanted.accessList,
            present: listener.accessList
        )
        choice.steps += lists.steps
        listener.accessList = lists.result
        let rules = wanted.rules.map { $0.mappingGroups { groupIDs[$0] ?? $0 } }
        if let planned = RulePlanner.plan(
            port: wanted.port,
            listener: listener.id,
            wanted: rules,
            present: listener.rules
        ) {
            choice.steps += planned.steps
            listener.rules = planned.rules
        } else {
            choice.problems.append(
                Problem(
                    .albConfig(stack.albConfig),
                    .listenerFails,
                    "listener \(wanted.port) would have \(rules.count) rules, more than there are priorities"
                )
            )
        }
        if let removals = certificates(wanted, listener: present)?.removals, !removals.isEmpty {
            choice.steps += certificateSteps(
                "DissociateAdditionalCertificatesFromListener",
                listener.id,
                removals
            )
        }
        choice.listener = listener
        return choice
    }

    private func defaultActions(_ wanted: Listener) -> JSONValue {
        let id = groupIDs[wanted.defaultGroup.description] ?? Reference.serverGroup(wanted.defaultGroup).text
        return [
            [
                "Type": "ForwardGroup",
                "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": .string(id)]]],
            ]
        ]
    }

    private func certificates(
        _ wanted: Listener,
        listener: CloudListener?
    ) -> ListenerCertificatePlanner.Choice? {
        guard wanted.port.isSecure, let records, let certificates = wanted.certificates else { return nil }
        return ListenerCertificatePlanner(
            records: records,
            present: listener?.certificates ?? [],
            wanted: certificates,
            isDefaultExplicit: wanted.isDefaultExplicit
        ).choose()
    }

    // MARK: Creation

    private func create(_ wanted: Listener) -> Choice {
        var shown: ListenerCertificatePlanner.Choice?
        if wanted.port.isSecure {
            shown = certificates(wanted, listener: nil)
            // Without a certificate there is no such listener; the build has told why.
            guard shown?.newDefault != nil else { return Choice(steps: [], listener: nil) }
        }
        var attributes = wanted.attributes
        attributes["DefaultActions"] = defaultActions(wanted)
        var parameters: JSONObject = [
            "LoadBalancerId": .string(loadBalancer), "ListenerPort": .integer(Int64(wanted.port.port)),
            "ListenerProtocol": .string(wanted.port.listenerProtocol.rawValue),
        ]
        for member in attributes where !Self.isDefault(member) { parameters[member.key] = member.value }
        if let id = shown?.newDefault { parameters["Certificates"] = [["CertificateId": .string(id)]] }
        let reference = Reference.listener(wanted.port)
        var step = Step(action: "CreateListener", parameters: parameters)
        step.binding = .member("ListenerId", reference)
        var steps = [step]
        if let additions = shown?.additions, !additions.isEmpty {
            steps += certificateSteps(
                "AssociateAdditionalCertificatesWithListener",
                reference.text,
                additions
            )
        }
        var listener = CloudListener(id: reference.text, port: wanted.port, attributes: attributes)
        listener.certificates = shown?.result
        listener.accessList = CloudAccessList(type: "", items: [])
        steps += logging(wanted, &listener)
        return Choice(steps: steps, listener: listener)
    }

    private static func isDefault(_ member: JSONObject.Member) -> Bool {
        switch member.key {
        case "CaEnabled": member.value == false
        default: false
        }
    }

    // MARK: Update

    private func update(_ wanted: Listener, _ present: CloudListener) -> Choice {
        let shown = certificates(wanted, listener: present)
        var attributes = wanted.attributes
        let group = groupIDs[wanted.defaultGroup.description] ?? ""
        if present.defaultGroup != group { attributes["DefaultActions"] = defaultActions(wanted) }
        if profile.kind == .oss { attributes["CaCertificates"] = nil }
        var changes = AttributeComparison.changes(wanted: attributes, present: present.attributes)
        var listener = present
        for change in changes { listener.attributes[change.key] = change.value }
        var steps: [Step] = []
        if let additions = shown?.additions, !additions.isEmpty {
            steps += certificateSteps("AssociateAdditionalCertificatesWithListener", present.id, additions)
        }
        if let promoted = shown?.promoted, !promoted.isEmpty {
            steps += certificateSteps("DissociateAdditionalCertificatesFromListener", present.id, promoted)
        }
        if let id = shown?.newDefault { changes["Certificates"] = [["CertificateId": .string(id)]] }
        if !changes.isEmpty {
            let parameters =
                [("ListenerId", JSONValue.string(present.id))] + changes.members.map { ($0.key, $0.value) }
            steps.append(Step(action: "UpdateListenerAttribute", parameters: JSONObject(parameters)))
        }
        if let demoted = shown?.demoted, !demoted.isEmpty {
            steps += certificateSteps("AssociateAdditionalCertificatesWithListener", present.id, demoted)
        }
        if let shown { listener.certificates = shown.result }
        steps += logging(wanted, &listener)
        return Choice(steps: steps, listener: listener)
    }

    private func logging(_ wanted: Listener, _ listener: inout CloudListener) -> [Step] {
        guard let logging = wanted.logging else { return [] }
        let present = listener.attributes["LogConfig"]?.objectValue ?? [:]
        guard !AttributeComparison.changes(wanted: logging, present: present).isEmpty else { return [] }
        listener.attributes["LogConfig"] = .object(logging)
        let parameters =
            [("ListenerId", JSONValue.string(listener.id))] + logging.members.map { ($0.key, $0.value) }
        return [Step(action: "UpdateListenerLogConfig", parameters: JSONObject(parameters))]
    }

    /// The API takes fifteen certificates in a call.
    private func certificateSteps(_ action: String, _ listener: String, _ ids: [String]) -> [Step] {
        Batches.of(ids, size: 15).map { ids in
            var step = Step(
                action: action,
                parameters: [
                    "ListenerId": .string(listener),
                    "Certificates": .array(ids.map { ["CertificateId": .string($0)] }),
                ]
            )
            step.toleratesAbsence = action.hasPrefix("Dissociate")
            return step
        }
    }
}
