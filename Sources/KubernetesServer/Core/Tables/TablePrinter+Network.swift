// SPDX-License-Identifier: Apache-2.0
import JSON

extension TablePrinter {
    /// How pods are reached.
    ///
    /// - Source: kubernetes, pkg/printers/internalversion/printers.go; seen upstream.
    static let network: [(kind: String, printer: TablePrinter)] = [
        (
            "Service",
            TablePrinter(
                """
                Name
                Type|How the Service can be reached.
                Cluster-IP|The address inside the cluster.
                External-IP|The addresses outside of it.
                Port(s)|Ports, the nodes' ports and protocols.
                Age
                +Selector|Which pods serve.
                """,
                { object in
                    [
                        .string(object.name), .string(object.text("spec.type")),
                        TableObject.orNone(
                            object.list("spec.clusterIPs").first?.stringValue ?? object.text("spec.clusterIP")
                        ),
                        .string(external(object)), ports(object), .string(object.age),
                        TableObject.labels(object.value("spec.selector")),
                    ]
                }
            )
        ),
        (
            "Ingress",
            TablePrinter(
                """
                Name
                Class|The class, which says who carries the Ingress out.
                Hosts|The hosts of its rules.
                Address|Where it can be reached.
                Ports|80, and 443 with certificates.
                Age
                """,
                { object in
                    [
                        .string(object.name), TableObject.orNone(object.text("spec.ingressClassName")),
                        .string(hosts(object.list("spec.rules"))),
                        .string(Array(Set(addresses(object))).sorted().joined(separator: ",")),
                        object.list("spec.tls").isEmpty ? "80" : "80, 443", .string(object.age),
                    ]
                }
            )
        ),
        (
            "IngressClass",
            TablePrinter(
                """
                Name
                Controller|Who carries out what is of this class.
                Parameters|The object that holds more settings.
                Age
                """,
                { object in
                    var parameters = "<none>"
                    if let reference = object.value("spec.parameters") {
                        let group =
                            reference["apiGroup"]?.stringValue.map { $0.isEmpty ? "" : ".\($0)" } ?? ""
                        parameters =
                            "\(reference["kind"]?.stringValue ?? "")\(group)/\(reference["name"]?.stringValue ?? "")"
                    }
                    return [
                        .string(object.name), .string(object.text("spec.controller")), .string(parameters),
                        .string(object.age),
                    ]
                }
            )
        ),
        (
            "NetworkPolicy",
            TablePrinter("Name\nPod-Selector|Which pods the policy is about.\nAge") { object in
                [
                    .string(object.name), TableObject.selector(object.value("spec.podSelector")),
                    .string(object.age),
                ]
            }
        ),
        (
            "Endpoints",
            TablePrinter("Name\nEndpoints|Addresses and ports that serve.\nAge") { object in
                [.string(object.name), .string(endpoints(object.list("subsets"))), .string(object.age)]
            }
        ),
        (
            "EndpointSlice",
            TablePrinter(
                "Name\nAddressType|What the addresses are.\nPorts|The ports of each.\n"
                    + "Endpoints|The addresses.\nAge"
            ) { object in
                let ports = object.list("ports").map { $0["port"]?.intValue.map(String.init) ?? "*" }
                let addresses = object.list("endpoints").flatMap {
                    ($0["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
                }
                return [
                    .string(object.name), .string(object.text("addressType")), .string(few(ports, "<unset>")),
                    .string(few(addresses, "<unset>")), .string(object.age),
                ]
            }
        ),
    ]

    /// The first three, and how many more there are.
    private static func few(_ texts: [String], _ none: String) -> String {
        if texts.isEmpty { return none }
        let shown = texts.prefix(3).joined(separator: ",")
        return texts.count > 3 ? "\(shown) + \(texts.count - 3) more..." : shown
    }

    private static func addresses(_ object: TableObject) -> [String] {
        object.list("status.loadBalancer.ingress").compactMap { entry in
            [entry["ip"], entry["hostname"]].compactMap { $0?.stringValue }.first { !$0.isEmpty }
        }
    }

    private static func external(_ object: TableObject) -> String {
        let given = object.list("spec.externalIPs").compactMap(\.stringValue)
        switch object.text("spec.type") {
        case "ExternalName": return object.text("spec.externalName")
        case "LoadBalancer":
            let all = addresses(object) + given
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        default: return given.isEmpty ? "<none>" : given.joined(separator: ",")
        }
    }

    private static func ports(_ object: TableObject) -> JSONValue {
        let texts = object.list("spec.ports").map { port in
            let node = port["nodePort"]?.intValue ?? 0
            let protocolName = port["protocol"]?.stringValue ?? "TCP"
            return "\(port["port"]?.intValue ?? 0)" + (node > 0 ? ":\(node)" : "") + "/\(protocolName)"
        }
        return TableObject.orNone(texts.joined(separator: ","))
    }

    private static func hosts(_ rules: [JSONValue]) -> String {
        let shown = rules.prefix(3).compactMap { $0["host"]?.stringValue }.filter { !$0.isEmpty }
        let text = shown.isEmpty ? "*" : shown.joined(separator: ",")
        return rules.count > 3 && shown.count == 3 ? "\(text) + \(rules.count - 3) more..." : text
    }

    private static func endpoints(_ subsets: [JSONValue]) -> String {
        var texts: [String] = []
        for subset in subsets {
            let addresses = (subset["addresses"]?.arrayValue ?? []).compactMap { $0["ip"]?.stringValue }
            let ports = (subset["ports"]?.arrayValue ?? []).map { $0["port"]?.intValue ?? 0 }
            if ports.isEmpty { texts += addresses }
            for port in ports {
                texts += addresses.map { $0.contains(":") ? "[\($0)]:\(port)" : "\($0):\(port)" }
            }
        }
        return few(texts, "<none>")
    }
}
