// SPDX-License-Identifier: Apache-2.0

/// What types and fields are for, in a few words of ours: what `kubectl explain` prints.
enum FieldDescriptions {
    /// The words for a field, or for its type when the field's name is empty.
    static func text(_ type: String, _ field: String) -> String? {
        all["\(type).\(field)"] ?? (field.isEmpty ? nil : common[field])
    }

    private static let common: [String: String] = [
        "metadata": "The object's name, labels and the like.",
        "spec": "What is wanted.",
        "status": "What is seen.",
    ]

    private static let all: [String: String] = {
        var all: [String: String] = [:]
        for line in table.split(separator: "\n") {
            guard let end = line.firstIndex(of: " ") else { continue }
            all[String(line[..<end])] = String(line[line.index(after: end)...])
        }
        return all
    }()

    /// `Type.field words`, one a line; nothing behind the point for the type itself.
    private static let table = """
        ConfigMap. Settings for pods, as texts.
        ConfigMap.binaryData Entries that are no text, in base64.
        ConfigMap.data Entries, by their keys.
        Container. A process of a pod, and its image.
        Container.image The image that is run.
        CustomResourceDefinition. Makes the server serve a resource of one's own.
        DaemonSet. Keeps a pod on each node.
        Deployment. Keeps so many equal pods, and replaces them step by step.
        DeploymentSpec.replicas How many pods are wanted.
        DeploymentSpec.selector Which pods belong to the Deployment.
        DeploymentSpec.template What its pods look like.
        EndpointSlice. Where the pods of a Service can be reached: some of the addresses.
        Endpoints. Where the pods of a Service can be reached: the old form.
        Event. Something that happened to an object.
        Ingress. Leads requests from outside to Services, by host and path.
        IngressBackend. Where requests are sent.
        IngressClass. Says who carries Ingresses of this class out.
        IngressRule.host The name that requests are for; one leading label may be a star.
        IngressSpec.defaultBackend Where requests go that no rule fits.
        IngressSpec.ingressClassName The class of the Ingress.
        IngressSpec.rules Hosts and paths, and where they lead.
        IngressSpec.tls Certificates, and the hosts they are for.
        CronJob. Makes jobs at certain times.
        Job. Runs pods until enough of them end well.
        Lease. Somebody's claim that has to be renewed.
        Namespace. A space for names.
        NetworkPolicy. Says who may talk with which pods.
        Node. A machine that runs pods.
        ObjectMeta. What all objects have.
        ObjectMeta.annotations Texts of any kind for programs, by key.
        ObjectMeta.labels Short texts to select objects by.
        ObjectMeta.name The name, which is unique in its namespace.
        ObjectMeta.namespace The namespace that the object is in.
        Pod. Containers that run together on a node.
        PodDisruptionBudget. Limits how many pods may be missing by intent.
        PodSpec. What a pod runs, and how.
        PodSpec.containers The containers of the pod; there is at least one.
        PriorityClass. How much pods matter that name it.
        ReplicaSet. Keeps so many equal pods.
        Secret. Data that only some may see.
        Service. A name and an address in front of pods.
        ServicePort.port The port at which the Service is reached.
        ServicePort.targetPort The pods' port, by number or by name.
        ServiceSpec.ports The ports that the Service has.
        ServiceSpec.selector Which pods serve.
        ServiceSpec.type How the Service can be reached.
        ServiceAccount. Who a pod is for the API server.
        StatefulSet. Keeps pods that each have a name of their own.
        """
}
