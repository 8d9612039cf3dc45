// SPDX-License-Identifier: Apache-2.0

/// `cluster`.
enum ClusterRecord {
    /// A path of manifests, relative to the scenario.
    static let manifestPath = Reader<[ManifestObject]>(
        .scalar(ScalarShape("a path", example: "../fixtures/cafe"))
    ) { node, decoding in decoding.manifests(at: node) }

    /// A path of manifests, or an object itself.
    private static let manifest = Reader<[ManifestObject]>(.either([manifestPath.shape, .tree])) {
        node,
        decoding in
        node.entries == nil ? manifestPath.read(node, decoding) : decoding.inlineObjects(node)
    }
    private static let manifests = Field(
        "manifests",
        Reader<[[ManifestObject]]>.oneOrMany(of: manifest),
        "Manifest files and folders, from the scenario's folder, or objects themselves; what only an API server sets (resourceVersion, uid, …) is left out."
    )
    private static let nodes = Field(
        "nodes",
        nodesReader,
        "How many nodes, or a list of them with their zones."
    )
    private static let pods = Field(
        "pods",
        Reader<[PodScriptSpec]>.list(of: PodScriptRecord.record.reader),
        "How the programs in pods behave; the first that fits a container counts."
    )

    static let record = Record<ClusterSpec>(
        "cluster",
        fields: [AnyField(manifests), AnyField(nodes), AnyField(pods)]
    ) { members in
        var spec = ClusterSpec()
        spec.objects = (members[manifests] ?? []).flatMap(\.self)
        spec.nodes = members[nodes]
        members.decoding.nodes = spec.nodes
        spec.pods = members[pods] ?? []
        return spec
    }

    // MARK: Nodes

    private static let nodeName = Field("name", .text("a node's name", example: "node-1"), "The node's name.")
        .required
    private static let nodeZone = Field(
        "zone",
        .text("a zone", example: "cn-hangzhou-h"),
        "The zone that it stands in."
    )
    private static let nodeLater = Field(
        "later",
        .boolean,
        "True for a node that is not there until a step `add-node` brings it."
    )
    private static let nodeAddress = Field(
        "address-of",
        .text("a node's name", example: "node-1"),
        "The node whose address it has, for one that takes another's place later."
    )
    private static let node = Record<NodeSpec>(
        "node",
        fields: [AnyField(nodeName), AnyField(nodeZone), AnyField(nodeLater), AnyField(nodeAddress)]
    ) { members in
        members[nodeName].map {
            NodeSpec(
                name: $0,
                zone: members[nodeZone],
                joinsLater: members[nodeLater] ?? false,
                addressOf: members[nodeAddress]
            )
        }
    }

    private static let nodesReader: Reader<[NodeSpec]> = {
        let count = Reader<Int>.integer(1...5000)
        let list = Reader<[NodeSpec]>.list(of: node.reader)
        return Reader(.either([count.shape, list.shape])) { value, decoding in
            if value.entries != nil {
                decoding.wrongType(value, .either([count.shape, list.shape]), "begin each node with '-'")
                return nil
            }
            guard value.items != nil else {
                return count.read(value, decoding).map { (1...$0).map { NodeSpec(name: "node-\($0)") } }
            }
            let nodes = list.read(value, decoding) ?? []
            for (place, node) in nodes.enumerated()
            where nodes[..<place].contains(where: { $0.name == node.name }) {
                decoding.mistake(
                    value.mark,
                    "the node \"\(node.name)\" is given twice",
                    "give one of them another name"
                )
            }
            for node in nodes {
                guard let other = node.addressOf,
                    !node.joinsLater || !nodes.contains(where: { $0.name == other && other != node.name })
                else { continue }
                decoding.mistake(
                    value.mark,
                    "the node \"\(node.name)\" cannot have the address of \"\(other)\"",
                    "give it `later: true` and the name of another node of the list"
                )
            }
            return nodes
        }
    }()
}

/// An item of `cluster.pods`.
enum PodScriptRecord {
    private static let image = Field(
        "image",
        .glob("an image", example: "tea:*"),
        "Only containers of such an image."
    )
    private static let labels = Field(
        "labels",
        Reader<[Named<String>]>.map(of: .text),
        "Only pods with these labels."
    )
    private static let startUp = Field(
        "start-up",
        .durationRange,
        "From the start of the container to a listening program."
    )
    private static let readyAfter = Field(
        "ready-after",
        .durationRange,
        "From listening to passing the readiness probe."
    )
    private static let latency = Field("latency", .durationRange, "How long an answer takes.")
    private static let isReady = Field(
        "ready",
        .boolean,
        "What readiness probes find while the program listens; true without it."
    )
    private static let status = Field("status", .integer(100...599), "The status of answers.")
    private static let body = Field("body", .text, "The body of answers; the pod's name without it.")
    private static let echo = Field(
        "echo",
        Reader<[String]>.oneOrMany(of: .text("a header field", example: "x-forwarded-for")),
        "Header fields of requests that answers tell again, each as `echo-NAME`."
    )
    private static let websocket = Field(
        "websocket",
        PodStreamRecord.websocket.reader,
        "It agrees to WebSockets and sends each message back: `true`, or what else it does there."
    )
    private static let grpc = Field(
        "grpc",
        PodStreamRecord.grpc.reader,
        "It answers calls of gRPC, each message with the same message: `true`, or what else it does there."
    )
    private static let onTermination = Field(
        "on-sigterm",
        .cases() as Reader<PodScriptSpec.Termination>,
        "What SIGTERM does: `drain` ends what has begun, `exit` cuts it, `ignore` goes on serving."
    )
    private static let shutDown = Field(
        "shut-down",
        .durationRange,
        "How long the program takes to end once it may."
    )
    private static let crashAfter = Field(
        "crash-after",
        .durationRange,
        "Ends by itself after so long, again and again."
    )

    /// What a script may say.
    static let behaviour: [AnyField] = [
        AnyField(startUp), AnyField(readyAfter), AnyField(isReady), AnyField(latency), AnyField(status),
        AnyField(body), AnyField(echo), AnyField(websocket), AnyField(grpc), AnyField(onTermination),
        AnyField(shutDown), AnyField(crashAfter),
    ]

    static let record = Record<PodScriptSpec>(
        "a pod's script",
        fields: [AnyField(image), AnyField(labels)] + behaviour
    ) { members in
        var spec = read(members)
        spec.image = members[image]
        spec.labels = (members[labels] ?? []).map { LabelValue(key: $0.name, value: $0.value) }
        return spec
    }

    /// The behaviour that members tell.
    static func read(_ members: Members) -> PodScriptSpec {
        var spec = PodScriptSpec()
        spec.startUp = members[startUp]
        spec.readyAfter = members[readyAfter]
        spec.isReady = members[isReady]
        spec.latency = members[latency]
        spec.status = members[status]
        spec.body = members[body]
        spec.echo = members[echo] ?? []
        spec.websocket = members[websocket]
        spec.grpc = members[grpc]
        spec.onTermination = members[onTermination]
        spec.shutDown = members[shutDown]
        spec.crashAfter = members[crashAfter]
        return spec
    }
}
