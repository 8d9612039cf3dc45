// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    func createListener(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try requireActiveLoadBalancer(call.text("LoadBalancerId"))
        let listenerProtocol = call.text("ListenerProtocol")
        try check(
            port: call.parameters.number("ListenerPort") ?? 0,
            of: listenerProtocol,
            on: loadBalancer.id
        )
        let tags = try tags(call.parameters)
        var document = newListenerDocument(call)
        try check(listener: document, of: loadBalancer, sent: call.parameters)
        guard store.childCount(.listener, of: loadBalancer.id) < account.quotas.listenersPerLoadBalancer
        else {
            throw CloudRefusal(
                "ResourceQuotaExceeded.LoadBalancerListenersNum",
                "The load balancer has too many listeners."
            )
        }
        let id = newID(.listener)
        mainResource = id
        document["ListenerId"] = .string(id)
        add(.listener, id, parent: loadBalancer.id, tags: tags, document)
        var steps = [Step(.create, .listener, id)]
        for (place, item) in call.parameters.objects("Certificates").enumerated() {
            let relation = addCertificate(item.text("CertificateId"), to: id, isDefault: place == 0)
            steps.append(Step(.create, .listenerCertificate, relation))
        }
        var answer = begin(call, steps)
        answer["ListenerId"] = .string(id)
        return answer
    }

    /// What a listener shows from the start.
    ///
    /// X-Forwarded-For is on and its relatives off unless told otherwise; a QUIC configuration is shown only
    /// when it was sent, HTTP/2 and the policy only for HTTPS.
    private func newListenerDocument(_ call: Call) -> JSONObject {
        var document = call.parameters.without("Certificates", "Tag")
        let listenerProtocol = call.text("ListenerProtocol")
        if listenerProtocol != "HTTPS" {
            for key in ["Http2Enabled", "SecurityPolicyId", "CaEnabled", "CaCertificates"] {
                document[key] = nil
            }
        }
        if document["ListenerDescription"] == nil { document["ListenerDescription"] = "" }
        document["XForwardedForConfig"] = .object(
            Self.forwardedForDefaults.merged(with: call.parameters.object("XForwardedForConfig"))
        )
        document["DefaultActions"] = Self.shownDefaultActions(call.parameters)
        return document
    }

    private static let forwardedForDefaults: JSONObject = [
        "XForwardedForEnabled": true, "XForwardedForProtoEnabled": false, "XForwardedForSLBIdEnabled": false,
        "XForwardedForSLBPortEnabled": false, "XForwardedForClientSrcPortEnabled": false,
        "XForwardedForHostEnabled": false, "XForwardedForClientSourceIpsEnabled": false,
        "XForwardedForClientCertSubjectDNEnabled": false, "XForwardedForClientCertIssuerDNEnabled": false,
        "XForwardedForClientCertFingerprintEnabled": false,
        "XForwardedForClientCertClientVerifyEnabled": false,
        "XForwardedForProcessingMode": "append",
    ]

    /// A listener's default actions never show weights.
    ///
    /// - Source: the upstream controller compares them whole, with weight 0; seen upstream.
    static func shownDefaultActions(_ parameters: JSONObject) -> JSONValue {
        .array(
            parameters.objects("DefaultActions").map { action in
                let groups = action.object("ForwardGroupConfig").objects("ServerGroupTuples")
                return [
                    "Type": .string(action.text("Type")),
                    "ForwardGroupConfig": [
                        "ServerGroupTuples": .array(groups.map { .object($0.keeping(["ServerGroupId"])) })
                    ],
                ]
            }
        )
    }

    /// QUIC has its ports to itself, since it runs over UDP.
    private func check(port: Int, of listenerProtocol: String, on loadBalancer: String) throws(CloudRefusal) {
        let isQUIC = listenerProtocol == "QUIC"
        let isTaken = store.children(.listener, of: loadBalancer).contains { other in
            other.document.number("ListenerPort") == port
                && (other.document.text("ListenerProtocol") == "QUIC") == isQUIC
        }
        if isTaken {
            throw CloudRefusal(
                "ResourceAlreadyExist.Listener",
                "The load balancer has a listener on that port."
            )
        }
    }

    func deleteListener(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, _) = try requireListener(call.text("ListenerId"), for: .delete)
        if store.referrers(of: listener.id).contains(where: { $0.kind == .listener }) {
            throw .inUse(.listener)
        }
        return begin(call, [Step(.delete, .listener, listener.id)])
    }

    func startListener(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, _) = try requireListener(call.text("ListenerId"), for: .start)
        return begin(call, [Step(.start, .listener, listener.id)])
    }

    func stopListener(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, _) = try requireListener(call.text("ListenerId"), for: .stop)
        return begin(call, [Step(.stop, .listener, listener.id)])
    }

    func getListenerAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let listener = try require(.listener, call.text("ListenerId"))
        shown.append(listener.key)
        var row = listener.taggedRow
        let certificates = store.children(.listenerCertificate, of: listener.id).filter {
            $0.document.flag("IsDefault")
        }
        if listener.document.text("ListenerProtocol") != "HTTP" {
            row["Certificates"] = .array(
                certificates.map { .object($0.row.keeping(["CertificateId", "IsDefault", "Status"])) }
            )
        }
        if listener.document["CaCertificates"] != nil {
            row["CaCertificates"] = .array(
                listener.document.objects("CaCertificates").map {
                    .object($0.completed(with: ["IsDefault": true, "Status": "Associated"]))
                }
            )
        }
        let relations = store.children(.aclRelation, of: listener.id)
        if let first = relations.first {
            row["AclConfig"] = [
                "AclType": first.document["AclType"] ?? "",
                "AclRelations": .array(relations.map { .object($0.row.keeping(["AclId", "Status"])) }),
            ]
        }
        return row
    }

    func listListeners(_ call: Call) throws(CloudRefusal) -> JSONObject {
        var candidates = candidates(.listener, call, ids: "ListenerIds")
        if call.parameters["ListenerIds"] == nil, call.parameters["LoadBalancerIds"] != nil {
            candidates = OrderedNames(call.parameters.texts("LoadBalancerIds")).names
                .flatMap { store.children(.listener, of: $0) }.sorted { $0.serial < $1.serial }
        }
        let tags = call.tagFilters
        let rows = candidates.filter { row in
            row.matches(tags) && call.passes("LoadBalancerIds", row.parent)
                && call.equals("ListenerProtocol", row.document.text("ListenerProtocol"))
                && call.equals("Status", row.status)
                && (call.parameters["IsAssociatedAcl"] == nil
                    || call.parameters.flag("IsAssociatedAcl")
                        == (store.childCount(.aclRelation, of: row.id) > 0))
        }
        return try page(call, rows, "Listeners") { $0.taggedRow.without("CaCertificates", "CaEnabled") }
    }
}

extension JSONObject {
    func merged(with other: JSONObject) -> JSONObject {
        var merged = self
        merged.merge(other)
        return merged
    }
}

extension OrderedNames {
    init(_ names: [String]) {
        self.init()
        for name in names { add(name) }
    }
}
