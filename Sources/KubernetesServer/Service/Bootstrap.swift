// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    /// Makes what a new cluster has: its namespaces, and the Service of the API server.
    ///
    /// - Source: a fresh kube-apiserver (seen in its answers).
    func makeFirstObjects() throws(KubernetesStatus) {
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            try make(.namespaces, ["metadata": ["name": .string(name)]])
        }
        let port: JSONValue = [
            "name": "https", "port": 443, "protocol": "TCP",
            "targetPort": .integer(Int64(configuration.advertisedPort)),
        ]
        let labels: JSONValue = ["component": "apiserver", "provider": "kubernetes"]
        let address: JSONValue = .string(services.firstAddress)
        try make(
            .services,
            [
                "metadata": ["name": "kubernetes", "namespace": "default", "labels": labels],
                "spec": ["clusterIP": address, "clusterIPs": [address], "ports": [port]],
            ]
        )
        try makePriorities()
        try listGroups()
    }

    /// Makes the classes of what the cluster itself can not do without, where they are missing.
    func makePriorities() throws(KubernetesStatus) {
        let classes = stores[BuiltInResources.priorityClasses.qualifiedName]
        for known in PriorityRules.builtIn where classes?[StoredObject.key("", known.name)] == nil {
            try make(
                BuiltInResources.priorityClasses,
                [
                    "metadata": ["name": .string(known.name)], "value": .integer(known.value),
                    "description": .string(known.description),
                ]
            )
        }
    }

    private func make(_ type: ResourceType, _ members: JSONObject) throws(KubernetesStatus) {
        let key = ResourcePath.key(type.group, type.version, type.plural)
        guard let resource = resources[key] else { return }
        do {
            var (object, _) = try decode(.object(members), resource)
            try createObject(resource, &object, by: FieldWriter(manager: Self.ownName))
        } catch let mistake as DecodingMistake {
            throw Refusal.internalError(mistake.message)
        } catch let status as KubernetesStatus {
            throw status
        } catch {
            throw Refusal.internalError("\(error)")
        }
    }
}
