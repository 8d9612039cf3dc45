// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    /// Fields that are not sent keep their values; lists that are sent replace the whole list.
    func updateListenerAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, loadBalancer) = try requireListener(call.text("ListenerId"))
        var document = listener.document
        document.merge(
            call.parameters.without(
                "ListenerId",
                "Certificates",
                "XForwardedForConfig",
                "QuicConfig",
                "DefaultActions"
            )
        )
        for member in ["XForwardedForConfig", "QuicConfig"] where call.parameters[member] != nil {
            document[member] = .object(document.object(member).merged(with: call.parameters.object(member)))
        }
        if call.parameters["DefaultActions"] != nil {
            document["DefaultActions"] = Self.shownDefaultActions(call.parameters)
        }
        if document.text("ListenerProtocol") != "HTTPS" {
            for key in ["Http2Enabled", "SecurityPolicyId", "CaEnabled", "CaCertificates"] {
                document[key] = nil
            }
        }
        try check(listener: document, of: loadBalancer, sent: call.parameters, present: listener)
        var steps = [Step(.change, .listener, listener.id)]
        if call.parameters["Certificates"] != nil {
            steps += try replaceDefaultCertificates(call.parameters.objects("Certificates"), of: listener)
        }
        store.update(.listener, listener.id) { $0.document = document }
        return begin(call, steps)
    }

    private func replaceDefaultCertificates(
        _ wanted: [JSONObject],
        of listener: Resource
    ) throws(CloudRefusal) -> [Step] {
        let ids = wanted.map { $0.text("CertificateId") }
        let present = store.children(.listenerCertificate, of: listener.id)
        if present.contains(where: {
            !$0.document.flag("IsDefault") && ids.contains($0.document.text("CertificateId"))
        }) {
            throw CloudRefusal(
                "ResourceAlreadyAssociated.Certificate",
                "The certificate is an additional one of the listener."
            )
        }
        var steps: [Step] = []
        let old = present.filter { $0.document.flag("IsDefault") }
        for relation in old where !ids.contains(relation.document.text("CertificateId")) {
            steps.append(Step(.delete, .listenerCertificate, relation.id))
        }
        for (place, id) in ids.enumerated()
        where !old.contains(where: { $0.document.text("CertificateId") == id }) {
            steps.append(
                Step(
                    .create,
                    .listenerCertificate,
                    addCertificate(id, to: listener.id, isDefault: place == 0)
                )
            )
        }
        return steps
    }

    /// Checks what a listener refers to and what its protocol allows.
    ///
    /// - Parameters:
    ///   - document: The listener as it would be.
    ///   - loadBalancer: Where it is.
    ///   - sent: The call's parameters: certificates are in them only.
    ///   - present: The listener as it is; nil for a new one.
    /// - Throws: `CloudRefusal` of the first thing that does not fit.
    func check(
        listener document: JSONObject,
        of loadBalancer: Resource,
        sent: JSONObject,
        present: Resource? = nil
    ) throws(CloudRefusal) {
        let listenerProtocol = document.text("ListenerProtocol")
        for action in document.objects("DefaultActions") {
            for tuple in action.object("ForwardGroupConfig").objects("ServerGroupTuples") {
                try check(
                    group: tuple.text("ServerGroupId"),
                    for: document,
                    of: loadBalancer,
                    user: present?.id ?? ""
                )
            }
        }
        if listenerProtocol == "HTTPS" {
            try check(policy: document.text("SecurityPolicyId"), user: present?.id ?? "")
        }
        let forwarded = document.object("XForwardedForConfig")
        if forwarded.text("XForwardedForProcessingMode") == "remove", !forwarded.flag("XForwardedForEnabled")
        {
            throw .illegal(
                "XForwardedForProcessingMode",
                "The field can only be taken out where it would be written."
            )
        }
        try checkCertificates(sent, listenerProtocol, isNew: present == nil)
        if document.flag("CaEnabled") {
            if loadBalancer.document.text("LoadBalancerEdition") == "Basic" {
                throw CloudRefusal(
                    "InvalidParameter",
                    "Mutual authentication is not part of the Basic edition."
                )
            }
            guard let authority = document.objects("CaCertificates").first else {
                throw .missing("CaCertificates")
            }
            guard certificate(authority.text("CertificateId")) != nil else { throw .notFound(.certificate) }
        }
        try checkQUIC(document, loadBalancer.id, user: present?.id ?? "")
    }

    private func check(policy id: String, user: String) throws(CloudRefusal) {
        guard securityPolicy(id) != nil else { throw .notFound(.securityPolicy) }
        guard store[.securityPolicy, id] != nil else { return }
        let users = store.referrers(of: id)
        if users.count >= account.quotas.listenersPerSecurityPolicy, !users.contains(where: { $0.id == user })
        {
            throw CloudRefusal(
                "ResourceQuotaExceeded.SecurityPolicyAttachedNum",
                "The security policy is on too many listeners."
            )
        }
    }

    private func checkCertificates(
        _ sent: JSONObject,
        _ listenerProtocol: String,
        isNew: Bool
    ) throws(CloudRefusal) {
        let certificates = sent.objects("Certificates")
        if listenerProtocol == "HTTP" {
            if !certificates.isEmpty {
                throw CloudRefusal("InvalidParameter", "An HTTP listener takes no certificates.")
            }
            return
        }
        if isNew, certificates.isEmpty {
            throw CloudRefusal("InvalidParameter", "The listener needs a certificate.")
        }
        for item in certificates where certificate(item.text("CertificateId")) == nil {
            throw .notFound(.certificate)
        }
    }

    private func checkQUIC(
        _ document: JSONObject,
        _ loadBalancer: String,
        user: String
    ) throws(CloudRefusal) {
        let config = document.object("QuicConfig")
        guard let id = config.optionalText("QuicListenerId") else {
            if config.flag("QuicUpgradeEnabled") { throw .missing("QuicListenerId") }
            return
        }
        guard let other = store[.listener, id], other.document.text("ListenerProtocol") == "QUIC" else {
            throw .notFound(.listener)
        }
        if other.parent != loadBalancer {
            throw .denied("CrossLoadBalancerQUICListener", "The QUIC listener is on another load balancer.")
        }
        if store.referrers(of: id).contains(where: { $0.kind == .listener && $0.id != user }) {
            throw CloudRefusal(
                "ResourceAlreadyAssociated.Listener",
                "The QUIC listener belongs to another listener."
            )
        }
    }

    /// Checks that a listener, or a rule on it, may forward to a group.
    func check(
        group id: String,
        for listener: JSONObject,
        of loadBalancer: Resource,
        user: String
    ) throws(CloudRefusal) {
        guard let group = store[.serverGroup, id] else { throw .notFound(.serverGroup) }
        let (backend, vpc) = (group.document.text("Protocol"), group.document.text("VpcId"))
        if !vpc.isEmpty, vpc != loadBalancer.document.text("VpcId") {
            throw CloudRefusal("Mismatch.VpcId", "The server group is in another network.")
        }
        switch listener.text("ListenerProtocol") {
        case "HTTP" where backend == "gRPC":
            throw .denied("GRPCServerGroup", "A group of that protocol needs a secure listener with HTTP/2.")
        case "HTTPS" where backend == "gRPC" && listener["Http2Enabled"] == false:
            throw .denied("GRPCServerGroup", "A group of that protocol needs a secure listener with HTTP/2.")
        case "QUIC" where backend != "HTTP":
            throw .denied("ServerGroupProtocolNotSupport", "A QUIC listener forwards to plain groups only.")
        default: break
        }
        if loadBalancer.document.text("LoadBalancerEdition") == "Basic" {
            if group.document.object("SlowStartConfig").flag("SlowStartEnabled") {
                throw CloudRefusal(
                    "Mismatch.LoadBalancerEditionAndSlowStartEnable",
                    "The edition has no slow start."
                )
            }
            if group.document.object("ConnectionDrainConfig").flag("ConnectionDrainEnabled") {
                throw CloudRefusal(
                    "Mismatch.LoadBalancerEditionAndConnectionDrain",
                    "The edition has no connection drain."
                )
            }
        }
        if !loadBalancers(using: id).contains(loadBalancer.id) {
            let edition = loadBalancer.document.text("LoadBalancerEdition")
            let count = serverCount(ofLoadBalancer: loadBalancer.id) + store.childCount(.server, of: id)
            guard count <= account.quotas.serversPerLoadBalancer.of(edition) else {
                throw CloudRefusal(
                    "ResourceQuotaExceeded.LoadBalancerServersNum",
                    "The load balancer would have too many servers."
                )
            }
        }
        let users = store.referrers(of: id)
        if users.count >= account.quotas.usesPerServerGroup, !users.contains(where: { $0.id == user }) {
            throw CloudRefusal(
                "ResourceQuotaExceeded.ServerGroupAttachedNum",
                "The server group is used too often."
            )
        }
    }

    func updateListenerLogConfig(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, loadBalancer) = try requireListener(call.text("ListenerId"))
        guard loadBalancer.document["AccessLogConfig"] != nil else {
            throw .denied("AccessLogDisabled", "The load balancer's access log is off.")
        }
        store.update(.listener, listener.id) { listener in
            let config = call.parameters.keeping([
                "AccessLogRecordCustomizedHeadersEnabled", "AccessLogTracingConfig",
            ])
            listener.document["LogConfig"] = .object(
                listener.document.object("LogConfig").merged(with: config)
            )
        }
        return begin(call, [Step(.change, .listener, listener.id)])
    }
}
