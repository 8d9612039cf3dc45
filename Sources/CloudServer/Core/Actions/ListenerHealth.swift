// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

extension AccountState {
    /// Tells which servers of a listener are not in order, as the data plane's checks found.
    func getListenerHealthStatus(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let listener = try require(.listener, call.text("ListenerId"))
        let verdicts = health.health(loadBalancer: listener.parent)
        let own: JSONValue = [
            "ListenerId": .string(listener.id), "ListenerPort": listener.document["ListenerPort"] ?? 0,
            "ListenerProtocol": listener.document["ListenerProtocol"] ?? "",
            "ServerGroupInfos": groups(listener.document.objects("DefaultActions"), verdicts),
        ]
        guard call.parameters.flag("IncludeRule") else { return ["ListenerHealthStatus": [own]] }
        var answer = try page(call, store.children(.rule, of: listener.id), "RuleHealthStatus") { rule in
            [
                "RuleId": .string(rule.id),
                "ServerGroupInfos": groups(rule.document.objects("RuleActions"), verdicts),
            ]
        }
        answer["ListenerHealthStatus"] = [own]
        return answer.without("TotalCount", "MaxResults")
    }

    private func groups(_ actions: [JSONObject], _ verdicts: [ServerHealth]) -> JSONValue {
        let tuples = actions.filter { $0.text("Type") == "ForwardGroup" }
            .flatMap { $0.object("ForwardGroupConfig").objects("ServerGroupTuples") }
        return .array(tuples.map { group($0.text("ServerGroupId"), verdicts) })
    }

    private func group(_ id: String, _ verdicts: [ServerHealth]) -> JSONValue {
        let isChecked =
            store[.serverGroup, id]?.document.object("HealthCheckConfig").flag("HealthCheckEnabled") ?? false
        let servers = store.children(.server, of: id)
        let abnormal = verdicts.filter { $0.serverGroup == id && $0.state != "Healthy" }.map { verdict in
            let server = servers.first {
                $0.document.text("ServerIp") == verdict.address.ip
                    && $0.document.number("Port") == verdict.address.port
            }
            var row: JSONObject = [
                "Port": .integer(Int64(verdict.address.port)), "ServerIp": .string(verdict.address.ip),
                "ServerId": server?.document["ServerId"] ?? .string(verdict.address.ip),
                "Status": .string(verdict.state),
            ]
            if !verdict.reasonCode.isEmpty { row["Reason"] = ["ReasonCode": .string(verdict.reasonCode)] }
            return JSONValue.object(row)
        }
        return [
            "ServerGroupId": .string(id), "ActionType": "ForwardGroup",
            "HealthCheckEnabled": isChecked ? "on" : "off",
            "ServerCount": .integer(Int64(servers.count)), "NonNormalServers": .array(abnormal),
        ]
    }
}
