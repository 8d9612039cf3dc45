// SPDX-License-Identifier: Apache-2.0
import JSON

/// Network policies, as stored objects: nothing enforces them.
///
/// - Source: `ValidateNetworkPolicySpec` of Kubernetes 1.36 (seen upstream).
enum NetworkPolicyRules {
    static let policy = KindRules(
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: check
    )

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        let spec = object.content["spec"] ?? [:]
        SelectorRules.check(spec["podSelector"], path["podSelector"], &errors)
        for (list, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (spec[list]?.arrayValue ?? []).enumerated() {
                let place = path[list][index]
                for (slot, port) in (rule["ports"]?.arrayValue ?? []).enumerated() {
                    checkPort(port, place["ports"][slot], &errors)
                }
                for (slot, peer) in (rule[peers]?.arrayValue ?? []).enumerated() {
                    checkPeer(peer, place[peers][slot], &errors)
                }
            }
        }
        let types = spec["policyTypes"]?.arrayValue ?? []
        if types.count > 2 {
            let message = "may not specify more than two policyTypes"
            return errors.invalid(path["policyTypes"], .array(types), message)
        }
        for (index, type) in types.enumerated() {
            errors.option(type, ["Ingress", "Egress"], path["policyTypes"][index])
        }
    }

    private static func checkPort(_ port: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.option(port["protocol"], ["TCP", "UDP", "SCTP"], path["protocol"])
        let end = port["endPort"]
        switch port["port"] {
        case .integer(let first)?:
            errors.checkPort(port["port"], path["port"])
            guard let end, let last = end.intValue else { return }
            if last < first {
                errors.invalid(path["endPort"], end, "must be greater than or equal to `port`")
            }
            errors.checkPort(end, path["endPort"])
        case .string?:
            if let end {
                errors.invalid(path["endPort"], end, "may not be specified when `port` is non-numeric")
            }
            errors.checkPort(port["port"], path["port"])
        default:
            if let end {
                errors.invalid(path["endPort"], end, "may not be specified when `port` is not specified")
            }
        }
    }

    private static func checkPeer(_ peer: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        for field in ["podSelector", "namespaceSelector"] {
            SelectorRules.check(peer[field], path[field], &errors)
        }
        let count = ["podSelector", "namespaceSelector", "ipBlock"].filter { peer[$0] != nil }.count
        if let block = peer["ipBlock"] { checkBlock(block, path["ipBlock"], &errors) }
        if count == 0 {
            errors.required(path, "must specify a peer")
        } else if count > 1, peer["ipBlock"] != nil {
            errors.forbidden(path, "may not specify both ipBlock and another peer")
        }
    }

    private static func checkBlock(_ block: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let text = block["cidr"]?.stringValue ?? ""
        if text.isEmpty { return errors.required(path["cidr"]) }
        guard let (network, length) = errors.checkNetwork(text, path["cidr"]) else { return }
        for (index, item) in (block["except"]?.arrayValue ?? []).enumerated() {
            let place = path["except"][index]
            guard let (part, bits) = errors.checkNetwork(item.stringValue ?? "", place) else { continue }
            if length >= bits || !part.isInNetwork(network, length) {
                errors.invalid(place, item, "must be a strict subset of `cidr`")
            }
        }
    }
}
