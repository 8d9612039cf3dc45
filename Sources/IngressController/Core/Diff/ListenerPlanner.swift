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
        var choice = attributes(wanted, present: present)
        guard let listener = choice.listener else { return choice }
        let lists = accessLists(wanted, listener), rules = rules(wanted, listener)
        choice.steps += lists.steps + rules.steps
        choice.problems += rules.problems
        choice.listener?.accessList = lists.listener?.accessList
        choice.listener?.rules = rules.listener?.rules ?? []
        choice.steps += removals(wanted, listener, present: present)
        return choice
    }

    /// The listener itself with its certificates, all but those that go last.
    func attributes(_ wanted: Listener, present: CloudListener?) -> Choice {
        present.map { update(wanted, $0) } ?? create(wanted)
    }

    /// Who may connect; gives the listener with its lists.
    func accessLists(_ wanted: Listener, _ listener: CloudListener) -> Choice {
        let lists = AccessListPlanner(listener: listener.id, profile: profile)
            .plan(wanted.accessList, present: listener.accessList)
        var listener = listener
        listener.accessList = lists.result
        return Choice(steps: lists.steps, listener: listener)
    }

    /// The rules; gives the listener with them.
    func rules(_ wanted: Listener, _ listener: CloudListener) -> Choice {
        let rules = wanted.rules.map { $0.mappingGroups { groupIDs[$0] ?? $0 } }
        let planned =
            profile.pairsRulesByNumber
            ? NumberedRulePlanner(port: wanted.port, listener: listener.id, profile: profile)
                .plan(rules, present: listener.rules)
            : RulePlanner.plan(
                port: wanted.port,
                listener: listener.id,
                wanted: rules,
                present: listener.rules,
                inTextOrder: profile.has(.rulesCreatedInTextOrder)
            )
        guard let planned else {
            let problem = Problem(
                .albConfig(stack.albConfig),
                .listenerFails,
                "listener \(wanted.port) would have \(rules.count) rules, more than there are priorities"
            )
            return Choice(steps: [], listener: listener, problems: [problem])
        }
        var listener = listener
        listener.rules = planned.rules
        return Choice(steps: planned.steps, listener: listener)
    }

    private func removals(
        _ wanted: Listener,
        _ listener: CloudListener,
        present: CloudListener?
    ) -> [Step] {
        guard let choice = certificates(wanted, listener: present), !choice.removesFirst else { return [] }
        return certificateSteps("DissociateAdditionalCertificatesFromListener", listener.id, choice.removals)
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
            isDefaultExplicit: wanted.isDefaultExplicit,
            profile: profile
        ).choose()
    }

    // MARK: Creation

    private func create(_ wanted: Listener) -> Choice {
        var shown: ListenerCertificatePlanner.Choice?
        if wanted.port.isSecure {
            shown = certificates(wanted, listener: nil)
            // Without a certificate there is no such listener; the build has told why.
            guard shown?.newDefault != nil else { return Choice(steps: [], listener: nil) }
            if wanted.defaultMarks > 1 {
                let sentence = "listener \(wanted.port) has \(wanted.defaultMarks) default certificates"
                let problem = Problem(.albConfig(stack.albConfig), .listenerFails, sentence)
                return Choice(steps: [], listener: nil, problems: [problem])
            }
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
        if profile.isOpenSource { step.settling = .listener }
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
        if profile.isOpenSource { attributes["CaCertificates"] = nil }
        var changes = AttributeComparison.changes(wanted: attributes, present: present.attributes)
        var listener = present
        for change in changes { listener.attributes[change.key] = change.value }
        var steps: [Step] = []
        if let additions = shown?.additions, !additions.isEmpty {
            steps += certificateSteps("AssociateAdditionalCertificatesWithListener", present.id, additions)
        }
        if let shown, shown.removesFirst {
            steps += certificateSteps(
                "DissociateAdditionalCertificatesFromListener",
                present.id,
                shown.removals
            )
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
    func certificateSteps(_ action: String, _ listener: String, _ ids: [String]) -> [Step] {
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
