// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    private static let groupKey = ResourcePath.key("apiregistration.k8s.io", "v1", "apiservices")

    /// How groups are ranked.
    ///
    /// - Source: the APIServices of a kube-apiserver 1.36 (seen upstream).
    private static let priorities: [String: (group: Int64, version: Int64)] = [
        "": (18_000, 1), "apps": (17_800, 15), "events.k8s.io": (17_750, 5),
        "authentication.k8s.io": (17_700, 15), "authorization.k8s.io": (17_600, 15), "batch": (17_400, 15),
        "networking.k8s.io": (17_200, 15), "policy": (17_100, 15), "rbac.authorization.k8s.io": (17_000, 15),
        "apiextensions.k8s.io": (16_700, 15), "coordination.k8s.io": (16_500, 15),
        "discovery.k8s.io": (16_200, 15), "scheduling.k8s.io": (16_600, 15),
    ]

    /// Lists the built-in groups as APIServices.
    func listGroups() throws(KubernetesStatus) {
        guard configuration.listsGroups else { return }
        var seen: [String] = ["apiregistration.k8s.io/v1"]
        for resource in allResources where !resource.isCustom && !seen.contains(resource.type.apiVersion) {
            seen.append(resource.type.apiVersion)
            try list(resource.type, label: "onstart")
        }
    }

    /// Lists the group versions of a definition.
    func listGroups(of custom: [ServedResource]) {
        guard configuration.listsGroups else { return }
        // A group version that can not be listed is served all the same.
        for resource in custom { try? list(resource.type, label: "true") }
    }

    /// Takes a group version off the list when nothing of it is served any more.
    func unlistGroup(_ type: ResourceType) {
        guard configuration.listsGroups, let resource = resources[Self.groupKey],
            !allResources.contains(where: { $0.type.apiVersion == type.apiVersion }),
            let stored = find(resource, "", "\(type.version).\(type.group)")
        else { return }
        // As above: the list is for looking at.
        _ = try? delete(resource, stored, DeleteOptions())
    }

    private func list(_ type: ResourceType, label: String) throws(KubernetesStatus) {
        let name = "\(type.version).\(type.group)"
        guard let resource = resources[Self.groupKey], find(resource, "", name) == nil else { return }
        let priority = Self.priorities[type.group] ?? (1000, 100)
        var spec: JSONObject = [:]
        if !type.group.isEmpty { spec["group"] = .string(type.group) }
        spec["groupPriorityMinimum"] = .integer(priority.group)
        spec["version"] = .string(type.version)
        spec["versionPriority"] = .integer(priority.version)
        let available: JSONValue = [
            "lastTransitionTime": .string(now), "message": "Local APIServices are always available",
            "reason": "Local", "status": "True", "type": "Available",
        ]
        var object = ResourceObject(
            metadata: ObjectMetadata([
                "name": .string(name),
                "labels": ["kube-aggregator.kubernetes.io/automanaged": .string(label)],
            ]),
            content: ["spec": .object(spec)]
        )
        let writer = FieldWriter(manager: Self.ownName)
        guard let stored = try createObject(resource, &object, by: writer) else { return }
        object.content["status"] = ["conditions": [available]]
        let through = FieldWriter(manager: Self.ownName, subresource: "status")
        try store(resource, stored, object, by: through, subresource: .status)
    }
}
