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

    private static func isOn(_ server: Resource, _ verdict: ServerHealth) -> Bool {
        server.document.text("ServerIp") == verdict.address.ip
            && server.document.number("Port") == verdict.address.port
    }

    private func group(_ id: String, _ verdicts: [ServerHealth]) -> JSONValue {
        let isChecked =
            store[.serverGroup, id]?.document.object("HealthCheckConfig").flag("HealthCheckEnabled") ?? false
        let servers = store.children(.server, of: id)
        let verdicts = verdicts.filter { $0.serverGroup == id }
        let abnormal = verdicts.filter { $0.state != "Healthy" }.map { verdict in
            let server = servers.first { Self.isOn($0, verdict) }
            var row: JSONObject = [
                "Port": .integer(Int64(verdict.address.port)), "ServerIp": .string(verdict.address.ip),
                "ServerId": server?.document["ServerId"] ?? .string(verdict.address.ip),
                "Status": .string(verdict.state),
            ]
            if !verdict.reasonCode.isEmpty { row["Reason"] = ["ReasonCode": .string(verdict.reasonCode)] }
            return JSONValue.object(row)
        }
        // A server that no zone knows yet has not been checked; one without an address is nobody's to check.
        let unknown = servers.filter { server in
            isChecked && !server.document.text("ServerIp").isEmpty
                && !verdicts.contains { Self.isOn(server, $0) }
        }
        .map { server -> JSONValue in
            [
                "Port": server.document["Port"] ?? 0, "ServerIp": server.document["ServerIp"] ?? "",
                "ServerId": server.document["ServerId"] ?? "", "Status": "Initial",
            ]
        }
        return [
            "ServerGroupId": .string(id), "ActionType": "ForwardGroup",
            "HealthCheckEnabled": isChecked ? "on" : "off",
            "ServerCount": .integer(Int64(servers.count)), "NonNormalServers": .array(abnormal + unknown),
        ]
    }
}
