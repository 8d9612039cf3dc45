// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

extension StepWord {
    /// A node's name, checked when all is read: the cluster may stand below the steps.
    static let node: Reader<String> = {
        let text = Reader<String>.text("a node's name", example: "node-1")
        return Reader(text.shape) { node, decoding in
            guard let name = text.read(node, decoding) else { return nil }
            decoding.later.append { $0.checkNode(name, node.mark) }
            return name
        }
    }()

    static let cordonNode = StepWord(
        "cordon-node",
        "Forbids new pods on a node.",
        example: "cordon-node: node-1",
        node.map { .cordon($0, true) }
    )

    static let uncordonNode = StepWord(
        "uncordon-node",
        "Allows new pods on a node again.",
        example: "uncordon-node: node-1",
        node.map { .cordon($0, false) }
    )

    static let drainNode = StepWord(
        "drain-node",
        "Forbids new pods on a node and evicts those that it has.",
        example: "drain-node: node-1",
        node.map { .drain($0) }
    )

    static let addNode = StepWord(
        "add-node",
        "Brings a node that `cluster: {nodes: [{name: …, later: true}]}` announced.",
        example: "add-node: node-1",
        node.map { .addNode($0) }
    )

    static let reshuffleEndpoints: StepWord = {
        let service = Field("service", .text("a Service's name", example: "tea"), "The Service.").required
        let slices = Field("slices", .integer(1...100), "Over how many slices the endpoints are spread.")
        let duplicates = Field("duplicates", .integer(0...1000), "How many endpoints stand in two slices.")
        let truncated = Field("truncate", .integer(0...1000), "How many endpoints are left out.")
        let reversed = Field("reversed", .boolean, "True to write the slices in the opposite order.")
        let fields = [
            AnyField(service), AnyField(ObjectTarget.namespace), AnyField(slices), AnyField(duplicates),
            AnyField(truncated), AnyField(reversed),
        ]
        let record = Record<StepAction>("reshuffle-endpoints", fields: fields) { members in
            guard let name = members[service] else { return nil }
            let reference = ObjectReference(
                type: .services,
                namespace: members[ObjectTarget.namespace] ?? "default",
                name: name
            )
            members.decoding.checkExists(reference, at: members.valueMark("service"))
            return .reshuffle(
                EndpointReshuffle(
                    service: reference,
                    slices: members[slices] ?? 2,
                    duplicates: members[duplicates] ?? 0,
                    truncated: members[truncated] ?? 0,
                    isReversed: members[reversed] ?? false
                )
            )
        }
        return StepWord(
            "reshuffle-endpoints",
            "Writes a Service's EndpointSlices anew: spread over several, some endpoints twice, some left out.",
            example: "reshuffle-endpoints: {service: tea, slices: 3, duplicates: 1}",
            record.reader
        )
    }()
}

extension Decoding {
    /// Reports a node that the cluster has not.
    fileprivate func checkNode(_ name: String, _ mark: YAMLNode.Mark) {
        let known =
            (nodes?.map(\.name) ?? Self.usualNodes)
            + objects.map(\.object).filter { $0.kind == "Node" }.map(\.name)
        if known.contains(name) { return }
        mistake(mark, "the cluster has no node \"\(name)\"", NearMiss.help(for: name, among: known))
    }

    /// The nodes of a cluster that says nothing about them.
    private static let usualNodes = (1...4).map { "node-\($0)" }
}
