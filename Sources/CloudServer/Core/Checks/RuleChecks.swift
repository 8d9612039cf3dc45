// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a rule may hold by itself: conditions, actions, their order and their number.
///
/// - Source: limits and codes of the API description; that Host and Path may come once only is assumed.
struct RuleChecks {
    let edition: String
    let quotas: CloudQuotas

    private static let finalActions: Set<String> = ["ForwardGroup", "Redirect", "FixedResponse"]

    func check(_ document: JSONObject) throws(CloudRefusal) {
        let isForResponses = document.text("Direction") == "Response"
        try check(conditions: document.objects("RuleConditions"), isForResponses: isForResponses)
        try check(actions: document.objects("RuleActions"), isForResponses: isForResponses)
        if edition == "Basic", isForResponses {
            throw .illegal("Direction", "The edition has no rules for responses.")
        }
    }

    // MARK: Conditions

    private func check(conditions: [JSONObject], isForResponses: Bool) throws(CloudRefusal) {
        if conditions.isEmpty { throw .missing("RuleConditions") }
        var seen: Set<String> = []
        var (values, wildcards) = (0, 0)
        for condition in conditions {
            let type = condition.text("Type")
            let config = condition.object("\(type)Config")
            let count = config["Values"]?.arrayValue?.count ?? 0
            guard count > 0 else { throw .missing("\(type)Config") }
            if ["Header", "ResponseHeader"].contains(type), config.text("Key").isEmpty {
                throw .missing("Key")
            }
            let name = type.hasSuffix("Header") ? "\(type) \(config.text("Key").lowercased())" : type
            if !seen.insert(name).inserted {
                throw .illegal("RuleConditions", "A condition of one type is given twice.")
            }
            if type.hasPrefix("Response"), !isForResponses {
                throw .illegal("RuleConditions", "The condition is for responses only.")
            }
            if edition == "Basic", !["Host", "Path", "Header"].contains(type) {
                throw .illegal("RuleConditions", "The edition does not have this condition.")
            }
            try check(pairs: config.objects("Values"), type)
            if type == "SourceIp", config.texts("Values").contains(where: { $0.hasPrefix("0.0.0.0/") }) {
                throw .illegal("Values", "All addresses are no condition.")
            }
            values += count
            wildcards += config.texts("Values").count {
                $0.contains("*") || $0.contains("?") || $0.hasPrefix("~")
            }
        }
        if values > quotas.conditionsPerRule.of(edition) {
            throw CloudRefusal("QuotaExceeded.RuleMatchEvaluationsNum", "The rule has too many conditions.")
        }
        if wildcards > quotas.wildcardsPerRule.of(edition) {
            throw CloudRefusal("QuotaExceeded.RuleWildcardsNum", "The rule has too many wildcards.")
        }
    }

    private func check(pairs: [JSONObject], _ type: String) throws(CloudRefusal) {
        for pair in pairs where pair.text("Key").isEmpty {
            throw .illegal("Key", "A \(type) value has no key.")
        }
    }

    // MARK: Actions

    private func check(actions: [JSONObject], isForResponses: Bool) throws(CloudRefusal) {
        if actions.isEmpty { throw .missing("RuleActions") }
        if actions.count > quotas.actionsPerRule.of(edition) {
            throw CloudRefusal("QuotaExceeded.RuleActionsNum", "The rule has too many actions.")
        }
        let types = actions.map { $0.text("Type") }
        for action in actions { try check(action: action, isForResponses: isForResponses) }
        try checkOrder(actions, isForResponses: isForResponses)
        let forwards = types.contains("ForwardGroup")
        if types.contains("Rewrite"), !forwards {
            throw .denied("RewriteMissingForwardGroup", "A rewrite needs an action that forwards.")
        }
        if types.contains("TrafficLimit"), !forwards {
            throw .illegal("RuleActions", "A traffic limit needs an action that forwards.")
        }
    }

    /// Orders are unique, and a request rule has one final action, which comes last.
    private func checkOrder(_ actions: [JSONObject], isForResponses: Bool) throws(CloudRefusal) {
        var orders: Set<Int> = []
        for action in actions {
            guard let order = action.number("Order") else { throw .missing("Order") }
            if !orders.insert(order).inserted { throw .illegal("Order", "Two actions have one order.") }
        }
        guard !isForResponses else { return }
        let final = actions.filter { Self.finalActions.contains($0.text("Type")) }
        guard final.count == 1, let last = final.first else {
            throw .illegal(
                "RuleActions",
                "A rule needs exactly one action that forwards, redirects or answers."
            )
        }
        if last.number("Order") != orders.max() {
            throw .illegal("Order", "The action that forwards, redirects or answers must come last.")
        }
    }

    private func check(action: JSONObject, isForResponses: Bool) throws(CloudRefusal) {
        let type = action.text("Type")
        let config = action.object("\(type)Config")
        if config.isEmpty { throw .missing("\(type)Config") }
        if isForResponses, !["FixedResponse", "InsertHeader", "RemoveHeader"].contains(type) {
            throw .illegal("RuleActions", "The action is for requests only.")
        }
        if edition == "Basic", !["ForwardGroup", "Redirect", "FixedResponse", "InsertHeader"].contains(type) {
            throw .illegal("RuleActions", "The edition does not have this action.")
        }
        switch type {
        case "ForwardGroup": try check(forward: config)
        case "Redirect":
            let same: JSONObject = [
                "Protocol": "${protocol}", "Host": "${host}", "Port": "${port}", "Path": "${path}",
                "Query": "${query}",
            ]
            let changes = config.members.contains { $0.key != "HttpCode" && same[$0.key] != $0.value }
            if !changes { throw .illegal("RedirectConfig", "The redirect leads to where it came from.") }
        case "FixedResponse":
            if config.text("HttpCode").isEmpty { throw .missing("HttpCode") }
            if !config.text("Content").utf8.allSatisfy({ $0 < 0x80 }) { throw .illegal("Content") }
        case "InsertHeader":
            for key in ["Key", "Value"] where config.text(key).isEmpty { throw .missing(key) }
            let values: Set<String> = ["ClientSrcPort", "ClientSrcIp", "Protocol", "SLBId", "SLBPort"]
            if config.text("ValueType") == "SystemDefined", !values.contains(config.text("Value")) {
                throw .illegal("Value")
            }
        case "RemoveHeader":
            if config.text("Key").isEmpty { throw .missing("Key") }
        case "TrafficLimit":
            if let total = config.number("QPS"), let each = config.number("PerIpQps"), each > total {
                throw .illegal("PerIpQps", "The limit for one address is above the limit for all.")
            }
        case "TrafficMirror":
            if config.object("MirrorGroupConfig").objects("ServerGroupTuples").count != 1 {
                throw .illegal("ServerGroupTuples", "A mirror takes one group.")
            }
        default: break
        }
    }

    private func check(forward config: JSONObject) throws(CloudRefusal) {
        let tuples = config.objects("ServerGroupTuples")
        if tuples.isEmpty { throw .missing("ServerGroupTuples") }
        var groups: Set<String> = []
        for tuple in tuples {
            let id = tuple.text("ServerGroupId")
            if id.isEmpty { throw .missing("ServerGroupId") }
            if !groups.insert(id).inserted { throw .illegal("ServerGroupTuples", "A group is given twice.") }
        }
    }
}
