// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

@testable import DataPlane

/// A request's head in one line.
func get(
    _ path: String,
    host: String = "cafe.example.com",
    method: HTTPRequest.Method = .get,
    fields: HTTPFields = [:]
) -> HTTPRequest {
    HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: fields)
}

func facts(_ request: HTTPRequest, from source: String = "192.0.2.1") -> RequestFacts {
    RequestFacts(request, source: IPAddress(source))
}

func name(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is not a header name") }
    return name
}

func forward(_ group: String) -> RuleAction {
    .forward([WeightedGroup(serverGroup: group)], stickySeconds: nil)
}

func rule(
    _ priority: Int,
    _ conditions: [RuleCondition],
    _ actions: [RuleAction] = [forward("sgp-1")]
)
    -> RuleConfiguration
{
    RuleConfiguration(
        id: "rule-\(priority)",
        name: "rule\(priority)",
        priority: priority,
        conditions: conditions,
        actions: actions
    )
}

func listener(
    _ rules: [RuleConfiguration] = [],
    port: Int = 80,
    listenerProtocol: ListenerConfiguration.ListenerProtocol = .http,
    defaultAction: RuleAction = forward("sgp-0")
) -> ListenerConfiguration {
    ListenerConfiguration(
        id: "lsn-\(port)-\(listenerProtocol.rawValue)",
        listenerProtocol: listenerProtocol,
        port: port,
        rules: rules,
        defaultAction: defaultAction
    )
}

func table(_ rules: [RuleConfiguration]) -> RuleTable {
    RuleTable(listener(rules), settings: DataPlaneSettings())
}
