// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

extension StepWord {
    /// How a step chooses pods.
    private struct PodTarget: Sendable {
        let name = Field("name", .text("a pod's name", example: "tea-5d8f-x2x7q"), "The pod's name.")
        let selector = Field("selector", selectorReader, "Labels that the pods have.")
        let deployment = Field(
            "deployment",
            .text("a name", example: "tea"),
            "The Deployment that the pods belong to."
        )
        let count = Field(
            "count",
            .integer(1...5000),
            "How many of them, in the order of their names; all without it."
        )

        private static let selectorReader = Reader<LabelSelector>.scalar(
            ScalarShape("a selector", example: "app=tea")
        ) { text throws(ValueProblem) in
            do throws(SelectorError) {
                return try LabelSelector(parsing: text)
            } catch {
                throw ValueProblem(
                    "\"\(text)\" is no selector: \(error.message)",
                    "write app=tea or app in (tea, coffee)"
                )
            }
        }

        var fields: [AnyField] {
            [
                AnyField(name), AnyField(selector), AnyField(deployment), AnyField(count),
                AnyField(ObjectTarget.namespace),
            ]
        }

        func read(_ members: Members, in word: String) -> PodChoice? {
            let keys = ["name", "selector", "deployment"].filter { key in
                word != "set-script" || key != "name"
            }
            guard let key = members.one(of: keys, in: word) else { return nil }
            let namespace = members[ObjectTarget.namespace] ?? "default"
            let selection: PodChoice.Selection?
            switch key {
            case "name":
                selection = members[name].map(PodChoice.Selection.name)
                if members.has("count") {
                    members.misplaced(
                        "count",
                        "\"count\" belongs to \"selector\" and \"deployment\"",
                        "leave it out: a name means one pod"
                    )
                }
            case "selector": selection = members[selector].map(PodChoice.Selection.selector)
            default:
                selection = members[deployment].map(PodChoice.Selection.deployment)
                if let owner = members[deployment] {
                    members.decoding.checkExists(
                        ObjectReference(type: .deployments, namespace: namespace, name: owner),
                        at: members.valueMark("deployment")
                    )
                }
            }
            return selection.map { PodChoice(namespace: namespace, selection: $0, count: members[count]) }
        }
    }

    static let deletePod: StepWord = {
        let target = PodTarget()
        let grace = Field(
            "grace-period",
            .duration,
            "How long it may take to end, in place of its own period."
        )
        let record = Record<StepAction>("delete-pod", fields: target.fields + [AnyField(grace)]) { members in
            target.read(members, in: "delete-pod").map { .deletePod($0, gracePeriod: members[grace]) }
        }
        return StepWord(
            "delete-pod",
            "Deletes pods in order: preStop, SIGTERM, grace period.",
            example: "delete-pod: {selector: app=tea, count: 1}",
            record.reader
        )
    }()

    static let crashPod: StepWord = {
        let target = PodTarget()
        let record = Record<StepAction>("crash-pod", fields: target.fields) { members in
            target.read(members, in: "crash-pod").map { .crashPod($0) }
        }
        return StepWord(
            "crash-pod",
            "Makes the programs of pods end at once; their connections are cut.",
            example: "crash-pod: {deployment: tea, count: 1}",
            record.reader
        )
    }()

    static let crashNode = StepWord(
        "crash-node",
        "Cuts a node off and ends everything that runs there.",
        example: "crash-node: node-1",
        node.map { .crashNode($0) }
    )

    static let restoreNode = StepWord(
        "restore-node",
        "Brings a node back that was cut off.",
        example: "restore-node: node-1",
        node.map { .restoreNode($0) }
    )

    static let restart: StepWord = {
        let component = Field("component", .cases() as Reader<Component>, "What is restarted.").required
        let down = Field("for", .duration, "How long it is away; it comes back at once without it.")
        let shorthand = (.cases() as Reader<Component>).map { StepAction.restart(component: $0, down: .zero) }
        let record = Record<StepAction>(
            "restart",
            fields: [AnyField(component), AnyField(down)],
            shorthand: shorthand
        ) {
            members in members[component].map { .restart(component: $0, down: members[down] ?? .zero) }
        }
        return StepWord(
            "restart",
            "Kills a component, and starts it again with an empty memory.",
            example: "restart: {component: controller, for: 10s}",
            record.reader
        )
    }()

    static let stop = StepWord(
        "stop",
        "Kills a component; it stays away until a step starts it.",
        example: "stop: controller",
        (.cases() as Reader<Component>).map { .stop($0) }
    )

    static let start = StepWord(
        "start",
        "Starts a component that was stopped, with an empty memory.",
        example: "start: controller",
        (.cases() as Reader<Component>).map { .start($0) }
    )

    static let setScript: StepWord = {
        let target = PodTarget()
        let fields = target.fields.filter { !["name", "count"].contains($0.key) }
        let record = Record<StepAction>("set-script", fields: fields + PodScriptRecord.behaviour) { members in
            guard let choice = target.read(members, in: "set-script") else { return nil }
            let script = PodScriptRecord.read(members)
            let isEmpty = !PodScriptRecord.behaviour.contains { members.has($0.key) }
            if script == PodScriptSpec(), isEmpty {
                members.decoding.mistake(
                    members.mark,
                    "this changes nothing about the pods",
                    "add `ready: false`, `status: 500` or `latency: 5s`, for example"
                )
            }
            return .setScript(choice, script)
        }
        return StepWord(
            "set-script",
            "Gives the programs of pods another behaviour: those that run and those that come.",
            example: "set-script: {deployment: tea, ready: false}",
            record.reader
        )
    }()
}
