// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension TablePrinter {
    /// The other kinds.
    ///
    /// - Source: kubernetes, pkg/printers/internalversion/printers.go; seen upstream.
    static let others: [(kind: String, printer: TablePrinter)] = [
        (
            "Namespace",
            TablePrinter("Name\nStatus|Active, or Terminating.\nAge") {
                [.string($0.name), .string($0.text("status.phase")), .string($0.age)]
            }
        ),
        ("ServiceAccount", TablePrinter("Name\nAge") { [.string($0.name), .string($0.age)] }),
        (
            "ConfigMap",
            TablePrinter("Name\nData|How many entries there are.\nAge") { object in
                let count = ["data", "binaryData"].reduce(0) {
                    $0 + (object.value($1)?.objectValue?.count ?? 0)
                }
                return [.string(object.name), .integer(Int64(count)), .string(object.age)]
            }
        ),
        (
            "Secret",
            TablePrinter("Name\nType|What the Secret is for.\nData|How many entries there are.\nAge") {
                object in
                let count = object.value("data")?.objectValue?.count ?? 0
                return [
                    .string(object.name), .string(object.text("type")), .integer(Int64(count)),
                    .string(object.age),
                ]
            }
        ),
        (
            "Lease",
            TablePrinter("Name\nHolder|Who holds the lease.\nAge") {
                [.string($0.name), .string($0.text("spec.holderIdentity")), .string($0.age)]
            }
        ),
        (
            "PodDisruptionBudget",
            TablePrinter(
                "Name\nMin Available|How many pods must stay.\nMax Unavailable|How many pods may be missing.\n"
                    + "#Allowed Disruptions|How many pods may go now.\nAge"
            ) { object in
                func bound(_ path: String) -> JSONValue {
                    .string(object.value(path).map { $0.stringValue ?? $0.text } ?? "N/A")
                }
                return [
                    .string(object.name), bound("spec.minAvailable"), bound("spec.maxUnavailable"),
                    .integer(object.number("status.disruptionsAllowed")), .string(object.age),
                ]
            }
        ),
        (
            "PriorityClass",
            TablePrinter(
                "Name\n#Value|The priority of the class's pods.\n?Global-Default|Whether pods that name no class "
                    + "are of this one.\nAge\nPreemptionPolicy|Whether its pods take the place of others."
            ) { object in
                [
                    .string(object.name), .integer(object.number("value")),
                    .bool(object.value("globalDefault") == true), .string(object.age),
                    .string(object.text("preemptionPolicy")),
                ]
            }
        ),
        ("Node", TablePrinter(nodeColumns, node)), ("Event", TablePrinter(eventColumns, event)),
        ("RoleBinding", TablePrinter(bindingColumns, binding)),
        ("ClusterRoleBinding", TablePrinter(bindingColumns, binding)),
    ]

    private static let nodeColumns = """
        Name
        Status|Whether the node is ready and takes pods.
        Roles|What the node's labels say that it is for.
        Age
        Version|The kubelet's version.
        +Internal-IP|The address inside the cluster's network.
        +External-IP|The address outside of it.
        +OS-Image|The operating system.
        +Kernel-Version|The kernel.
        +Container-Runtime|What runs the containers.
        """

    private static func node(_ object: TableObject) -> [JSONValue] {
        let ready = object.list("status.conditions").first { $0["type"] == "Ready" }
        var status = ready.map { $0["status"] == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        if object.value("spec.unschedulable") == true { status += ",SchedulingDisabled" }
        var roles: [String] = []
        for label in object.metadata["labels"]?.objectValue ?? [:] {
            if label.key.hasPrefix("node-role.kubernetes.io/") {
                roles.append(String(label.key.dropFirst(24)))
            } else if label.key == "kubernetes.io/role", let role = label.value.stringValue {
                roles.append(role)
            }
        }
        func address(_ type: String) -> JSONValue {
            let found = object.list("status.addresses").first { $0["type"]?.stringValue == type }
            return TableObject.orNone(found?["address"]?.stringValue ?? "")
        }
        func info(_ name: String) -> JSONValue {
            let text = object.text("status.nodeInfo.\(name)")
            return .string(text.isEmpty ? "<unknown>" : text)
        }
        return [
            .string(object.name), .string(status),
            TableObject.orNone(roles.filter { !$0.isEmpty }.sorted().joined(separator: ",")),
            .string(object.age),
            .string(object.text("status.nodeInfo.kubeletVersion")), address("InternalIP"),
            address("ExternalIP"),
            info("osImage"), info("kernelVersion"), info("containerRuntimeVersion"),
        ]
    }

    private static let eventColumns = """
        Last Seen|How long ago it happened last.
        Type|Normal or Warning.
        Reason|What happened, in a word.
        Object|What it happened to.
        +Subobject|The part of the object.
        +Source|Who tells it.
        Message|What happened.
        +First Seen|How long ago it happened first.
        +Count|How often it happened.
        +Name|The object's name.
        """

    private static func event(_ object: TableObject) -> [JSONValue] {
        let isNew = object.value("regarding") != nil
        func either(_ core: String, _ new: String) -> JSONValue? { object.value(isNew ? new : core) }
        let time = object.value("eventTime")
        let first = either("firstTimestamp", "deprecatedFirstTimestamp") ?? time
        let last =
            object.value("series.lastObservedTime") ?? either("lastTimestamp", "deprecatedLastTimestamp")
            ?? first
        let count =
            object.value("series.count")?.intValue ?? either("count", "deprecatedCount")?.intValue ?? 1
        let subject = either("involvedObject", "regarding")
        let kind = subject?["kind"]?.stringValue?.lowercased() ?? ""
        let source = either("source", "deprecatedSource")
        let parts = [
            source?["component"]?.stringValue
                ?? object.text(isNew ? "reportingController" : "reportingComponent"),
            source?["host"]?.stringValue ?? object.text("reportingInstance"),
        ]
        let message = either("message", "note")?.stringValue ?? ""
        return [
            .string(HumanAge.since(last, now: object.now)), .string(object.text("type")),
            .string(object.text("reason")),
            .string(kind.isEmpty ? "" : "\(kind)/\(subject?["name"]?.stringValue ?? "")"),
            .string(subject?["fieldPath"]?.stringValue ?? ""),
            .string(parts.filter { !$0.isEmpty }.joined(separator: ", ")),
            .string(String(message.reversed().drop { $0.isWhitespace }.reversed())),
            .string(HumanAge.since(first, now: object.now)), .integer(Int64(max(count, 1))),
            .string(object.name),
        ]
    }

    private static let bindingColumns = """
        Name
        Role|The role that is given.
        Age
        +Users|Who gets it.
        +Groups|The groups that get it.
        +ServiceAccounts|The service accounts that get it.
        """

    private static func binding(_ object: TableObject) -> [JSONValue] {
        func subjects(_ kind: String) -> JSONValue {
            let found = object.list("subjects").filter { $0["kind"]?.stringValue == kind }
            let names = found.map { subject in
                let name = subject["name"]?.stringValue ?? ""
                return kind == "ServiceAccount" ? "\(subject["namespace"]?.stringValue ?? "")/\(name)" : name
            }
            return .string(names.joined(separator: ", "))
        }
        return [
            .string(object.name), .string("\(object.text("roleRef.kind"))/\(object.text("roleRef.name"))"),
            .string(object.age), subjects("User"), subjects("Group"), subjects("ServiceAccount"),
        ]
    }
}
