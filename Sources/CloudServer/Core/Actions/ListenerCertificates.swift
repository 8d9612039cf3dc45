// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    /// Adds a certificate to a listener, to be associated by the work that follows; gives the relation's id.
    func addCertificate(_ certificate: String, to listener: String, isDefault: Bool) -> String {
        let id = "\(listener)/\(certificate)"
        add(
            .listenerCertificate,
            id,
            parent: listener,
            [
                "CertificateId": .string(certificate), "CertificateType": "Server",
                "IsDefault": .bool(isDefault),
            ]
        )
        return id
    }

    /// A listener that has certificates and may be changed now.
    private func secureListener(
        _ call: Call
    ) throws(CloudRefusal) -> (listener: Resource, loadBalancer: Resource) {
        let listener = try require(.listener, call.text("ListenerId"))
        if listener.document.text("ListenerProtocol") == "HTTP" {
            throw .denied("HttpListenerNotSupport", "The listener's protocol has no certificates.")
        }
        return try requireListener(listener.id)
    }

    func associateAdditionalCertificates(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, loadBalancer) = try secureListener(call)
        let present = store.children(.listenerCertificate, of: listener.id)
        var wanted = OrderedNames()
        for item in call.parameters.objects("Certificates") {
            let id = item.text("CertificateId")
            guard certificate(id) != nil else { throw .notFound(.certificate) }
            if let known = present.first(where: { $0.document.text("CertificateId") == id }) {
                if known.document.flag("IsDefault") {
                    throw .denied("DefaultCertificateUsed", "The certificate is the listener's default one.")
                }
                throw CloudRefusal(
                    "ResourceAlreadyAssociated.Certificate",
                    "The certificate is on the listener already."
                )
            }
            wanted.add(id)
        }
        let additional = store.children(.listener, of: loadBalancer.id)
            .flatMap { store.children(.listenerCertificate, of: $0.id) }.count {
                !$0.document.flag("IsDefault")
            }
        let quota = account.quotas.certificatesPerLoadBalancer.of(
            loadBalancer.document.text("LoadBalancerEdition")
        )
        guard additional + wanted.names.count <= quota else {
            throw CloudRefusal(
                "ResourceQuotaExceeded.LoadBalancerCertificatesNum",
                "The load balancer would have too many certificates."
            )
        }
        let steps = wanted.names.map {
            Step(.create, .listenerCertificate, addCertificate($0, to: listener.id, isDefault: false))
        }
        return begin(call, steps + [Step(.change, .listener, listener.id)])
    }

    func dissociateAdditionalCertificates(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, _) = try secureListener(call)
        var steps: [Step] = []
        for id in OrderedNames(call.parameters.objects("Certificates").map({ $0.text("CertificateId") }))
            .names
        {
            guard let relation = store[.listenerCertificate, "\(listener.id)/\(id)"] else {
                throw CloudRefusal(
                    "ResourceNotAssociated.Certificate",
                    "The certificate is not on the listener."
                )
            }
            if relation.document.flag("IsDefault") {
                throw .denied("DefaultCertificateUsed", "The certificate is the listener's default one.")
            }
            steps.append(Step(.delete, .listenerCertificate, relation.id))
        }
        return begin(call, steps + [Step(.change, .listener, listener.id)])
    }

    func listListenerCertificates(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let listener = try require(.listener, call.text("ListenerId"))
        if listener.document.text("ListenerProtocol") == "HTTP" {
            throw .denied("HttpListenerNotSupport", "The listener's protocol has no certificates.")
        }
        let authorities: [JSONObject] = listener.document.objects("CaCertificates").map {
            [
                "CertificateId": $0["CertificateId"] ?? "", "CertificateType": "Ca", "IsDefault": false,
                "Status": "Associated",
            ]
        }
        let own = store.children(.listenerCertificate, of: listener.id)
        for relation in own { shown.append(relation.key) }
        let rows = (own.map(\.row) + authorities).filter {
            call.passes("CertificateIds", $0.text("CertificateId"))
                && call.equals("CertificateType", $0.text("CertificateType"))
        }
        return try page(call, objects: rows, "Certificates")
    }
}
