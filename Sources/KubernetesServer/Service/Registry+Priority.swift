// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    /// The admission plug-in Priority: what classes give to pods, and that one class at most is for all others.
    ///
    /// - Source: the plug-in of Kubernetes 1.36 (seen upstream).
    func admitPriority(_ object: inout ResourceObject, _ type: ResourceType) throws(KubernetesStatus) {
        if type == .pods {
            try admitPod(&object)
        } else if type == BuiltInResources.priorityClasses, object["globalDefault"] == true,
            let other = try defaultPriority(), other.metadata.name != object.metadata.name
        {
            throw Refusal.forbidden(
                type,
                object.metadata.name,
                "PriorityClass \(other.metadata.name) is already marked as default. Only one default can exist"
            )
        }
    }

    private func admitPod(_ pod: inout ResourceObject) throws(KubernetesStatus) {
        var priority: ResourceObject?
        if let name = pod["spec", "priorityClassName"]?.stringValue, !name.isEmpty {
            let classes = stores[BuiltInResources.priorityClasses.qualifiedName]
            guard let stored = classes?[StoredObject.key("", name)] else {
                let why = "no PriorityClass with name \(name) was found"
                throw Refusal.forbidden(.pods, pod.metadata.name, why)
            }
            priority = try self.object(stored)
        } else {
            priority = try defaultPriority()
        }
        if let why = PriorityRules.admit(&pod, priority) {
            throw Refusal.forbidden(.pods, pod.metadata.name, why)
        }
    }

    /// The class of pods that name none; of several the lowest.
    private func defaultPriority() throws(KubernetesStatus) -> ResourceObject? {
        guard let classes = stores[BuiltInResources.priorityClasses.qualifiedName],
            classes.count > PriorityRules.builtIn.count
        else { return nil }
        var lowest: ResourceObject?
        for stored in classes.list(namespace: nil) {
            let object = try self.object(stored)
            guard object["globalDefault"] == true else { continue }
            if object["value"]?.intValue ?? 0 < lowest?["value"]?.intValue ?? .max { lowest = object }
        }
        return lowest
    }
}
