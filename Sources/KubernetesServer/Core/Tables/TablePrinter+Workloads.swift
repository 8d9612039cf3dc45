// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension TablePrinter {
    private static let wide = """
        +Containers|The names of the template's containers.
        +Images|The images of the template's containers.
        +Selector|Which pods belong to it.
        """

    /// What keeps pods going.
    ///
    /// - Source: kubernetes, pkg/printers/internalversion/printers.go; seen upstream.
    static let workloads: [(kind: String, printer: TablePrinter)] = [
        (
            "Deployment",
            TablePrinter(
                "Name\nReady|Ready pods of those that are wanted.\nUp-to-date|Pods of the newest template.\n"
                    + "Available|Pods that have been ready for long enough.\nAge\n" + wide
            ) { object in
                [
                    .string(object.name),
                    .string("\(object.number("status.readyReplicas"))/\(object.number("spec.replicas"))"),
                    .integer(object.number("status.updatedReplicas")),
                    .integer(object.number("status.availableReplicas")), .string(object.age),
                ] + object.containers() + [TableObject.selector(object.value("spec.selector"))]
            }
        ),
        (
            "ReplicaSet",
            TablePrinter(
                "Name\n#Desired|How many pods are wanted.\n#Current|How many pods there are.\n"
                    + "#Ready|How many pods are ready.\nAge\n" + wide
            ) { object in
                [
                    .string(object.name), .integer(object.number("spec.replicas")),
                    .integer(object.number("status.replicas")),
                    .integer(object.number("status.readyReplicas")),
                    .string(object.age),
                ] + object.containers() + [TableObject.selector(object.value("spec.selector"))]
            }
        ),
        (
            "StatefulSet",
            TablePrinter(
                "Name\nReady|Ready pods of those that are wanted.\nAge\n"
                    + wide.split(separator: "\n").prefix(2).joined(separator: "\n")
            ) { object in
                [
                    .string(object.name),
                    .string("\(object.number("status.readyReplicas"))/\(object.number("spec.replicas"))"),
                    .string(object.age),
                ] + object.containers()
            }
        ),
        (
            "DaemonSet",
            TablePrinter(
                "Name\n#Desired|How many nodes should run a pod.\n#Current|How many nodes run one.\n"
                    + "#Ready|How many nodes run one that is ready.\n#Up-to-date|How many run the newest template.\n"
                    + "#Available|How many run one that has been ready for long enough.\n"
                    + "Node Selector|The labels of the nodes that are meant.\nAge\n" + wide
            ) { object in
                let counts = [
                    "desiredNumberScheduled", "currentNumberScheduled", "numberReady",
                    "updatedNumberScheduled",
                    "numberAvailable",
                ]
                return [.string(object.name)]
                    + counts.map { .integer(object.number("status.\($0)")) }
                    + [
                        TableObject.labels(object.value("spec.template.spec.nodeSelector")),
                        .string(object.age),
                    ]
                    + object.containers() + [TableObject.selector(object.value("spec.selector"))]
            }
        ),
        (
            "Job",
            TablePrinter(
                "Name\nStatus|How far the job is.\nCompletions|Pods that ended well of those that are wanted.\n"
                    + "Duration|How long the job took, or takes.\nAge\n" + wide,
                job
            )
        ),
        (
            "CronJob",
            TablePrinter(
                "Name\nSchedule|When its jobs begin.\nTimezone|Whose time that is.\n?Suspend|Whether it rests.\n"
                    + "#Active|How many of its jobs run.\nLast Schedule|How long ago the last job began.\nAge\n"
                    + wide
            ) { object in
                let last = object.value("status.lastScheduleTime")
                let template = "spec.jobTemplate.spec"
                return [
                    .string(object.name), .string(object.text("spec.schedule")),
                    TableObject.orNone(object.text("spec.timeZone")),
                    .string(object.value("spec.suspend") == true ? "True" : "False"),
                    .integer(Int64(object.list("status.active").count)),
                    .string(last == nil ? "<none>" : HumanAge.since(last, now: object.now)),
                    .string(object.age),
                ] + object.containers("\(template).template.spec.containers")
                    + [TableObject.selector(object.value("\(template).selector"))]
            }
        ),
    ]

    private static func job(_ object: TableObject) -> [JSONValue] {
        let conditions = object.list("status.conditions").filter { $0["status"] == "True" }
            .compactMap { $0["type"]?.stringValue }
        let status = ["Complete", "Failed", "Suspended", "FailureTarget", "SuccessCriteriaMet"].first(
            where: conditions.contains
        )
        let wanted = object.value("spec.completions").map { String($0.intValue ?? 0) }
        let parallel = object.value("spec.parallelism")?.intValue ?? 1
        let done = object.number("status.succeeded")
        let completions =
            wanted.map { "\(done)/\($0)" } ?? (parallel > 1 ? "\(done)/1 of \(parallel)" : "\(done)/1")
        var duration = ""
        if let start = Instant(rfc3339: object.text("status.startTime")) {
            let end = Instant(rfc3339: object.text("status.completionTime")) ?? object.now
            duration = HumanAge.text(seconds: start.duration(to: end).components.seconds)
        }
        return [
            .string(object.name), .string(status ?? "Running"), .string(completions), .string(duration),
            .string(object.age),
        ] + object.containers() + [TableObject.selector(object.value("spec.selector"))]
    }
}
