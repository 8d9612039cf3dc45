// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    /// What a rule shows: what was sent, in the order in which it was sent, and two members that the service
    /// adds, the weight of a group and that an inserted header covers one that is there.
    ///
    /// - Source: the upstream controller takes anything else for a difference; seen upstream.
    static func shownRule(_ document: JSONObject) -> JSONObject {
        guard document["RuleActions"] != nil else { return document }
        var shown = document
        shown["RuleActions"] = .array(document.objects("RuleActions").map { .object(shownAction($0)) })
        return shown
    }

    private static func shownAction(_ action: JSONObject) -> JSONObject {
        var action = action
        if let config = action["InsertHeaderConfig"]?.objectValue {
            action["InsertHeaderConfig"] = .object(config.completed(with: ["CoverEnabled": true]))
        }
        guard var config = action["ForwardGroupConfig"]?.objectValue else { return action }
        config["ServerGroupTuples"] = .array(
            config.objects("ServerGroupTuples").map { .object($0.completed(with: ["Weight": 100])) }
        )
        action["ForwardGroupConfig"] = .object(config)
        return action
    }
}

extension JSONObject {
    /// The object with the values of another one for members that it lacks.
    func completed(with values: JSONObject) -> JSONObject {
        var completed = self
        for member in values.members where completed[member.key] == nil {
            completed[member.key] = member.value
        }
        return completed
    }
}
