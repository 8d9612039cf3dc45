// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a rule of a security group may say.
///
/// - Source: codes and values of the API description; documented.
struct SecurityGroupRuleChecks {
    /// False for groups outside of any network, whose rules are for the public interface unless they say so.
    let isInNetwork: Bool

    private static let protocols = ["TCP", "UDP", "ICMP", "ICMPv6", "GRE", "ALL"]
    private static let sources = ["SourceCidrIp", "Ipv6SourceCidrIp", "SourceGroupId", "SourcePrefixListId"]

    /// The rule as it is kept: values spelled as they are shown, defaults filled in.
    func rule(_ item: JSONObject) throws(CloudRefusal) -> JSONObject {
        var rule: JSONObject = [
            "IpProtocol": .string(try ipProtocol(item)), "PortRange": .string(try portRange(item)),
            "Policy": .string(try policy(item)), "Priority": .string(try priority(item)),
            "NicType": .string(try nicType(item)),
        ]
        if !Self.sources.contains(where: { item.optionalText($0) != nil }) {
            throw CloudRefusal("MissingParameter.Source", "The rule does not say whom it is for.")
        }
        for (name, isVersion6) in [
            ("SourceCidrIp", false), ("Ipv6SourceCidrIp", true), ("DestCidrIp", false),
            ("Ipv6DestCidrIp", true),
        ] {
            guard let block = item.optionalText(name) else { continue }
            guard ValueRule.cidr.allows(block), block.contains(":") == isVersion6 else {
                let code = isVersion6 ? "InvalidParam.\(name)" : "Invalid\(name).Malformed"
                throw CloudRefusal(code, "The value of the parameter \(name) is not valid.")
            }
            rule[name] = .string(block)
        }
        for name in ["SourceGroupId", "SourcePrefixListId", "SourceGroupOwnerAccount", "Description"] {
            rule[name] = item[name]
        }
        if rule["SourcePrefixListId"] != nil {
            throw CloudRefusal(
                "InvalidPrefixListId.NotFound",
                "The specified list of prefixes does not exist.",
                status: 404
            )
        }
        if let range = item.optionalText("SourcePortRange") {
            guard Self.isPortRange(range) else {
                throw CloudRefusal("InvalidSourcePortRange.Malformed", "The range of ports is not valid.")
            }
            rule["SourcePortRange"] = .string(range)
        }
        return rule
    }

    private func ipProtocol(_ item: JSONObject) throws(CloudRefusal) -> String {
        guard let name = item.optionalText("IpProtocol") else {
            throw CloudRefusal("MissingParameter", "The parameter IpProtocol is required for this action.")
        }
        guard let known = Self.protocols.first(where: { $0.lowercased() == name.lowercased() }) else {
            throw CloudRefusal("InvalidIpProtocol.ValueNotSupported", "The protocol is not known.")
        }
        return known
    }

    private func portRange(_ item: JSONObject) throws(CloudRefusal) -> String {
        let hasPorts = ["tcp", "udp"].contains(item.text("IpProtocol").lowercased())
        guard let range = item.optionalText("PortRange") else {
            throw CloudRefusal("MissingParameter", "The parameter PortRange is required for this action.")
        }
        guard hasPorts ? Self.isPortRange(range) : range == "-1/-1" else {
            throw CloudRefusal("InvalidPortRange.Malformed", "The range of ports is not valid.")
        }
        return range
    }

    /// Two ports with a slash, the lower one first; or all.
    private static func isPortRange(_ text: String) -> Bool {
        if text == "-1/-1" { return true }
        let ports = text.split(separator: "/", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard ports.count == 2,
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "/") || (0x30...0x39).contains($0) })
        else { return false }
        return ports[0] >= 1 && ports[0] <= ports[1] && ports[1] <= 65_535
    }

    private func policy(_ item: JSONObject) throws(CloudRefusal) -> String {
        switch item.optionalText("Policy")?.lowercased() {
        case nil, "accept": return "Accept"
        case "drop": return "Drop"
        default: throw CloudRefusal("InvalidPolicy.Malformed", "The policy is neither accept nor drop.")
        }
    }

    private func priority(_ item: JSONObject) throws(CloudRefusal) -> String {
        guard let text = item.optionalText("Priority") else { return "1" }
        guard let number = Int(text) else {
            throw CloudRefusal("InvalidPriority.Malformed", "The priority is no number.")
        }
        guard (1...100).contains(number) else {
            throw CloudRefusal("InvalidPriority.ValueNotSupported", "The priority is not from 1 to 100.")
        }
        return String(number)
    }

    private func nicType(_ item: JSONObject) throws(CloudRefusal) -> String {
        switch item.optionalText("NicType")?.lowercased() {
        case nil: return isInNetwork ? "intranet" : "internet"
        case "intranet": return "intranet"
        case "internet" where !isInNetwork: return "internet"
        case "internet":
            throw CloudRefusal("InvalidNicType.Mismatch", "A network has no public interfaces.", status: 403)
        default: throw CloudRefusal("InvalidNicType.ValueNotSupported", "The kind of interface is not known.")
        }
    }
}
