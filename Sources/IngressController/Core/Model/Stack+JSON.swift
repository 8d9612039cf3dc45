// SPDX-License-Identifier: Apache-2.0
import CloudAPI
public import JSON
import KubernetesAPI

extension Stack {
    /// The stack as JSON; private keys are left out.
    public var json: JSONValue {
        [
            "albConfig": .string(albConfig), "loadBalancer": loadBalancer.map(\.json) ?? .null,
            "listeners": .array(listeners.map(\.json)), "serverGroups": .array(serverGroups.map(\.json)),
            "certificates": .array(
                certificates.map { ["name": .string($0.name), "secret": .string($0.secret.description)] }
            ),
        ]
    }

    /// The rules of all listeners in the order in which they are tried.
    public var table: String {
        var rows = [["LISTENER", "RULE", "CONDITIONS", "ACTIONS", "INGRESS"]]
        for listener in listeners {
            for (place, rule) in listener.rules.enumerated() {
                let direction = rule.direction == .response ? " (response)" : ""
                rows.append([
                    listener.port.description, "\(place + 1)\(direction)",
                    rule.conditions.map(\.summary).joined(separator: " and "),
                    rule.actions.map(\.summary).joined(separator: ", "), rule.owner.description,
                ])
            }
            rows.append([
                listener.port.description, "default", "", "forward to \(listener.defaultGroup)", "",
            ])
        }
        return Columns.aligned(rows)
    }
}

extension LoadBalancer {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "name": .string(name), "addressType": .string(addressType),
            "edition": .string(edition), "vSwitches": .array(zones.map { .string($0.vSwitch) }),
        ]
    }
}

extension Listener {
    fileprivate var json: JSONValue {
        [
            "port": .integer(Int64(port.port)), "protocol": .string(port.listenerProtocol.rawValue),
            "attributes": .object(attributes), "defaultServerGroup": .string(defaultGroup.description),
            "certificates": .array((certificates ?? []).map { .string($0.summary) }),
            "rules": .array(rules.enumerated().map { $1.json(rank: $0 + 1) }),
        ]
    }
}

extension WantedCertificate {
    fileprivate var summary: String {
        switch self {
        case .upload(let name, _): name
        case .existing(let id): id
        case .present(let secret): "what is shown of Secret \(secret)"
        }
    }
}

extension Rule {
    fileprivate func json(rank: Int) -> JSONValue {
        [
            "rank": .integer(Int64(rank)), "ingress": .string(owner.description),
            "direction": .string(direction.rawValue),
            "conditions": .array(conditions.map(RuleConditionWire.write)),
            "actions": RuleActionWire.write(actions),
        ]
    }
}

extension ServerGroup {
    fileprivate var json: JSONValue {
        ["key": .string(key.description), "name": .string(name), "attributes": .object(attributes)]
    }
}
